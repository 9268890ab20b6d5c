package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.Pipeline;

/** Handles the first event without journaling it: keeps it from the pipeline, and gives it to the handler itself. */
final class HandlingPipeline extends DelegatingPipeline<Pipeline> {

    private final PayloadCheck check;

    HandlingPipeline(Pipeline pipeline, PayloadCheck check) {
        super(pipeline);
        this.check = check;
    }

    @Override
    public void publish(long number) {
        if (number > 1) {
            pipeline().publish(number);
            return;
        }
        PayloadEvent event = PayloadEvent.cargo(64).maker().get();
        event.fill(number);
        check.accept(event);
    }
}
