package io.ringbus.engine.spi;

import java.time.Instant;

/**
 * Reads {@code nanoTime} and adds the offset to the wall clock, which is looked at once a second: that costs one read
 * per call instead of two, and follows the wall clock's corrections. At each look the offset is moved just so far that
 * the result lies in the millisecond which the wall clock shows; the finer reading would make garbage. The two fields
 * race benignly: any pair that a reader can see was true within the last second.
 */
final class SystemEngineClock implements EngineClock {

    static final SystemEngineClock INSTANCE = new SystemEngineClock();

    private static final long ANCHOR_NANOS = 1_000_000_000L;
    private static final long TRUSTED_NANOS = 20_000L;

    private volatile long offset;
    private volatile long anchoredAt;

    private SystemEngineClock() {
        Instant wall = Instant.now();
        anchoredAt = System.nanoTime();
        offset = wall.getEpochSecond() * 1_000_000_000L + wall.getNano() - anchoredAt;
    }

    @Override
    public long epochNanos() {
        long now = System.nanoTime();
        if (now - anchoredAt > ANCHOR_NANOS) {
            anchor(now, System.currentTimeMillis(), System.nanoTime());
        }
        return now + offset;
    }

    private void anchor(long before, long wallMillis, long after) {
        if (after - before > TRUSTED_NANOS) {
            // The processor was away between the readings: they do not belong together. The next call looks again.
            return;
        }
        long earliest = wallMillis * 1_000_000L;
        long now = before + offset;
        if (now < earliest) {
            offset += earliest - now;
        } else if (now >= earliest + 1_000_000L) {
            offset -= now - (earliest + 999_999L);
        }
        anchoredAt = before;
    }
}
