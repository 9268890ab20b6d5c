package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.Pipeline;

/** Loses one event on its way in. */
final class LossyPipeline extends DelegatingPipeline<Pipeline> {

    private final long lost;

    LossyPipeline(Pipeline pipeline, long lost) {
        super(pipeline);
        this.lost = lost;
    }

    @Override
    public void publish(long number) {
        if (number != lost) {
            pipeline().publish(number);
        }
    }
}
