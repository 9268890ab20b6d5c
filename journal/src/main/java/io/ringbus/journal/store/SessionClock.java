package io.ringbus.journal.store;

import io.ringbus.engine.spi.EngineClock;
import net.openhft.chronicle.core.time.TimeProvider;

/**
 * The time that Chronicle sees. It never goes back, because a clock set back would hide files and block appends; and it
 * stands still during an append, so that the cycle which the appender prepared for is the cycle that Chronicle writes
 * to. One writing thread; Chronicle may read from others.
 */
final class SessionClock implements TimeProvider {

    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final EngineClock clock;

    private volatile long millis;

    SessionClock(EngineClock clock) {
        this.clock = clock;
        tick();
    }

    /** The engine's time. */
    long epochNanos() {
        return clock.epochNanos();
    }

    /** Moves on to the engine's time, if that is later. */
    long tick() {
        return tick(clock.epochNanos());
    }

    /** Moves on to a time that was the engine's a moment ago, if that is later. */
    long tick(long epochNanos) {
        long now = Math.floorDiv(epochNanos, NANOS_PER_MILLI);
        if (now > millis) {
            millis = now;
        }
        return millis;
    }

    @Override
    public long currentTimeMillis() {
        return millis;
    }

    @Override
    public long currentTimeNanos() {
        return millis * NANOS_PER_MILLI;
    }
}
