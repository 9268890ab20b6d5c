package io.ringbus.journal.store;

import io.ringbus.engine.error.JournalAccessException;
import io.ringbus.journal.format.BatchView;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One file of a queue, read through a window in memory. Plain reads, no mapping: a file that is truncated while it is
 * mapped takes the process down, and here it is a short read. One thread.
 *
 * <p>A file is a row of documents at multiples of 4, each a length word and as many bytes. Bit 30 of the word marks
 * Chronicle's own documents (header, index), bit 31 an unfinished one; a word of zero is where the next document will
 * be, and {@link #END_OF_FILE} stands behind the last one once the next file has begun.
 */
final class CycleFile implements Closeable {

    static final int WORD_BYTES = 4;
    static final int OWN_DOCUMENT = 0x4000_0000;
    static final int UNFINISHED = 0x8000_0000;
    static final int END_OF_FILE = 0xC000_0000;
    static final int LENGTH_MASK = 0x3FFF_FFFF;

    private static final int WINDOW_BYTES = 1 << 18;
    private static final ByteBuffer ZEROS = buffer(WINDOW_BYTES).asReadOnlyBuffer();

    private final Path path;
    private final FileId id;
    private final FileChannel channel;

    private ByteBuffer window = buffer(WINDOW_BYTES);
    private long windowStart;
    private int windowLength;
    private long knownSize;

    CycleFile(Path path, FileId id) {
        this.path = path;
        this.id = id;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
        } catch (IOException e) {
            throw new JournalAccessException("cannot read a file of the journal: file=" + path, e);
        }
    }

    Path path() {
        return path;
    }

    FileId id() {
        return id;
    }

    long size() {
        try {
            return channel.size();
        } catch (IOException e) {
            throw readFailed(e);
        }
    }

    /** Whether the file reaches to a position; asks the file system only when it did not the last time. */
    boolean reaches(long end) {
        if (end > knownSize) {
            knownSize = size();
        }
        return end <= knownSize;
    }

    /** The four bytes at a position; 0 behind the end of the file. */
    int word(long position) {
        int at = load(position, WORD_BYTES);
        return at < 0 ? 0 : window.getInt(at);
    }

    /** The eight bytes at a position; 0 behind the end of the file. */
    long doubleWord(long position) {
        int at = load(position, Long.BYTES);
        return at < 0 ? 0 : window.getLong(at);
    }

    /** Verifies the batch at a position, behind its length word. Null when it is valid. */
    String view(BatchView batch, long position, int available) {
        int at = load(position, available);
        return at < 0 ? "the file ends within it" : batch.wrap(window, at, available, position);
    }

    /** What {@link #load} fills. */
    ByteBuffer window() {
        return window;
    }

    /** Makes the next read see the file as it is now. */
    void refresh() {
        windowLength = 0;
    }

    /** The first multiple of 8, at or behind a multiple of 8, whose eight bytes are not all zero; or the size. */
    long nextNonZero(long from) {
        long size = size();
        long position = from;
        while (position < size) {
            int at = load(position, (int) Math.min(Long.BYTES, size - position));
            if (at < 0) {
                return size;
            }
            int length = Math.min(windowLength - at, WINDOW_BYTES);
            int zeros = window.slice(at, length).mismatch(ZEROS.slice(0, length));
            if (zeros >= 0) {
                return position + (zeros & -Long.BYTES);
            }
            position += Math.max(Long.BYTES, length & -Long.BYTES);
        }
        return size;
    }

    /** Loads a range into the window and returns its index there; -1 when the file ends before the range does. */
    int load(long position, int length) {
        if (position >= windowStart && position + length <= windowStart + windowLength) {
            return (int) (position - windowStart);
        }
        if (length > window.capacity()) {
            window = buffer(length);
        }
        window.clear();
        windowStart = position;
        try {
            while (window.hasRemaining() && channel.read(window, position + window.position()) > 0) {
                // Reads on until the window is full or the file ends.
            }
        } catch (IOException e) {
            throw readFailed(e);
        }
        windowLength = window.position();
        window.clear();
        return windowLength < length ? -1 : 0;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw readFailed(e);
        }
    }

    private JournalAccessException readFailed(IOException e) {
        return new JournalAccessException("cannot read a file of the journal: file=" + path, e);
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
