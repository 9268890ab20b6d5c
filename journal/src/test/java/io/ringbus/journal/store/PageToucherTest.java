package io.ringbus.journal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PageToucherTest {

    private static final int MEBIBYTE = 1 << 20;
    private static final int FILE_BYTES = 24 * MEBIBYTE;
    private static final long AHEAD = 4L * MEBIBYTE;

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void makeSparseFile() throws IOException {
        JvmFlags.prepare();
        file = directory.resolve("pages");
        resize(file, FILE_BYTES);
    }

    @Test
    void shouldTouchAsFarAheadOfTheWriterAsItIsTold() {
        try (PageToucher toucher = new PageToucher("toucher", AHEAD)) {
            toucher.begin(file, 100);

            awaitTouched(toucher, AHEAD - MEBIBYTE);
            toucher.written(3 * MEBIBYTE);
            awaitTouched(toucher, 3 * MEBIBYTE + AHEAD - MEBIBYTE);

            assertThat(toucher.touchedThrough()).isLessThanOrEqualTo(3 * MEBIBYTE + AHEAD);
        }
    }

    @Test
    void shouldChangeNothingOfWhatIsWrittenAtTheSameTime() throws IOException {
        byte[] content = new byte[FILE_BYTES];
        try (PageToucher toucher = new PageToucher("toucher", AHEAD);
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer written = channel.map(FileChannel.MapMode.READ_WRITE, 0, FILE_BYTES);
            toucher.begin(file, 0);
            // From behind: the toucher meets pages that are written just then, and some that were before.
            for (int at = FILE_BYTES / 2 - Long.BYTES; at >= 0; at -= Long.BYTES) {
                written.putLong(at, at + 1L);
                ByteBuffer.wrap(content).putLong(at, at + 1L);
            }
            toucher.written(FILE_BYTES / 2);
            awaitTouched(toucher, FILE_BYTES / 2);
        }

        assertThat(Files.readAllBytes(file)).isEqualTo(content);
    }

    @Test
    void shouldNotMakeAFileLonger() throws IOException {
        resize(file, 2 * MEBIBYTE);
        try (PageToucher toucher = new PageToucher("toucher", AHEAD)) {
            toucher.begin(file, 0);
            awaitTouched(toucher, 2 * MEBIBYTE);
            toucher.written(MEBIBYTE);
        }

        assertThat(file).hasSize(2 * MEBIBYTE);
    }

    @Test
    void shouldGoOnInTheNextFile() throws IOException {
        Path next = directory.resolve("next");
        resize(next, FILE_BYTES);
        try (PageToucher toucher = new PageToucher("toucher", AHEAD)) {
            toucher.begin(file, 0);
            awaitTouched(toucher, AHEAD - MEBIBYTE);

            toucher.begin(next, 8 * MEBIBYTE);

            awaitTouched(toucher, 8 * MEBIBYTE + AHEAD - MEBIBYTE);
        }
    }

    @Test
    void shouldLeaveAFileThatIsGoneToTheWriter() throws IOException {
        resize(directory.resolve("next"), FILE_BYTES);
        try (PageToucher toucher = new PageToucher("toucher", AHEAD)) {
            toucher.begin(directory.resolve("missing"), 0);
            toucher.begin(directory.resolve("next"), 0);

            awaitTouched(toucher, AHEAD - MEBIBYTE);
        }
    }

    private static void awaitTouched(PageToucher toucher, long position) {
        while (toucher.touchedThrough() < position) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void resize(Path path, long bytes) throws IOException {
        try (RandomAccessFile resized = new RandomAccessFile(path.toFile(), "rw")) {
            resized.setLength(bytes);
        }
    }
}
