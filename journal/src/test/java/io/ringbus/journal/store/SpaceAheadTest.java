package io.ringbus.journal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
    /** With what is asked for besides, more than a file's length can be. */
    private static final long TOO_FAR = Long.MAX_VALUE;

    @TempDir
    private Path directory;

    private final SpaceAhead space = new SpaceAhead();

    @AfterEach
    void close() {
        space.close();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldFindSpaceWithoutTouchingWhatIsInTheFile() throws Exception {
        DiskBlocks.assumeTheyCanBeFoundAhead(directory);
        Path file = fileOf(CONTENT_BYTES);
        space.begin(file);

        space.reach(1 << 14, 1 << 20);

        assertThat(space.found()).isEqualTo(2 << 20);
        assertThat(DiskBlocks.bytesOf(file)).isGreaterThanOrEqualTo(space.found() - CONTENT_BYTES);
        assertThat(Files.readAllBytes(file)).hasSize(CONTENT_BYTES).containsOnly(FOREIGN);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldFindNoMoreThanAShareOfTheFileBeyondWhatIsNeeded() throws Exception {
        DiskBlocks.assumeTheyCanBeFoundAhead(directory);
        Path file = fileOf(0);
        space.begin(file);
        long foundInAll = 0;

        for (long end : new long[] {1 << 18, 4 << 20, 20 << 20, 60 << 20, 300 << 20}) {
            space.reach(end - (1 << 18), end);
            long more = space.found() - end;
            assertThat(more).as("behind %d", end)
                    .isEqualTo(Math.min(SpaceAhead.MOST_BYTES, Math.max(SpaceAhead.LEAST_BYTES, end / 8)));
            foundInAll += (1 << 18) + more;
        }

        assertThat(DiskBlocks.bytesOf(file)).isGreaterThanOrEqualTo(foundInAll);
        assertThat(Files.size(file)).isZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldNotAskForWhatItHasFound() throws Exception {
        DiskBlocks.assumeTheyCanBeFoundAhead(directory);
        space.begin(fileOf(0));
        space.reach(0, 1 << 18);
        long found = space.found();

        space.reach(1 << 18, found);

        assertThat(space.found()).isEqualTo(found);
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
        Path file = fileOf(0).toRealPath();
        for (int i = 0; i < 3; i++) {
            space.begin(file);
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

    private Path fileOf(int bytes) throws IOException {
        byte[] content = new byte[bytes];
        Arrays.fill(content, FOREIGN);
        return Files.write(directory.resolve("file"), content);
    }
}
