package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.Pipeline;

/** A pipeline that publishes through another one, and is wrong in its own way. */
abstract class DelegatingPipeline<P extends Pipeline> implements Pipeline {

    private final P pipeline;

    DelegatingPipeline(P pipeline) {
        this.pipeline = pipeline;
    }

    final P pipeline() {
        return pipeline;
    }

    @Override
    public final long closeAndCountJournaled() {
        return pipeline.closeAndCountJournaled();
    }

    @Override
    public final void close() {
        pipeline.close();
    }
}
