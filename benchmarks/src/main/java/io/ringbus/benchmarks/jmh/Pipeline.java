package io.ringbus.benchmarks.jmh;

/** publish, journal, handle: what the benchmark compares two ways of doing. One publishing thread. */
interface Pipeline extends AutoCloseable {

    /** Publishes the event with this number; waits where the ring is full. */
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
