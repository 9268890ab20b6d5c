package io.ringbus.benchmarks.jmh;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The bytes of events, copied one event after the other into a mapped file. No format; what stands there is compared with
 * the source. One thread.
 *
 * <p>The file is mapped once. To get pages that nobody has touched, it is cut to nothing and made as long as before, which
 * takes its blocks and the pages of the mapping away; that works on Linux, and is how often one likes without leaving
 * mappings behind.
 */
final class MappedLog implements Closeable {

    /** A payload of 64 bytes behind what the journal's frame puts before it. */
    static final int EVENT_BYTES = 67;

    /** Where the journal cuts a batch. */
    private static final int BATCH_BYTES = 1 << 16;
    /** What the journal prepares at a time when it has no pause, though with space found on the disk before, */
    private static final int PIECE_BYTES = 1 << 18;
    /** and of how many zeros it makes that, which stay in the first cache. */
    private static final int ZEROS_BYTES = 1 << 14;
    private static final int EVENTS_IN_SOURCE = PipelineShape.RING_SIZE;
    private static final int SOURCE_BYTES = EVENTS_IN_SOURCE * EVENT_BYTES;

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer source = ByteBuffer.allocateDirect(SOURCE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final TemporaryDirectory directory = new TemporaryDirectory();
    private final ByteBuffer[] zeros = new ByteBuffer[PIECE_BYTES / ZEROS_BYTES];
    private final FileChannel channel;
    private final MappedByteBuffer target;
    private final int size;

    private int written;
    private int checksum;
    private boolean checked;

    /** Makes a file that holds so many events. */
    MappedLog(int events) throws IOException {
        size = events * EVENT_BYTES;
        for (int at = 0; at < SOURCE_BYTES; at += Long.BYTES) {
            source.putLong(at, at * 0x9E37_79B9_7F4A_7C15L);
        }
        ByteBuffer sameZeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
        Arrays.setAll(zeros, i -> sameZeros.duplicate());
        channel = FileChannel.open(path(), StandardOpenOption.CREATE,
                StandardOpenOption.READ, StandardOpenOption.WRITE);
        lengthen();
        target = channel.map(FileChannel.MapMode.READ_WRITE, 0, size);
    }

    /** The file. */
    Path path() {
        return directory.path().resolve("log");
    }

    /** Takes the file's blocks and pages away. */
    void empty() throws IOException {
        channel.truncate(0);
        lengthen();
    }

    void copy(int events) {
        copy(0, events);
        written = events;
    }

    /** Writes zeros ahead of what is copied. */
    void prepareAndCopy(int events) throws IOException {
        int copied = 0;
        for (int at = 0; at < size; at += PIECE_BYTES) {
            int end = Math.min(at + PIECE_BYTES, size);
            writeZeros(at, end);
            int until = Math.min(end / EVENT_BYTES, events);
            copy(copied, until);
            copied = until;
        }
        written = events;
    }

    /** Computes the checksum of each batch from where it was copied to, as a journal that copies once does. */
    void copyAndCheck(int events) {
        int inBatch = BATCH_BYTES / EVENT_BYTES;
        ByteBuffer view = target.duplicate();
        checksum = 0;
        for (int from = 0; from < events; from += inBatch) {
            int to = Math.min(events, from + inBatch);
            copy(from, to);
            crc.reset();
            crc.update(view.limit(to * EVENT_BYTES).position(from * EVENT_BYTES));
            checksum = 31 * checksum + (int) crc.getValue();
        }
        written = events;
        checked = true;
    }

    void copyAndForce(int events) throws IOException {
        int inBatch = BATCH_BYTES / EVENT_BYTES;
        for (int from = 0; from < events; from += inBatch) {
            copy(from, Math.min(events, from + inBatch));
            channel.force(false);
        }
        written = events;
    }

    /**
     * Compares what stands in the file with the source, and forgets it.
     *
     * @throws WrongResultException when it differs; then the file is deleted
     */
    void verify() throws IOException {
        for (int from = 0; from < written; from += EVENTS_IN_SOURCE) {
            int length = Math.min(written - from, EVENTS_IN_SOURCE) * EVENT_BYTES;
            int differs = target.slice(from * EVENT_BYTES, length).mismatch(source.slice(0, length));
            if (differs >= 0) {
                close();
                throw new WrongResultException("the file does not hold what was copied: event="
                        + (from + differs / EVENT_BYTES) + ", events=" + written);
            }
        }
        if (checked && checksum != checksumDue()) {
            close();
            throw new WrongResultException("the checksums are not those of the source: events=" + written);
        }
        checked = false;
        written = 0;
    }

    @Override
    public void close() throws IOException {
        try (directory) {
            channel.close();
        }
    }

    private void copy(int from, int to) {
        for (int event = from; event < to; event++) {
            target.put(event * EVENT_BYTES, source, event % EVENTS_IN_SOURCE * EVENT_BYTES, EVENT_BYTES);
        }
    }

    private void writeZeros(int from, int end) throws IOException {
        channel.position(from);
        for (int i = 0; i < zeros.length; i++) {
            int left = end - from - i * ZEROS_BYTES;
            zeros[i].clear().limit(Math.max(0, Math.min(left, ZEROS_BYTES)));
        }
        while (channel.position() < end) {
            channel.write(zeros);
        }
    }

    /** From the source, byte by byte as the file should hold them. */
    private int checksumDue() {
        int due = 0;
        int inBatch = BATCH_BYTES / EVENT_BYTES;
        for (int from = 0; from < written; from += inBatch) {
            crc.reset();
            int to = Math.min(written, from + inBatch);
            for (int event = from; event < to; event++) {
                int at = event % EVENTS_IN_SOURCE * EVENT_BYTES;
                crc.update(source.duplicate().limit(at + EVENT_BYTES).position(at));
            }
            due = 31 * due + (int) crc.getValue();
        }
        return due;
    }

    private void lengthen() throws IOException {
        channel.write(ByteBuffer.allocate(1), size);
    }
}
