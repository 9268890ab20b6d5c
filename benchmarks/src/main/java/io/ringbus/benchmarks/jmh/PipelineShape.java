package io.ringbus.benchmarks.jmh;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.SleepingWaitStrategy;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.YieldingWaitStrategy;
import io.ringbus.engine.WaitMode;

/**
 * What a pipeline is laid out by.
 *
 * @param payloadBytes the size of an event, in memory and on disk
 * @param waitMode     how its stages wait
 * @param fused        whether one thread runs all stages; only Ringbus can
 * @param synced       whether each batch is forced to disk, for any number of publishers; otherwise there is one
 */
record PipelineShape(int payloadBytes, WaitMode waitMode, boolean fused, boolean synced) {

    /** Slots of the ring. */
    static final int RING_SIZE = 16_384;

    /** Of Disruptor's own, the one that comes nearest to what the engine does in this mode. */
    WaitStrategy waitStrategy() {
        return switch (waitMode) {
            case SPINNING -> new BusySpinWaitStrategy();
            case YIELDING -> new YieldingWaitStrategy();
            case PARKING -> new SleepingWaitStrategy();
        };
    }
}
