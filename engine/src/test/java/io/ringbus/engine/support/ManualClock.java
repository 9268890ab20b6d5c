package io.ringbus.engine.support;

import io.ringbus.engine.spi.EngineClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Stands still until it is moved. */
public final class ManualClock implements EngineClock {

    /** Where it begins: an arbitrary instant, well away from zero. */
    public static final long START = 1_700_000_000_000_000_000L;

    private final AtomicLong now = new AtomicLong(START);

    @Override
    public long epochNanos() {
        return now.get();
    }

    public void advance(Duration by) {
        now.addAndGet(by.toNanos());
    }
}
