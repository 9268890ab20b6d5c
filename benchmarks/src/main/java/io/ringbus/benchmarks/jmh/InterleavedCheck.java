package io.ringbus.benchmarks.jmh;

import java.time.Duration;

/**
 * The handler for several publishers. Of n publishers the i-th, from 0, publishes the numbers i + 1, i + 1 + n, and so
 * on: all numbers come, once each, and those of one publisher in their order.
 */
final class InterleavedCheck extends PayloadCheck {

    private final long[] due;

    InterleavedCheck(int publishers, int payloadBytes, Duration patience) {
        super(payloadBytes, patience);
        this.due = new long[publishers];
        for (int i = 0; i < publishers; i++) {
            due[i] = i + 1;
        }
    }

    @Override
    long due(long count, PayloadEvent event) {
        int publisher = (int) Math.floorMod(event.number() - 1, (long) due.length);
        long number = due[publisher];
        due[publisher] = number + due.length;
        return number;
    }
}
