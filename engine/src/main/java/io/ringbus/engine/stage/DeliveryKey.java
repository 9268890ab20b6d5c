package io.ringbus.engine.stage;

/**
 * A delivery's name.
 *
 * @param subscription the subscription's name
 * @param sequence     the event's sequence
 */
record DeliveryKey(String subscription, long sequence) {
}
