package io.ringbus.engine.stage;

import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.Slot;

/**
 * One attempt of a delivery, as the timer keeps it: 32 bytes beside the delivery. An attempt that was made meanwhile,
 * because its stage did not wait for the timer, is passed over when it comes.
 *
 * @param delivery the delivery
 * @param attempt  which attempt
 * @param dueAt    when, nanoseconds since the epoch
 */
public record Retry(Delivery delivery, int attempt, long dueAt) {

    /**
     * The next attempt of a delivery.
     *
     * @param delivery a scheduled delivery
     * @return its retry
     */
    public static Retry of(Delivery delivery) {
        return new Retry(delivery, delivery.attempt(), delivery.dueAt());
    }

    /** Makes a slot this attempt. */
    void fill(Slot slot) {
        delivery.fill(slot, attempt);
    }
}
