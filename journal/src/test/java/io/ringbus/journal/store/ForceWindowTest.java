package io.ringbus.journal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForceWindowTest {

    private static final long SIZE = ForceWindow.BYTES + 10_000;
    private static final Path MAPPINGS = Path.of("/proc/self/maps");

    @TempDir
    private Path directory;

    private final ForceWindow window = new ForceWindow();
    private FileChannel channel;

    @BeforeEach
    void makeSparseFile() throws IOException {
        Path file = directory.resolve("sparse");
        Files.write(file, new byte[] {1});
        channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channel.write(ByteBuffer.wrap(new byte[] {1}), SIZE - 1);
    }

    @AfterEach
    void close() throws IOException {
        window.close();
        channel.close();
    }

    @Test
    void shouldForceRangesOneBehindTheOtherToTheEndOfTheFile() throws IOException {
        long step = ForceWindow.BYTES / 7 + 13;
        for (long from = 0; from < SIZE; from += step) {
            assertThat(window.force(channel, from, Math.min(SIZE, from + step))).as("from " + from).isTrue();
        }
        assertThat(window.force(channel, 5, 17)).as("and from the front again").isTrue();
    }

    @Test
    void shouldRefuseWhatLiesBehindTheEndAndNotMakeTheFileLonger() throws IOException {
        assertThat(window.force(channel, SIZE - 10, SIZE + 1)).isFalse();
        assertThat(window.force(channel, SIZE + 10, SIZE + 20)).isFalse();
        assertThat(channel.size()).isEqualTo(SIZE);
    }

    @Test
    void shouldRefuseARangeThatIsLongerThanAWindow() throws IOException {
        assertThat(window.force(channel, 1, ForceWindow.BYTES + 2)).isFalse();
        assertThat(window.force(channel, 1, ForceWindow.BYTES + 1)).isTrue();
    }

    @Test
    void shouldSeeThatTheFileHasGrown() throws IOException {
        channel.truncate(4_096);
        assertThat(window.force(channel, 0, 4_096)).isTrue();
        assertThat(window.force(channel, 4_000, 5_000)).isFalse();

        channel.write(ByteBuffer.wrap(new byte[] {1}), 8_191);

        assertThat(window.force(channel, 4_000, 5_000)).isTrue();
    }

    @Test
    void shouldLetGoOfTheFileAtOnceWhenClosed() throws IOException {
        assumeTrue(Files.isReadable(MAPPINGS));
        window.force(channel, 0, 10);
        assertThat(mappingsOfTheFile()).isEqualTo(1);

        window.force(channel, SIZE - 10, SIZE);
        assertThat(mappingsOfTheFile()).as("the one before is gone").isEqualTo(1);

        window.close();
        assertThat(mappingsOfTheFile()).isZero();
    }

    private long mappingsOfTheFile() throws IOException {
        try (Stream<String> lines = Files.lines(MAPPINGS)) {
            return lines.filter(line -> line.endsWith(directory.resolve("sparse").toString())).count();
        }
    }
}
