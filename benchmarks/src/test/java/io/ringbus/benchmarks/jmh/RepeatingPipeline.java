package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.AwaitingPipeline;
import java.time.Duration;

/** Publishes the event before in place of one: as many as there should be, and not the same. */
final class RepeatingPipeline implements AwaitingPipeline {

    private final AwaitingPipeline pipeline;
    private final long lost;

    RepeatingPipeline(AwaitingPipeline pipeline, long lost) {
        this.pipeline = pipeline;
        this.lost = lost;
    }

    @Override
    public void publish(long number) {
        pipeline.publish(number == lost ? number - 1 : number);
    }

    @Override
    public void publishAndAwait(long number, Duration patience) throws InterruptedException {
        pipeline.publishAndAwait(number == lost ? number - 1 : number, patience);
    }

    @Override
    public long closeAndCountJournaled() {
        return pipeline.closeAndCountJournaled();
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
