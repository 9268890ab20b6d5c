package io.ringbus.engine.ring;

/**
 * One failed delivery, noted in its slot.
 *
 * @param subscription the index of the subscription in the order of subscribing
 * @param error        what was thrown
 * @param at           when, nanoseconds since the epoch
 */
public record Failure(int subscription, Throwable error, long at) {
}
