package io.ringbus.engine.stage;

import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.EventRing;
import io.ringbus.engine.ring.Lifecycle;
import io.ringbus.engine.ring.Slot;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.stats.EngineState;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** What the lanes of one link share. Used by the link's thread. */
final class LaneTools {

    private static final long LONGEST_PARK_NANOS = 1_000_000L;

    private final Supplier<Settlements> newSettlements;
    private final Settlements settlements;
    private final Completions completions;
    private final EngineClock clock;
    private final End end;
    private final FollowUps followUps;
    private final DirectDelivery directDelivery = new DirectDelivery();
    private final EventRing ring;
    private boolean endOfBatch;
    /** Outside of the ring: what is delivered without a slot of its own stands here meanwhile. */
    private final Slot scratch = Slot.outsideRing();

    LaneTools(EventRing ring, Supplier<Settlements> newSettlements, FollowUps followUps, EngineClock clock, End end,
            Completions completions) {
        this.ring = ring;
        this.newSettlements = newSettlements;
        this.settlements = newSettlements.get();
        this.completions = completions;
        this.followUps = followUps;
        this.clock = clock;
        this.end = end;
    }

    /** Who knows whether it all comes to an end: the engine's state, and the gate that a halted chain opens. */
    record End(Lifecycle lifecycle, CutGate gate) {
    }

    Settlements settlements() {
        return settlements;
    }

    /** Settlements of its own, for a lane that is used by more than the link's thread. */
    Settlements newSettlements() {
        return newSettlements.get();
    }

    Completions completions() {
        return completions;
    }

    /** Whether deliveries of a subscription are still to be waited for. */
    boolean isOpen(StageSubscription subscription) {
        EngineState state = end.lifecycle.state();
        return (state == EngineState.RUNNING || state == EngineState.RECOVERING) && subscription.isActive()
                && !subscription.isLeaving();
    }

    /** Whether the chain is at its end: nothing is waited for any more. */
    boolean isHalted() {
        return end.gate.isHalted();
    }

    FollowUps followUps() {
        return followUps;
    }

    DirectDelivery directDelivery() {
        return directDelivery;
    }

    /** What a lane's handler is told of its deliveries. */
    DeliveryContext newContext(StageSubscription subscription) {
        return new DeliveryContext(subscription, this, ring);
    }

    /** Says whether what is delivered now is the last of its batch. */
    void endOfBatch(boolean isEndOfBatch) {
        endOfBatch = isEndOfBatch;
    }

    boolean isEndOfBatch() {
        return endOfBatch;
    }

    EngineClock clock() {
        return clock;
    }

    /** The delivery as a slot; valid until the next call. */
    Slot slotOf(Delivery delivery) {
        delivery.fill(scratch, delivery.attempt());
        if (delivery.isReplayed()) {
            scratch.kind = Slot.Kind.REPLAY;
        }
        return scratch;
    }

    /**
     * Waits on the stage's thread.
     *
     * @param subscription for whose delivery it waits
     * @param dueAt        nanoseconds since the epoch
     * @return false when the engine is being closed, or has failed, or the subscription has ended: then no attempt is
     *         made, even when it is due, or a handler that fails at once for ever would keep the engine open
     */
    boolean waitUntil(StageSubscription subscription, long dueAt) {
        while (true) {
            if (!isOpen(subscription)) {
                return false;
            }
            long left = dueAt - clock.epochNanos();
            if (left <= 0) {
                return true;
            }
            // The clock may be one that does not run with the machine's, so it is looked at often.
            park(left);
        }
    }

    /** Lets some time pass on the stage's thread. */
    void pause() {
        park(LONGEST_PARK_NANOS);
    }

    private static void park(long nanos) {
        LockSupport.parkNanos(Math.min(nanos, LONGEST_PARK_NANOS));
        // Left behind, the flag would make parking return at once.
        Thread.interrupted();
    }
}
