package io.ringbus.benchmarks.peers;

import java.time.Duration;

/** A pipeline whose publishers can wait until their events are safe; laid out for that, it takes several at a time. */
public interface AwaitingPipeline extends Pipeline {

    /**
     * Publishes an event and waits until it is in the journal, as safely as the pipeline was laid out to be, and with it
     * all that the same thread published before.
     *
     * @param number   as for {@link #publish}
     * @param patience how long to wait at most
     * @throws IllegalStateException when it is not safe by then, or the pipeline failed
     * @throws InterruptedException  when the thread is interrupted meanwhile
     */
    void publishAndAwait(long number, Duration patience) throws InterruptedException;
}
