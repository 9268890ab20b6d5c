package io.ringbus.benchmarks.jmh;

import io.ringbus.engine.WaitMode;

/**
 * What a pipeline is laid out by.
 *
 * @param payloadBytes the size of an event, in memory and on disk
 * @param waitMode     how its stages wait
 * @param fused        whether one thread runs all stages; only Ringbus can
 */
record PipelineShape(int payloadBytes, WaitMode waitMode, boolean fused) {

    /** Slots of the ring. */
    static final int RING_SIZE = 16_384;
}
