package io.ringbus.journal.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import net.openhft.chronicle.core.OS;

/**
 * Touches the pages that a queue will be written to, on a thread of its own, so that the thread which appends finds them
 * in memory: the first touch of a page takes the system one microsecond at best, and many where memory has to be found
 * for it. A page is touched by replacing a zero with a zero in one step, which changes nothing whoever writes there.
 *
 * <p>It goes as far as the file is long, and no further than some bytes ahead of the writer, so nothing of a file looks
 * different for it: what lies behind the end is zeros as before. Those pages take space on the disk until the file is
 * closed. Where the file is written faster than {@value #MAX_BYTES_PER_SECOND} bytes per second it stands back: there it
 * would only compete for the processors, and what matters is the sum of all work. It is a help and no more: when a page
 * cannot be touched, the appending thread meets the same error, and says so.
 */
final class PageToucher implements Closeable {

    static final long MAX_BYTES_PER_SECOND = 100_000_000;

    private static final long PAGE_BYTES = 4_096;
    /** Pages touched between two looks at the writer. */
    private static final long STEP_BYTES = 64 * PAGE_BYTES;
    /** Mapped at a time: to let go of a mapping interrupts every processor that runs a thread of this JVM. */
    private static final long WINDOW_BYTES = 16L << 20;
    private static final long PACE_NANOS = 10_000_000;
    private static final long SHORTEST_NAP_NANOS = 200_000;
    private static final long LONGEST_NAP_NANOS = 10_000_000;
    private static final long JOIN_MILLIS = 5_000;

    private final long aheadBytes;
    private final Thread thread;

    private volatile Track track;
    private volatile boolean stopped;

    /**
     * A toucher that begins with the first file.
     *
     * @param name       of its thread
     * @param aheadBytes how far ahead of the writer
     */
    PageToucher(String name, long aheadBytes) {
        this.aheadBytes = aheadBytes;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** One file, and how far it is written. */
    private static final class Track {
        final Path file;
        volatile long written;
        volatile long touched;

        Track(Path file, long written) {
            this.file = file;
            this.written = written;
        }
    }

    /** Names the file that is written from now on, and how far it is already. */
    void begin(Path file, long position) {
        track = new Track(file, position);
    }

    /** Says how far the file is written; behind a {@link #begin}. */
    void written(long position) {
        track.written = position;
    }

    /** Ends the thread; afterwards it has let go of every file. */
    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        long deadline = System.nanoTime() + JOIN_MILLIS * 1_000_000;
        while (thread.isAlive() && System.nanoTime() - deadline < 0) {
            try {
                thread.join(JOIN_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** How far the current file has been touched, or passed over. */
    long touchedThrough() {
        Track current = track;
        return current == null ? 0 : current.touched;
    }

    private void run() {
        Track last = null;
        while (!stopped) {
            Track current = track;
            if (current == last) {
                LockSupport.parkNanos(LONGEST_NAP_NANOS);
            } else {
                last = current;
                touchAll(current);
            }
        }
    }

    /** Until another file is begun, or this one's pages cannot be touched. */
    private void touchAll(Track current) {
        long nap = SHORTEST_NAP_NANOS;
        Pace pace = new Pace(current.written);
        try (Window window = new Window(current.file)) {
            while (!stopped && track == current) {
                if (!pace.isTooFast(current.written) && touchStep(window, current)) {
                    nap = SHORTEST_NAP_NANOS;
                } else {
                    LockSupport.parkNanos(nap);
                    nap = Math.min(nap * 2, LONGEST_NAP_NANOS);
                }
            }
        } catch (IOException | InternalError e) {
            // The disk is full, or the file is gone: the appending thread meets it as well, and it must not be silent.
        }
    }

    /** Touches some pages; returns whether there were any to touch. */
    private boolean touchStep(Window window, Track current) throws IOException {
        long written = current.written;
        long from = Math.max(current.touched, written);
        from -= from % PAGE_BYTES;
        if (from + STEP_BYTES > written + aheadBytes || !window.covers(from, STEP_BYTES)) {
            return false;
        }
        window.touch(from, STEP_BYTES);
        current.touched = from + STEP_BYTES;
        return true;
    }

    /** How fast the writer is. */
    private static final class Pace {

        private long measuredAt = System.nanoTime();
        private long measured;
        private boolean tooFast;

        Pace(long written) {
            this.measured = written;
        }

        boolean isTooFast(long written) {
            long now = System.nanoTime();
            long nanos = now - measuredAt;
            if (nanos >= PACE_NANOS) {
                tooFast = (written - measured) * 1e9 / nanos > MAX_BYTES_PER_SECOND;
                measured = written;
                measuredAt = now;
            }
            return tooFast;
        }
    }

    /** The part of a file that is mapped just now. */
    private static final class Window implements Closeable {

        private final FileChannel channel;
        private long start;
        private long length;
        private long address;

        Window(Path file) throws IOException {
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }

        /** Moves to a place, if the file is that long; it is not made longer. */
        boolean covers(long from, long bytes) throws IOException {
            if (from >= start && from + bytes <= start + length) {
                return true;
            }
            unmap();
            start = from - from % OS.mapAlignment();
            long size = channel.size();
            if (from + bytes > size) {
                return false;
            }
            long wanted = Math.min(WINDOW_BYTES, size - start);
            address = OS.map(channel, FileChannel.MapMode.READ_WRITE, start, wanted);
            length = wanted;
            return true;
        }

        void touch(long from, long bytes) {
            long first = address + from - start;
            for (long page = 0; page < bytes; page += PAGE_BYTES) {
                OS.memory().compareAndSwapLong(null, first + page, 0, 0);
            }
        }

        @Override
        public void close() throws IOException {
            try (channel) {
                unmap();
            }
        }

        private void unmap() throws IOException {
            if (length > 0) {
                long mapped = length;
                length = 0;
                OS.unmap(address, mapped);
            }
        }
    }
}
