package io.ringbus.engine.stage;

import io.ringbus.engine.error.TooManyWaitingException;
import io.ringbus.engine.retry.WaitingOverflow;
import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.Slot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What waits in a lane while its subscription is paused. Used by the thread of the lane's link. */
final class HeldDeliveries {

    private final Lane lane;
    private final List<Retry> held = new ArrayList<>();
    /** What waited has no place in the ring any more. */
    private final Slot slot = Slot.outsideRing();

    HeldDeliveries(Lane lane) {
        this.lane = lane;
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    /**
     * Waits, with the stage, while as many wait as may; returns whether the subscription is paused still. When the
     * engine closes, what is left in the ring waits beyond the bound.
     */
    boolean awaitRoom() {
        StageSubscription subscription = lane.subscription();
        StageSubscription.Retrying retrying = subscription.definition().retrying();
        if (held.size() >= retrying.maxWaiting() && retrying.overflow() == WaitingOverflow.BLOCK_STAGE) {
            lane.settlements().commit();
            while (subscription.isPaused() && lane.tools().isOpen(subscription)) {
                lane.tools().pause();
            }
        }
        return subscription.isPaused();
    }

    /** Lets a new event wait; gives it up when as many wait as may, and the subscription says so. */
    void hold(Slot event) {
        StageSubscription subscription = lane.subscription();
        StageSubscription.Retrying retrying = subscription.definition().retrying();
        if (held.size() >= retrying.maxWaiting() && retrying.overflow() == WaitingOverflow.DEAD_LETTER) {
            lane.settlements().giveUp(subscription, event, new TooManyWaitingException("as many deliveries wait for a"
                    + " paused subscription as may; resume it and drive them again, or raise maxWaiting: subscription="
                    + subscription.name() + ", maxWaiting=" + retrying.maxWaiting()));
            return;
        }
        Delivery delivery = lane.settlements().waiting(subscription, event);
        if (delivery != null) {
            hold(delivery);
        }
    }

    /** Lets a pending delivery wait, whose next attempt is due. */
    void hold(Delivery delivery) {
        held.add(Retry.of(delivery));
    }

    /** Has the lane deliver all of them, in the order of their sequences. */
    void letGo() {
        if (held.isEmpty()) {
            return;
        }
        List<Retry> now = new ArrayList<>(held);
        held.clear();
        now.sort(Comparator.comparingLong(retry -> retry.delivery().sequence()));
        for (Retry retry : now) {
            // One that waited twice, or behind another, may have been attempted by now: what is next has its own time.
            if (lane.subscription().isActive() && retry.delivery().expects(retry.attempt())) {
                retry.fill(slot);
                lane.redeliver(slot, retry.delivery());
                while (lane.isStuck()) {
                    lane.settlements().commit();
                    lane.catchUp();
                }
            }
        }
    }
}
