package io.ringbus.journal.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.IntStream;

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
 * <p>A file is made with its first zeros, before anybody maps it: a single page that is missed makes the system read
 * ahead, and what it has read makes it read on. A writer that is never idle has no time for small pieces, so with its
 * batches, which are large then, large ones are written: what the system does for a write it does once for all pages of
 * it. Still larger ones, of megabytes, would be made of memory that has long been in nobody's hands, which a virtual
 * machine has to get back first. For it {@link SpaceAhead} finds space on the disk beforehand; one that is idle now and then
 * would feel that call, and has the time for what it saves.
 *
 * <p>Where each batch is forced, chunks are prepared instead, each with one of the forces. A force of prepared pages
 * writes these and nothing else: no space has to be found for them, which would be an entry of the file system's own
 * journal for each force, and they are no part of the large pages that the system makes when it reads ahead, of which
 * each is written as a whole.
 *
 * <p>All zeros come from one small piece of memory, as often as needed in one write, so that it stays in the first cache;
 * an array would be copied by Java first.
 */
final class PagesAhead implements Closeable {

    /** More than Chronicle writes behind a document: an index block takes 32 KiB. Nearer than this nothing is prepared. */
    static final long RESERVED_BYTES = 1 << 19;
    /**
     * So far ahead all is prepared, and more is when a document leaves less. It is more than what is reserved, because a
     * writer goes on by an index block as well now and then: the next piece must begin where the last one ended, for a page
     * that is left out between them would be missed.
     */
    static final long DISTANCE_BYTES = 1 << 20;
    /** So small that an event which comes meanwhile hardly waits. */
    static final int PIECE_BYTES = 1 << 14;
    /** For a writer that is never idle: a page of it takes half of what one of a small piece does. */
    static final int LARGE_PIECE_BYTES = 1 << 18;
    /** A writer with smaller batches is idle now and then. */
    static final int LARGE_BATCH_BYTES = 1 << 14;

    /** The least that is prepared at a time; one force is slow for it. */
    static final int MIN_CHUNK_BYTES = 1 << 20;
    /** As many batches of the size at hand use a chunk up at least. */
    static final int CHUNK_BATCHES = 32;
    /** Larger ones are rare, and a chunk for them would be much. */
    static final int MAX_BATCH_BYTES = 1 << 18;

    private static final long FIRST_BYTES = DISTANCE_BYTES + LARGE_PIECE_BYTES;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(PIECE_BYTES).asReadOnlyBuffer();

    private final long aheadBytes;
    private final Interrupts interrupts;
    private final SpaceAhead space = new SpaceAhead();
    /** The same zeros each time; as many as make a large piece. */
    private final ByteBuffer[] zeros = IntStream.range(0, LARGE_PIECE_BYTES / PIECE_BYTES)
            .mapToObj(i -> ZEROS.duplicate()).toArray(ByteBuffer[]::new);

    /** A field, because it would be garbage for each piece. */
    private final Interrupts.Step writing = this::writePieces;

    private Path path;
    private FileChannel file;
    private long prepared;
    /** How many small pieces are being written. */
    private int pieces;

    /**
     * Prepares.
     *
     * @param aheadBytes how many bytes behind the distance the writer shall find prepared, when there is time; 0 for none
     *                   at all
     * @param interrupts keeps those back that would close the file; an append gives them back at its end
     */
    PagesAhead(long aheadBytes, Interrupts interrupts) {
        this.aheadBytes = aheadBytes;
        this.interrupts = interrupts;
    }

