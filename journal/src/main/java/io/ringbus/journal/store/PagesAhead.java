package io.ringbus.journal.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * Has the pages of a file in memory before they are written to through a mapping. Whoever touches a page of a new file
 * first waits until the system has found memory for it; with Linux also for all that it reads ahead at this occasion,
 * which may be megabytes of nothing but zeros, and 25 ms. So the zeros are written, in small pieces, ahead of the writer
 * and on its thread: a thread of its own would take a processor from those that wait for events.
 *
 * <p>Zeros replace zeros: they are written so far ahead of the position that Chronicle, which puts all that it adds
 * behind its last document, has never been there. The file may become longer than what is mapped; what lies behind the
 * end is zeros as before. They take space on the disk until the file is closed. Where there is none, it ends: what
 * cannot be written shall be an append that fails.
 *
 * <p>Where the file is written faster than {@value #MAX_BYTES_PER_MICRO} megabytes per second it stands back: there what
 * matters is the sum of all work, and the system's reading ahead is the least.
 *
 * <p>Where each batch is forced, chunks are prepared instead, each with one of the forces. A force of prepared pages
 * writes these and nothing else: no space has to be found for them, which would be an entry of the file system's own
 * journal for each force, and they are no part of the large pages that the system makes when it reads ahead, of which
 * each is written as a whole.
 *
 * <p>Not through a channel, which an interrupt would close.
 */
final class PagesAhead implements Closeable {

    /** More than Chronicle writes behind a document: an index block takes 32 KiB. */
    static final long DISTANCE_BYTES = 1 << 20;
    static final int PIECE_BYTES = 1 << 14;

    static final long MAX_BYTES_PER_MICRO = 100;

    /** Some tens of forces use it up, and one more of them is slow for it. */
    static final long CHUNK_BYTES = 1 << 20;
    /** Where batches are larger, the disk is busy with their bytes. */
    static final int MAX_BATCH_BYTES = 1 << 17;

    private static final long MEASURED_BYTES = 1 << 20;
    private static final byte[] ZEROS = new byte[PIECE_BYTES];

    private final long aheadBytes;
    private final LongSupplier nanoClock;

    private RandomAccessFile file;
    private long prepared;
    private long measuredPosition;
    private long measuredAt;
    private boolean tooFast;

    /** For a writer that shall find so many bytes behind the distance prepared, when there is time; 0 for none. */
    PagesAhead(long aheadBytes, LongSupplier nanoClock) {
        this.aheadBytes = aheadBytes;
        this.nanoClock = nanoClock;
    }

    /** Goes on with another file. */
    void begin(Path next) {
        close();
        if (aheadBytes == 0) {
            return;
        }
        try {
            file = new RandomAccessFile(next.toFile(), "rw");
            prepared = 0;
            measuredPosition = 0;
            tooFast = false;
        } catch (IOException e) {
            // It is a help and no more: an append will meet the same, and say so.
            file = null;
        }
    }

    /** Prepares a piece for a writer at this position, unless enough are; returns whether there is more to do. */
    boolean prepareOne(long position) {
        long from = nextPiece(position);
        if (file == null || from >= position + DISTANCE_BYTES + aheadBytes || isTooFast(position)) {
            return false;
        }
        return writePiece(from);
    }

    /**
     * Prepares the next chunk for a writer at this position when it has used up the last one. Before a force, which
     * takes the chunk along.
     *
     * @param batchBytes what the force is for
     * @return whether there are zeros to be forced
     */
    boolean prepareChunk(long position, int batchBytes) {
        if (file == null || prepared > position + DISTANCE_BYTES || batchBytes > MAX_BATCH_BYTES) {
            return false;
        }
        long end = position + DISTANCE_BYTES + CHUNK_BYTES;
        boolean written = false;
        while (prepared < end && writePiece(nextPiece(position))) {
            written = true;
        }
        return written;
    }

    private long nextPiece(long position) {
        return Math.max(prepared, position + DISTANCE_BYTES + PIECE_BYTES - 1 & -PIECE_BYTES);
    }

    private boolean writePiece(long from) {
        try {
            file.seek(from);
            file.write(ZEROS);
            prepared = from + PIECE_BYTES;
            return true;
        } catch (IOException e) {
            close();
            return false;
        }
    }

    private boolean isTooFast(long position) {
        long bytes = position - measuredPosition;
        if (bytes >= MEASURED_BYTES) {
            long now = nanoClock.getAsLong();
            tooFast = bytes > (now - measuredAt) * MAX_BYTES_PER_MICRO / 1_000 && measuredPosition > 0;
            measuredPosition = position;
            measuredAt = now;
        }
        return tooFast;
    }

    /** Where the next piece begins. */
    long prepared() {
        return prepared;
    }

    @Override
    public void close() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                // Nothing hangs on these zeros.
            }
            file = null;
        }
    }
}
