package io.ringbus.examples.tradingcore;

import java.io.Closeable;
import java.io.IOException;
import org.agrona.collections.LongHashSet;

/** What the gateway has accepted. One thread writes; others read when the engine has handled everything. */
interface AcceptedDropCopies extends Closeable {

    /**
     * Keeps it in memory, for a run without a journal: then nothing is kept.
     *
     * @return a new one
     */
    static AcceptedDropCopies inMemory() {
        LongHashSet sequences = new LongHashSet();
        return new AcceptedDropCopies() {
            @Override
            public void add(long sequence, long line) {
                sequences.add(sequence);
            }

            @Override
            public long distinct() {
                return sequences.size();
            }
        };
    }

    /**
     * Called once, before the first drop copy, when the journal is this process's own.
     *
     * @throws IOException when it cannot be used
     */
    default void begin() throws IOException {
    }

    /**
     * Adds a drop copy.
     *
     * @param sequence the event's sequence
     * @param line     the line of the input that it came from
     * @throws IOException when it could not be written
     */
    void add(long sequence, long line) throws IOException;

    /**
     * How many events have been accepted, in all runs.
     *
     * @return the number of different sequences
     */
    long distinct();

    /** Ends writing. */
    @Override
    default void close() throws IOException {
    }
}
