package io.ringbus.benchmarks.peers;

/**
 * The handler at the end of a pipeline.
 *
 * @param <E> the class of the events
 */
public interface Receiver<E> {

    /**
     * Handles an event. One thread at a time.
     *
     * @param event valid only during the call
     */
    void accept(E event);

    /**
     * Told that a thread of the pipeline failed: what comes after is not to be believed. Any thread.
     *
     * @param error what it threw
     */
    void fail(Throwable error);
}
