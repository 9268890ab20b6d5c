package io.ringbus.engine.stage;

import io.ringbus.engine.ring.EventRing;
import io.ringbus.engine.spi.EngineClock;

/**
 * The first link of a chain without a journal: gives new events their sequence and timestamp, which the journal link
 * does else.
 */
final class TimestampLink extends Link {

    /** Slots stamped at a time, so that they are still in the cache when the stage comes to them. */
    private static final int MAX_BATCH = 256;

    private final EventRing ring;
    private final EngineClock clock;

    TimestampLink(EventRing ring, EngineClock clock) {
        super("timestamp");
        this.ring = ring;
        this.clock = clock;
    }

    @Override
    long process(long first, long last) {
        long end = Math.min(last, first + MAX_BATCH - 1);
        ring.stamp(first, end, clock.epochNanos());
        return end;
    }
}
