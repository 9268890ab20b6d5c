package io.ringbus.journal;

import io.ringbus.engine.spi.EngineClock;
import java.util.concurrent.TimeUnit;

/** A clock that the test moves. */
final class ManualClock implements EngineClock {

    private volatile long nanos = TimeUnit.DAYS.toNanos(20_000);

    @Override
    public long epochNanos() {
        return nanos;
    }

    void advance(long amount, TimeUnit unit) {
        nanos += unit.toNanos(amount);
    }
}
