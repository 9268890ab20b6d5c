package io.ringbus.engine.stage;

import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.Slot;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The backlogs of an asynchronous lane, one for each aggregate that has something pending: the first is under way, or
 * with the timer, and the others wait behind it. Events without an aggregate have none, and without an order nobody
 * has. Used under the lane's lock.
 */
final class AsyncBacklogs {

    private final boolean ordered;
    private final Map<AggregateKey, Backlog> backlogs = new HashMap<>();
    private final AggregateKey probe = new AggregateKey();
    private final Slot slot = Slot.outsideRing();
    private int waiting;

    AsyncBacklogs(boolean ordered) {
        this.ordered = ordered;
    }

    /** How many wait behind first ones, of all aggregates. */
    int waiting() {
        return waiting;
    }

    /** The backlog of an event's aggregate; null for none. */
    Backlog of(Slot event) {
        return !ordered || backlogs.isEmpty() || event.aggregateType == null ? null : backlogs.get(probe.of(event));
    }

    /**
     * Lets later events of its aggregate wait behind a delivery.
     *
     * @param isUnderWay whether a delivery is: nothing comes before that
     * @return whether it is the first that they wait for
     */
    boolean add(Delivery delivery, Predicate<Delivery> isUnderWay) {
        Slot event = slotOf(delivery);
        if (!ordered || event.aggregateType == null) {
            return true;
        }
        Backlog backlog = of(event);
        if (backlog == null) {
            backlog = new Backlog();
            backlogs.put(new AggregateKey().of(event), backlog);
            backlog.insert(delivery);
            return true;
        }
        waiting++;
        if (isUnderWay.test(backlog.first())) {
            backlog.insertBehindFirst(delivery);
        } else {
            backlog.insert(delivery);
        }
        return backlog.first() == delivery;
    }

    /** Takes out a delivery that is over; returns the one whose turn it is now, null for none. */
    Delivery next(Delivery over) {
        Slot event = slotOf(over);
        Backlog backlog = of(event);
        if (backlog == null || backlog.first() != over) {
            return null;
        }
        backlog.removeFirst();
        Delivery next = backlog.first();
        if (next == null) {
            backlogs.remove(probe.of(event));
        } else {
            waiting--;
        }
        return next;
    }

    /** A first one that is due; null for none. */
    Delivery firstDue(long now, Predicate<Delivery> isUnderWay) {
        for (Backlog backlog : backlogs.values()) {
            Delivery first = backlog.first();
            if (first.dueAt() <= now && !isUnderWay.test(first)) {
                return first;
            }
        }
        return null;
    }

    /** The delivery as a slot; valid until the next call. */
    Slot slotOf(Delivery delivery) {
        delivery.fill(slot, delivery.attempt());
        return slot;
    }
}
