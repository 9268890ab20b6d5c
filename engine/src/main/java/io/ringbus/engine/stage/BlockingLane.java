package io.ringbus.engine.stage;

import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.Slot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code RetryOrder.BLOCKING}: the stage waits until what failed has come to its end, and makes the attempts itself.
 * Each is in the outcome log before the wait for the next begins. When the engine closes meanwhile, what is not done
 * stays pending, and what follows waits behind it in a backlog that the next start begins with.
 */
final class BlockingLane extends Lane {

    private static final long NONE = Long.MIN_VALUE;

    private final Backlog backlog = new Backlog();
    /** Failed in an earlier run of a rebuilding subscription: they go on where they were when the replay comes to them. */
    private final Map<Long, Delivery> failedBefore = new HashMap<>();

    /** Up to which sequence the backlog has to be worked off before the stage goes on; {@link #NONE} when it may. */
    private long stuckThrough = NONE;
    /** What came while the backlog was before it. */
    private Slot stalled;
    /** Whose redelivery the timer will bring when no event comes before. */
    private Delivery alarm;

    BlockingLane(StageSubscription subscription, LaneTools tools, Partition partition) {
        super(subscription, tools, partition);
    }

    @Override
    boolean isClear() {
        return backlog.isEmpty() && failedBefore.isEmpty();
    }

    @Override
    void deliver(Slot slot, boolean timed) {
        if (!backlog.isEmpty() && backlog.first().sequence() < slot.sequence()) {
            stall(slot, slot.sequence());
        } else {
            deliverNow(slot, timed);
        }
    }

    @Override
    void redeliver(Slot slot, Delivery delivery) {
        // What the last run left comes in its own order: the timer's call for the first of it is only the alarm clock.
        stall(slot, Long.MAX_VALUE);
    }

    @Override
    List<Delivery> restore(List<Delivery> deliveries) {
        deliveries.forEach(backlog::insert);
        alarm = backlog.first();
        return alarm == null ? List.of() : List.of(alarm);
    }

    @Override
    void goOnWith(List<Delivery> deliveries) {
        deliveries.forEach(delivery -> failedBefore.put(delivery.sequence(), delivery));
    }

    @Override
    void onFailure(Slot slot, Delivery delivery, Throwable error) {
        Delivery again = settlements().failed(subscription(), slot, delivery, error);
        if (again != null) {
            waitFor(again);
        } else if (delivery != null) {
            delivery.end();
        }
    }

    @Override
    boolean canBeStuck() {
        return true;
    }

    @Override
    boolean isStuck() {
        return stuckThrough != NONE;
    }

    @Override
    void catchUp() {
        boolean goesOn = true;
        while (goesOn && !backlog.isEmpty() && backlog.first().sequence() <= stuckThrough) {
            goesOn = tools().waitUntil(subscription(), backlog.first().dueAt());
            if (goesOn) {
                attemptAgain(backlog.removeFirst());
            }
        }
        stuckThrough = NONE;
        Slot slot = stalled;
        stalled = null;
        if (slot != null) {
            takeUp(slot, goesOn);
        }
        if (!backlog.isEmpty() && backlog.first() != alarm) {
            alarm = backlog.first();
            settlements().schedule(alarm);
        }
    }

    private void takeUp(Slot slot, boolean goesOn) {
        if (!goesOn) {
            hold(slot);
        } else if (slot.kind == Slot.Kind.REDELIVERY) {
            if (slot.delivery().expects(slot.attempt())) {
                // Driven again by an operator: it was not in the backlog.
                attemptAgain(slot.delivery());
            }
        } else {
            deliverNow(slot, false);
        }
    }

    private void deliverNow(Slot slot, boolean timed) {
        Delivery earlier = failedBefore.isEmpty() ? null : failedBefore.remove(slot.sequence());
        if (earlier != null) {
            earlier.replayed();
            waitFor(earlier);
        } else if (accepts(slot)) {
            Throwable error = attempt(slot, null, timed);
            if (error == AsyncHandler.NOT_ENDED) {
                hold(slot);
            } else if (error != null) {
                fail(slot, null, error);
            }
        }
    }

    private void attemptAgain(Delivery delivery) {
        Slot slot = tools().slotOf(delivery);
        Throwable error = attempt(slot, delivery, false);
        if (error == AsyncHandler.NOT_ENDED) {
            backlog.insert(delivery);
        } else if (error != null) {
            fail(slot, delivery, error);
        }
        settlements().commit();
    }

    private void stall(Slot slot, long through) {
        stalled = slot;
        stuckThrough = through;
    }

    private void waitFor(Delivery delivery) {
        backlog.insert(delivery);
        stuckThrough = Math.max(stuckThrough, delivery.sequence());
    }

    /** The engine closes, or the subscription has ended: nothing is attempted any more. */
    private void hold(Slot slot) {
        if (!subscription().isActive()) {
            return;
        }
        if (slot.kind == Slot.Kind.REDELIVERY) {
            if (!backlog.contains(slot.delivery())) {
                backlog.insert(slot.delivery());
            }
        } else if (mayWant(slot)) {
            Delivery delivery = settlements().waiting(subscription(), slot);
            if (delivery != null) {
                backlog.insert(delivery);
            }
        }
    }
}
