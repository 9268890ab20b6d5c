package io.ringbus.engine.stage;

import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventFiller;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.Slot;

/**
 * The one context of a lane, moved from delivery to delivery so that none is allocated. Not one for the whole link: where
 * subscriptions take turns, each delivery would write another reference into it, which costs as much as a short handler.
 */
final class DeliveryContext implements EventContext {

    private final StageSubscription subscription;
    private final LaneTools tools;
    private final FollowUps followUps;
    private final SlotPointer pointer;

    private boolean delivering;

    DeliveryContext(StageSubscription subscription, LaneTools tools, SlotPointer pointer) {
        this.subscription = subscription;
        this.tools = tools;
        this.followUps = tools.followUps();
        this.pointer = pointer;
    }

    /** Begins the delivery of a slot's event. */
    void deliver(Slot newSlot) {
        pointer.pointAt(newSlot);
        delivering = true;
        followUps.begin();
    }

    /** What was delivered last. */
    Slot slot() {
        return pointer.slot();
    }

    /** The handler has returned: nothing more can be published. */
    void delivered() {
        delivering = false;
    }

    @Override
    public long sequence() {
        return pointer.slot().sequence();
    }

    @Override
    public long timestampNanos() {
        return pointer.slot().timestampNanos();
    }

    @Override
    public int attempt() {
        Delivery delivery = pointer.slot().delivery();
        return delivery == null ? 1 : delivery.attempt();
    }

    @Override
    public boolean replaying() {
        return pointer.slot().kind == Slot.Kind.REPLAY || followUps.isRebuilding(subscription);
    }

    @Override
    public boolean endOfBatch() {
        return tools.isEndOfBatch();
    }

    @Override
    public String aggregateType() {
        return pointer.slot().aggregateType;
    }

    @Override
    public long aggregateId() {
        Slot slot = pointer.slot();
        return slot.aggregateType == null ? 0 : slot.aggregateId;
    }

    @Override
    public String aggregateKey() {
        return pointer.slot().aggregateKey;
    }

    @Override
    public String subscription() {
        return subscription.name();
    }

    @Override
    public void publish(Object event) {
        requireDelivering();
        followUps.publish(subscription, pointer.slot(), event);
    }

    @Override
    public <T, A> void publish(EventType<T> type, EventFiller<? super T, ? super A> filler, A argument) {
        requireDelivering();
        followUps.publish(subscription, pointer.slot(), type, filler, argument);
    }

    private void requireDelivering() {
        if (!delivering) {
            throw new EngineStateException("publish while the handler is called, on its thread; afterwards use"
                    + " engine.tryPublish: subscription=" + subscription.name());
        }
    }
}
