package io.ringbus.examples.tradingcore;

import java.io.Closeable;
import java.io.IOException;
import org.agrona.collections.LongHashSet;

/** What the other end of a gateway has accepted. One thread writes; others read when the engine has handled all. */
interface Accepted extends Closeable {

    /**
     * Keeps it in memory, for a run without a journal: then nothing is kept.
     *
     * @return a new one
     */
    static Accepted inMemory() {
        LongHashSet ids = new LongHashSet();
        return new Accepted() {
            @Override
            public void add(long id, long detail) {
                ids.add(id);
            }

            @Override
            public boolean contains(long id) {
                return ids.contains(id);
            }

            @Override
            public long distinct() {
                return ids.size();
            }
        };
    }

    /**
     * Called once, before the first one, when the journal is this process's own.
     *
     * @throws IOException when it cannot be used
     */
    default void begin() throws IOException {
    }

    /**
     * Adds one.
     *
     * @param id     what it is known by
     * @param detail where it comes from
     * @throws IOException when it could not be written
     */
    void add(long id, long detail) throws IOException;

    /**
     * Whether it has been accepted, in any run.
     *
     * @param id what it is known by
     * @return whether it was added
     */
    boolean contains(long id);

    /**
     * How many have been accepted, in all runs.
     *
     * @return the number of different ids
     */
    long distinct();

    /** Ends writing. */
    @Override
    default void close() throws IOException {
    }
}
