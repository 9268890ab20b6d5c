package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.Pipeline;

/** Loses one event on its way in. */
final class LossyPipeline implements Pipeline {

    private final Pipeline pipeline;
    private final long lost;

    LossyPipeline(Pipeline pipeline, long lost) {
        this.pipeline = pipeline;
        this.lost = lost;
    }

    @Override
    public void publish(long number) {
        if (number != lost) {
            pipeline.publish(number);
        }
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
