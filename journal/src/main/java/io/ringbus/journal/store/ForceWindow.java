package io.ringbus.journal.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import net.openhft.chronicle.core.cleaner.CleanerServiceLocator;

/**
 * A mapping of a part of a file, through which a range of it is forced to disk: {@code msync}, which on Linux writes the
 * pages of the range and what is needed to find them, by whichever mapping or descriptor they were changed. Nothing is
 * read or written through the mapping, so it takes no memory, and a file that is cut meanwhile does no harm. One thread.
 */
final class ForceWindow implements Closeable {

    static final long BYTES = 1L << 26;

    private MappedByteBuffer window;
    private long start;

    /**
     * Forces a range.
     *
     * @param channel the file, open for reading and writing
     * @param from    the first byte
     * @param to      behind the last byte
     * @return false when the range is no part of the file, or longer than a window; then nothing was forced
     * @throws java.io.UncheckedIOException when it is not certain that all is on disk
     */
    boolean force(FileChannel channel, long from, long to) throws IOException {
        if (window == null || from < start || to > start + window.capacity()) {
            close();
            // Never behind the end of the file: mapping that would make it longer.
            long length = Math.min(BYTES, channel.size() - from);
            if (to > from + length) {
                return false;
            }
            window = channel.map(MapMode.READ_WRITE, from, length);
            start = from;
        }
        window.force((int) (from - start), (int) (to - from));
        return true;
    }

    /** Lets go of the mapping at once: a file that was deleted would take space as long as it is mapped. */
    @Override
    public void close() {
        if (window != null) {
            CleanerServiceLocator.cleanerService().clean(window);
            window = null;
        }
    }
}
