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
public record PipelineShape(int payloadBytes, WaitMode waitMode, boolean fused, boolean synced) {

    /** Slots of the ring. */
    public static final int RING_SIZE = 16_384;

    /** How Disruptor's own handlers wait in this mode. */
    WaitStrategy waitStrategy() {
        return waitStrategy(waitMode);
    }

    /**
     * Of Disruptor's own, the one that comes nearest to what the engine does in a mode.
     *
     * @param waitMode the engine's
     * @return a new one
     */
    public static WaitStrategy waitStrategy(WaitMode waitMode) {
        return switch (waitMode) {
            case SPINNING -> new BusySpinWaitStrategy();
            case YIELDING -> new YieldingWaitStrategy();
            case PARKING -> new SleepingWaitStrategy();
        };
    }
}
