package io.ringbus.examples.tradingcore;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Says when each event is to be published: at its place in an open loop, so an event that came late does not push back
 * the ones after it.
 */
final class Pacer {

    private static final double NANOS_PER_SECOND = 1e9;
    /** What parking may oversleep by; less than this is waited for awake. */
    private static final long AWAKE_NANOS = 60_000;

    private final double nanosPerEvent;
    private final LongSupplier nanoClock;
    private final LongConsumer pause;

    private long startedAt;
    private long events;

    /**
     * A pacer over a clock.
     *
     * @param nanosPerEvent from one event to the next; 0 for no pause at all
     * @param nanoClock     nanoseconds from any origin
     * @param pause         lets so many nanoseconds pass, more or less
     */
    Pacer(double nanosPerEvent, LongSupplier nanoClock, LongConsumer pause) {
        this.nanosPerEvent = nanosPerEvent;
        this.nanoClock = nanoClock;
        this.pause = pause;
    }

    /**
     * As fast as the engine takes them.
     *
     * @return the pacer
     */
    static Pacer unlimited() {
        return new Pacer(0, System::nanoTime, Pacer::pause);
    }

    /**
     * So many a second.
     *
     * @param events more than zero
     * @return the pacer
     */
    static Pacer perSecond(double events) {
        return new Pacer(NANOS_PER_SECOND / events, System::nanoTime, Pacer::pause);
    }

    /** Waits until the next event is due. The first one is due at once. */
    void awaitTurn() {
        if (nanosPerEvent == 0) {
            return;
        }
        if (events == 0) {
            startedAt = nanoClock.getAsLong();
        }
        long dueAfter = (long) (events++ * nanosPerEvent);
        long remaining = dueAfter - (nanoClock.getAsLong() - startedAt);
        while (remaining > 0) {
            pause.accept(remaining);
            remaining = dueAfter - (nanoClock.getAsLong() - startedAt);
        }
    }

    private static void pause(long nanos) {
        if (nanos > AWAKE_NANOS) {
            LockSupport.parkNanos(nanos - AWAKE_NANOS);
        } else {
            Thread.onSpinWait();
        }
    }
}
