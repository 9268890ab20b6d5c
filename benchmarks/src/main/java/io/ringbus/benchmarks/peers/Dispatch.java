package io.ringbus.benchmarks.peers;

/**
 * Publish to handled, in memory: what the dispatch benchmark compares ways of doing. One publishing thread, one thread
 * that runs all handlers.
 */
public interface Dispatch extends AutoCloseable {

    /**
     * Publishes the event with this number; waits while as many are on their way as may be.
     *
     * @param number written all over the event
     */
    void publish(long number);

    /** Ends the threads; what has not been handled by then may be lost. */
    @Override
    void close();
}
