package io.ringbus.benchmarks.jmh;

/**
 * What a dispatch is laid out by.
 *
 * @param handlers     how many are given each event
 * @param payloadBytes the size of an event
 * @param capacity     slots of the ring, or places in the queue
 */
record DispatchShape(int handlers, int payloadBytes, int capacity) {
}
