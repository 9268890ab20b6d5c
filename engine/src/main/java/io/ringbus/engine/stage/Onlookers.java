package io.ringbus.engine.stage;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Threads outside the chain that wait for it to get somewhere. Whoever has moved wakes those that have what they wait for:
 * the shortest park takes a waiter some 70 microseconds, which is long beside an append and not short beside a force.
 *
 * <p>Assumes: a condition is cheap, throws nothing and may be asked by any thread. Guarantees: a waiter returns when its
 * condition holds. That does not hang on being woken: without a fence on the chain's side, which would cost each batch
 * something, a waiter that is just arriving may be overlooked, and then it looks again by itself.
 */
public final class Onlookers {

    private static final int SPINS = 200;
    private static final long MIN_PARK_NANOS = 20_000;
    /** Where many wait for a disk, each look takes time from those who work. */
    private static final long MAX_PARK_NANOS = 1_000_000;
    private static final Onlooker[] NOBODY = {};

    /** Replaced, never changed. */
    private volatile Onlooker[] waiting = NOBODY;

    /** Nobody waits yet. */
    public Onlookers() {
        // Nothing to set up.
    }

    /**
     * Waits for a condition.
     *
     * @param condition   what is waited for
     * @param keepWaiting false when it is no use any more; asked from time to time
     * @return whether the condition holds
     */
    public boolean await(BooleanSupplier condition, BooleanSupplier keepWaiting) {
        for (int i = 0; i < SPINS; i++) {
            if (condition.getAsBoolean()) {
                return true;
            }
            Thread.onSpinWait();
        }
        Onlooker own = new Onlooker(Thread.currentThread(), condition);
        add(own);
        try {
            long nanos = MIN_PARK_NANOS;
            while (!condition.getAsBoolean()) {
                if (!keepWaiting.getAsBoolean()) {
                    return condition.getAsBoolean();
                }
                LockSupport.parkNanos(this, nanos);
                nanos = Math.min(MAX_PARK_NANOS, 2 * nanos);
            }
            return true;
        } finally {
            remove(own);
        }
    }

    /** Wakes those that have what they wait for; returns whether there were any. */
    boolean moved() {
        // By index: with nobody there, this is one read.
        Onlooker[] onlookers = waiting;
        boolean woken = false;
        for (int i = 0; i < onlookers.length; i++) {
            woken |= onlookers[i].wakeWhenDue();
        }
        return woken;
    }

    private synchronized void add(Onlooker onlooker) {
        Onlooker[] more = Arrays.copyOf(waiting, waiting.length + 1);
        more[waiting.length] = onlooker;
        waiting = more;
    }

    private synchronized void remove(Onlooker onlooker) {
        waiting = waiting.length == 1 ? NOBODY
                : Arrays.stream(waiting).filter(each -> each != onlooker).toArray(Onlooker[]::new);
    }

    private record Onlooker(Thread thread, BooleanSupplier condition) {

        boolean wakeWhenDue() {
            boolean due = condition.getAsBoolean();
            if (due) {
                LockSupport.unpark(thread);
            }
            return due;
        }
    }
}
