package io.ringbus.benchmarks.latency;

import io.ringbus.benchmarks.peers.Pipeline;
import io.ringbus.engine.WaitMode;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The publisher: publishes each event when it is due, and notes how far behind it was. When it is hopelessly late it
 * gives up, because the run is worthless already and would only take longer. One for each stretch.
 */
final class OpenLoop {

    /** Later than this, the rest is not published. */
    static final Duration GIVES_UP_BEHIND = Duration.ofSeconds(2);
    private static final long GIVES_UP_NANOS = GIVES_UP_BEHIND.toNanos();

    /** What parking may oversleep by; less than this is waited for awake. */
    private static final long AWAKE_NANOS = 60_000;

    /**
     * So many at a call. What is measured begins with code that was compiled in the warm-up: of one loop that lasts as long
     * as its stretch, the JVM knows no end, and compiles it anew, for 15 ms, when it has come to one.
     */
    private static final int AT_ONCE = 100;

    private final Pipeline pipeline;
    private final WaitMode waitMode;
    private final LongSupplier nanoClock;

    private long worst;

    OpenLoop(Pipeline pipeline, WaitMode waitMode, LongSupplier nanoClock) {
        this.pipeline = pipeline;
        this.waitMode = waitMode;
        this.nanoClock = nanoClock;
    }

    Pace publish(Schedule schedule) {
        long published = schedule.first() - 1;
        while (published < schedule.last() && !givesUp()) {
            published = publish(schedule, published + 1, Math.min(schedule.last(), published + AT_ONCE));
        }
        long end = nanoClock.getAsLong() - schedule.dueNanos(published);
        return new Pace(published, Math.max(worst, end), end);
    }

    /** Publishes the events from one number to another, unless it gives up; returns the last one published. */
    private long publish(Schedule schedule, long first, long last) {
        long number = first;
        for (; number <= last && !givesUp(); number++) {
            long behind = nanoClock.getAsLong() - schedule.dueNanos(number);
            while (behind < 0) {
                pause(-behind);
                behind = nanoClock.getAsLong() - schedule.dueNanos(number);
            }
            worst = Math.max(worst, behind);
            pipeline.publish(number);
        }
        return number - 1;
    }

    private boolean givesUp() {
        return worst > GIVES_UP_NANOS;
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
