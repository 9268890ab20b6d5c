package io.ringbus.engine.stage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a lane counts. Assumes: one thread at a time counts what was handled and timed; of an asynchronous handler's lane
 * two count failures. Guarantees: anyone reads a count that was true a moment ago.
 */
final class DeliveryCounters {

    private static final VarHandle HANDLED;
    private static final VarHandle TIMED;
    private static final VarHandle TIMED_NANOS;
    private static final VarHandle MAX_NANOS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HANDLED = lookup.findVarHandle(DeliveryCounters.class, "handled", long.class);
            TIMED = lookup.findVarHandle(DeliveryCounters.class, "timed", long.class);
            TIMED_NANOS = lookup.findVarHandle(DeliveryCounters.class, "timedNanos", long.class);
            MAX_NANOS = lookup.findVarHandle(DeliveryCounters.class, "maxNanos", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final AtomicLong failed = new AtomicLong();

    private long handled;
    private long timed;
    private long timedNanos;
    private long maxNanos;

    void countHandled() {
        HANDLED.setRelease(this, handled + 1);
    }

    void countFailed() {
        failed.incrementAndGet();
    }

    void countTime(long nanos) {
        TIMED.setRelease(this, timed + 1);
        TIMED_NANOS.setRelease(this, timedNanos + nanos);
        if (nanos > maxNanos) {
            MAX_NANOS.setRelease(this, nanos);
        }
    }

    long handled() {
        return (long) HANDLED.getAcquire(this);
    }

    long failed() {
        return failed.get();
    }

    long timed() {
        return (long) TIMED.getAcquire(this);
    }

    long timedNanos() {
        return (long) TIMED_NANOS.getAcquire(this);
    }

    long maxNanos() {
        return (long) MAX_NANOS.getAcquire(this);
    }
}
