package io.ringbus.engine.retry;

/** What happens to a delivery that has to wait when as many of its subscription wait already as may. */
public enum WaitingOverflow {
    /**
     * The stage waits until there is room again. Nothing is given up; but while it lasts, the other subscriptions of
     * the stage wait too, and in the end the ring is full.
     */
    BLOCK_STAGE,
    /** The delivery becomes a dead letter at once, without an attempt. The stage goes on. */
    DEAD_LETTER
}
