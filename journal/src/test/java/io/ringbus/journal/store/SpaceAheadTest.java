package io.ringbus.journal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SpaceAheadTest {

    private static final int CONTENT_BYTES = 1 << 16;
    private static final byte FOREIGN = 7;
    private static final long STAT_BLOCK_BYTES = 512;
    /** More than any file system here lets a file have. */
    private static final long TOO_FAR = Long.MAX_VALUE - SpaceAhead.MOST_BYTES;

    @TempDir
    private Path directory;

    private final SpaceAhead space = new SpaceAhead();

    /** Some file systems have the call and do nothing, others do not have it; ext4, XFS, Btrfs and tmpfs do as they are told. */
    private void assumeThatTheFileSystemCanDoIt() throws Exception {
        Path probe = Files.createFile(directory.resolve("probe"));
        int exit = run("fallocate", "-n", "-l", "1048576", probe.toString()).waitFor();
        assumeThat(exit).isZero();
        assumeThat(onDisk(probe)).isGreaterThanOrEqualTo(1 << 20);
    }

    @AfterEach
    void close() {
        space.close();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldFindSpaceWithoutTouchingWhatIsInTheFile() throws Exception {
        assumeThatTheFileSystemCanDoIt();
        Path file = fileOf(CONTENT_BYTES);
        space.begin(file);

        space.reach(1 << 14, 1 << 20);

        assertThat(space.found()).isEqualTo(2 << 20);
        assertThat(onDisk(file)).isGreaterThanOrEqualTo(space.found() - CONTENT_BYTES);
        assertThat(Files.readAllBytes(file)).hasSize(CONTENT_BYTES).containsOnly(FOREIGN);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldFindNoMoreThanAShareOfTheFileBeyondWhatIsNeeded() throws Exception {
        assumeThatTheFileSystemCanDoIt();
        Path file = fileOf(0);
        space.begin(file);

        for (long at = 0; at < 300 << 20; at += 1 << 18) {
            long before = space.found();
            space.reach(at, at + (1 << 18));
            assertThat(space.found()).isGreaterThanOrEqualTo(at + (1 << 18));
            if (space.found() != before) {
                long more = space.found() - at - (1 << 18);
                assertThat(more).isBetween(SpaceAhead.LEAST_BYTES, SpaceAhead.MOST_BYTES);
                assertThat(more).isLessThanOrEqualTo(Math.max(SpaceAhead.LEAST_BYTES, (at + (1 << 18)) / 8));
            }
        }

        assertThat(onDisk(file)).isGreaterThanOrEqualTo(space.found());
        assertThat(Files.size(file)).isZero();
    }

    @Test
    void shouldDoWithoutWhenThereIsNoneOrNoFile() throws IOException {
        Path file = fileOf(CONTENT_BYTES);
        space.begin(file);
        space.reach(TOO_FAR - 1, TOO_FAR);
        assertThat(space.found()).isZero();
        space.reach(0, 1 << 20);
        assertThat(space.found()).as("it does not ask again").isZero();

        space.begin(directory.resolve("not-there"));
        space.reach(0, 1 << 20);
        assertThat(space.found()).isZero();
        assertThat(Files.readAllBytes(file)).hasSize(CONTENT_BYTES).containsOnly(FOREIGN);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldLeaveNoFileOpen() throws IOException {
        Path file = fileOf(0);
        for (int i = 0; i < 3; i++) {
            space.begin(file);
            space.reach(0, 1 << 20);
        }
        assertThat(openFiles(file)).isOne();
        space.close();
        assertThat(openFiles(file)).isZero();
    }

    private static long openFiles(Path file) throws IOException {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(descriptor -> file.toString().equals(target(descriptor))).count();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            // The one by which the directory is read is gone by now.
            return "";
        }
    }

    private static long onDisk(Path file) throws Exception {
        Process stat = run("stat", "-c", "%b", file.toString());
        String blocks = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        assertThat(stat.waitFor()).as(blocks).isZero();
        return Long.parseLong(blocks) * STAT_BLOCK_BYTES;
    }

    private static Process run(String... command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private Path fileOf(int bytes) throws IOException {
        byte[] content = new byte[bytes];
        Arrays.fill(content, FOREIGN);
        return Files.write(directory.resolve("file"), content);
    }
}
