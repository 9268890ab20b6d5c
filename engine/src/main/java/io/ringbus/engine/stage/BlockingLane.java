package io.ringbus.engine.stage;

import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.Slot;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code RetryOrder.BLOCKING}: the stage waits until what failed has come to its end, and makes the attempts itself.
 * Each is in the outcome log before the wait for the next begins. When the engine closes meanwhile, what is not done
 * stays pending, and what follows waits behind it in a backlog that the next start begins with.
 */
final class BlockingLane extends Lane {

    private final Deque<Delivery> backlog = new ArrayDeque<>();
    /** Failed in an earlier run of a rebuilding subscription: they go on where they were when the replay comes to them. */
    private final Map<Long, Delivery> failedBefore = new HashMap<>();

    BlockingLane(StageSubscription subscription, LaneTools tools) {
        super(subscription, tools);
    }

    @Override
    void deliver(Slot slot, boolean timed) {
        if (!accepts(slot)) {
            return;
        }
        if (!drain()) {
            hold(slot);
            return;
        }
        Delivery earlier = failedBefore.isEmpty() ? null : failedBefore.remove(slot.sequence);
        if (earlier != null) {
            settle(earlier);
            return;
        }
        Throwable error = attempt(slot, null, timed);
        if (error != null) {
            fail(slot, null, error);
        }
    }

    @Override
    void redeliver(Slot slot, Delivery delivery) {
        // What the last run left comes in its own order: the timer's call for the first of it is only the alarm clock.
        boolean inBacklog = backlog.contains(delivery);
        if (drain() && !inBacklog) {
            settle(delivery);
        } else if (!inBacklog) {
            backlog.addLast(delivery);
        }
    }

    @Override
    List<Delivery> restore(List<Delivery> deliveries) {
        backlog.addAll(deliveries);
        return deliveries.isEmpty() ? List.of() : List.of(deliveries.get(0));
    }

    @Override
    void goOnWith(List<Delivery> deliveries) {
        deliveries.forEach(delivery -> failedBefore.put(delivery.sequence(), delivery));
    }

    @Override
    boolean onFailure(Slot slot, Delivery delivery, Throwable error) {
        Delivery again = settlements().failed(subscription(), slot, delivery, error);
        if (again == null) {
            if (delivery != null) {
                delivery.end();
            }
            return false;
        }
        return settle(again);
    }

    /**
     * Attempts a delivery at its times until it has come to its end, or the engine closes; then it is the first of the
     * backlog. Returns whether the handler was called.
     */
    private boolean settle(Delivery delivery) {
        boolean called = false;
        settlements().commit();
        while (tools().waitUntil(delivery.dueAt())) {
            Slot slot = tools().slotOf(delivery);
            Throwable error = attempt(slot, delivery, false);
            called = true;
            if (error == null) {
                return true;
            }
            lastHasFailed();
            if (settlements().failed(subscription(), slot, delivery, error) == null) {
                delivery.end();
                return true;
            }
            settlements().commit();
        }
        backlog.addFirst(delivery);
        return called;
    }

    /** Whether nothing is left of the backlog. */
    private boolean drain() {
        while (!backlog.isEmpty()) {
            Delivery first = backlog.removeFirst();
            settle(first);
            if (backlog.peekFirst() == first) {
                return false;
            }
        }
        return true;
    }

    private void hold(Slot slot) {
        Delivery delivery = settlements().waiting(subscription(), slot);
        if (delivery != null) {
            backlog.addLast(delivery);
        }
    }
}
