package io.ringbus.engine.ring;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one warning about a ring that fills up, at most once a minute whoever notices it. */
final class CrowdWarning {

    private static final Logger LOG = LoggerFactory.getLogger(CrowdWarning.class);
    private static final long INTERVAL_NANOS = 60_000_000_000L;

    private final AtomicLong nextAt = new AtomicLong(System.nanoTime());

    void check(long occupied, int size, Supplier<String> slowestStage) {
        if (occupied * 5 < size * 4L) {
            return;
        }
        long now = System.nanoTime();
        long due = nextAt.get();
        if (now - due >= 0 && nextAt.compareAndSet(due, now + INTERVAL_NANOS)) {
            LOG.warn("the ring is filling up: {} of {} slots are occupied, the slowest stage is {}; publishers wait or"
                    + " are refused when it is full", occupied, size, slowestStage.get());
        }
    }
}
