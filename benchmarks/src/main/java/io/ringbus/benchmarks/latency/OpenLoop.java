package io.ringbus.benchmarks.latency;

import io.ringbus.benchmarks.peers.Pipeline;
import io.ringbus.engine.WaitMode;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The publisher: publishes each event when it is due, and notes how far behind it was. When it is hopelessly late it
 * gives up, because the run is worthless already and would only take longer.
 */
final class OpenLoop {

    /** Later than this, the rest is not published. */
    static final Duration GIVES_UP_BEHIND = Duration.ofSeconds(2);

    /** What parking may oversleep by; less than this is waited for awake. */
    private static final long AWAKE_NANOS = 60_000;

    private final Pipeline pipeline;
    private final WaitMode waitMode;
    private final LongSupplier nanoClock;

    OpenLoop(Pipeline pipeline, WaitMode waitMode, LongSupplier nanoClock) {
        this.pipeline = pipeline;
        this.waitMode = waitMode;
        this.nanoClock = nanoClock;
    }

    Pace publish(Schedule schedule) {
        long givesUp = GIVES_UP_BEHIND.toNanos();
        long worst = 0;
        long last = schedule.last();
        long number = schedule.first();
        for (; number <= last && worst <= givesUp; number++) {
            long behind = nanoClock.getAsLong() - schedule.dueNanos(number);
            while (behind < 0) {
                pause(-behind);
                behind = nanoClock.getAsLong() - schedule.dueNanos(number);
            }
            worst = Math.max(worst, behind);
            pipeline.publish(number);
        }
        long published = number - 1;
        long end = nanoClock.getAsLong() - schedule.dueNanos(published);
        return new Pace(published, Math.max(worst, end), end);
    }

    private void pause(long nanos) {
        switch (waitMode) {
            case SPINNING -> Thread.onSpinWait();
            case YIELDING -> Thread.yield();
            case PARKING -> {
                if (nanos > AWAKE_NANOS) {
                    LockSupport.parkNanos(nanos - AWAKE_NANOS);
                } else {
                    Thread.yield();
                }
            }
        }
    }

    /**
     * How it went.
     *
     * @param last        the number of the last event published
     * @param worstBehind by how much the latest publication was late, in nanoseconds
     * @param endBehind   how long after it was due the last publication had ended, in nanoseconds
     */
    record Pace(long last, long worstBehind, long endBehind) {
    }
}
