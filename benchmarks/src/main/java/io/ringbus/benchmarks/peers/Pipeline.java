package io.ringbus.benchmarks.peers;

/** publish, journal, handle: what the benchmarks compare several ways of doing. */
public interface Pipeline extends AutoCloseable {

    /**
     * Publishes an event; waits where there is no room. One thread at a time, unless the contender says that it takes
     * several.
     *
     * @param number what the event is filled from; from 1, each once
     */
    void publish(long number);

    /**
     * Drains, closes all files, and counts the journal.
     *
     * @return how many events the journal holds, read back from the files
     */
    long closeAndCountJournaled();

    /** Gives up without a count; idempotent, and without effect after {@link #closeAndCountJournaled()}. */
    @Override
    void close();
}