    /**
     * Goes on with another file, and makes it when it is not there. Before it is mapped.
     *
     * @param next   the file; its directory is there
     * @param forced whether its batches are forced one by one: what is written at once is forced as a whole
     */
    void begin(Path next, boolean forced) {
        close();
        if (aheadBytes == 0) {
            return;
        }
        try {
            boolean made = next.toFile().createNewFile();
            path = next;
            file = open();
            prepared = 0;
            if (!forced) {
                space.begin(path);
            }
            // What is in a file that was there is not known.
            if (made) {
                writeTo(FIRST_BYTES, 0, forced ? PIECE_BYTES : LARGE_PIECE_BYTES);
            }
        } catch (IOException e) {
            // It is a help and no more: an append will meet the same, and say so.
            file = null;
        }
    }

    /**
     * Prepares a piece for a writer at this position, unless enough are; returns whether there is more to do. Between two
     * appends: interrupts are given back.
     */
    boolean prepareOne(long position) {
        long from = Math.max(prepared, nearest(position));
        if (file == null || from >= position + DISTANCE_BYTES + aheadBytes) {
            return false;
        }
        try {
            return write(from, PIECE_BYTES);
        } finally {
            interrupts.giveBack();
        }
    }

    /**
     * Prepares what is missing for a batch of a writer at this position, which had no time for it. Before it is appended.
     *
     * @param batchBytes its length
     */
    void prepareFor(long position, int batchBytes) {
        long end = position + DISTANCE_BYTES + batchBytes;
        boolean isLarge = batchBytes >= LARGE_BATCH_BYTES;
        if (isLarge && prepared < end) {
            space.reach(Math.max(prepared, nearest(position)), end + LARGE_PIECE_BYTES);
        }
        writeTo(end, nearest(position), isLarge ? LARGE_PIECE_BYTES : PIECE_BYTES);
    }

    /**
     * Prepares the next chunk for a writer at this position when it has used up the last one. Before a force, which
     * takes the chunk along.
     *
     * @param batchBytes what the force is for
     * @return whether there are zeros to be forced
     */
    boolean prepareChunk(long position, int batchBytes) {
        if (prepared > position + DISTANCE_BYTES || batchBytes > MAX_BATCH_BYTES) {
            return false;
        }
        long chunkBytes = Math.max(MIN_CHUNK_BYTES, CHUNK_BATCHES * batchBytes);
        return writeTo(position + DISTANCE_BYTES + chunkBytes, nearest(position), PIECE_BYTES);
    }

    /** The first piece behind what is reserved for a writer at this position. */
    private static long nearest(long position) {
        return position + RESERVED_BYTES + PIECE_BYTES - 1 & -PIECE_BYTES;
    }

    /** Writes pieces of this size, each to where one ends, until an end is reached; returns whether any was written. */
    private boolean writeTo(long end, long nearest, int piece) {
        boolean written = false;
        while (file != null && prepared < end) {
            long from = Math.max(prepared, nearest);
            written |= write(from, piece - (int) (from & piece - 1));
        }
        return written;
    }

    /** Writes up to a large piece; of small ones. */
    private boolean write(long from, int bytes) {
        prepared = from;
        pieces = bytes / PIECE_BYTES;
        try {
            interrupts.repeat(writing);
            prepared = from + bytes;
            return true;
        } catch (IOException e) {
            close();
            return false;
        }
    }

    private void writePieces() throws IOException {
        if (!file.isOpen()) {
            // An interrupt closed it.
            file = open();
        }
        if (pieces == 1) {
            writePiece();
            return;
        }
        for (int i = 0; i < pieces; i++) {
            zeros[i].clear();
        }
        file.position(prepared);
        while (zeros[pieces - 1].hasRemaining()) {
            file.write(zeros, 0, pieces);
        }
    }

    /** With a single buffer: one call of the system in place of two, and less for the JVM to compile while events pass. */
    private void writePiece() throws IOException {
        ByteBuffer piece = zeros[0].clear();
        while (piece.hasRemaining()) {
            file.write(piece, prepared + piece.position());
        }
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(path, StandardOpenOption.WRITE);
    }

    /** Where the next piece begins. */
    long prepared() {
        return prepared;
    }

    @Override
    public void close() {
        space.close();
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
