package io.ringbus.engine.stage;

import io.ringbus.engine.ring.Delivery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Pending deliveries in the order of their sequences: the first is with the timer or under way, the others wait behind
 * it. One that nobody waits behind takes 24 bytes: among many failed deliveries most are alone.
 */
final class Backlog {

    private Delivery first;
    /** Null until there is a second one. */
    private ArrayDeque<Delivery> behind;

    boolean isEmpty() {
        return first == null;
    }

    Delivery first() {
        return first;
    }

    boolean contains(Delivery delivery) {
        return first == delivery || behind != null && behind.contains(delivery);
    }

    /** Puts a delivery in its place: mostly the last, or before the first when that has overtaken it. */
    void insert(Delivery delivery) {
        if (first == null) {
            first = delivery;
            return;
        }
        if (delivery.sequence() > first.sequence()) {
            insertBehindFirst(delivery);
            return;
        }
        Delivery second = first;
        first = delivery;
        if (behind == null || behind.isEmpty() || second.sequence() > behind.peekFirst().sequence()) {
            insertBehindFirst(second);
        } else {
            behind.addFirst(second);
        }
    }

    /** Puts a delivery in its place behind the first, whatever its sequence: that one is under way. */
    void insertBehindFirst(Delivery delivery) {
        if (behind == null) {
            behind = new ArrayDeque<>();
        }
        if (behind.isEmpty() || behind.peekLast().sequence() < delivery.sequence()) {
            behind.addLast(delivery);
        } else {
            // Rare: an operator drives a dead letter again, or a replay brings what a crash made forget.
            List<Delivery> sorted = new ArrayList<>(behind);
            sorted.add(delivery);
            sorted.sort(Comparator.comparingLong(Delivery::sequence));
            behind = new ArrayDeque<>(sorted);
        }
    }

    /** Takes the first out, and moves the next one up. */
    Delivery removeFirst() {
        Delivery removed = first;
        first = behind == null ? null : behind.pollFirst();
        return removed;
    }
}
