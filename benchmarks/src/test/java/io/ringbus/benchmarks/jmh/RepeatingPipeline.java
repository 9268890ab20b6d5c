package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.AwaitingPipeline;
import java.time.Duration;

/** Publishes the event before in place of one: as many as there should be, and not the same. */
final class RepeatingPipeline extends DelegatingPipeline<AwaitingPipeline> implements AwaitingPipeline {

    private final long lost;

    RepeatingPipeline(AwaitingPipeline pipeline, long lost) {
        super(pipeline);
        this.lost = lost;
    }

    @Override
    public void publish(long number) {
        pipeline().publish(number == lost ? number - 1 : number);
    }

    @Override
    public void publishAndAwait(long number, Duration patience) throws InterruptedException {
        pipeline().publishAndAwait(number == lost ? number - 1 : number, patience);
    }
}
