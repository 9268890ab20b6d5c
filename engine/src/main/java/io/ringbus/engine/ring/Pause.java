package io.ringbus.engine.ring;

import java.util.concurrent.locks.LockSupport;

/**
 * How a thread that is no link waits for the chain: spinning at first, then yielding, then parking for short whiles.
 */
public final class Pause {

    private static final int SPINS = 200;
    private static final int YIELDS = 100;
    private static final long PARK_NANOS = 20_000;

    private Pause() {
    }

    /**
     * Waits a little.
     *
     * @param turns how often it was called in this wait, from 0
     */
    public static void turn(int turns) {
        if (turns < SPINS) {
            Thread.onSpinWait();
        } else if (turns < SPINS + YIELDS) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(PARK_NANOS);
        }
    }
}
