package io.ringbus.engine.stage;

import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventFiller;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.EventRing;
import io.ringbus.engine.ring.Slot;

/** The one context of a handler link, moved from delivery to delivery so that none is allocated. */
final class DeliveryContext implements EventContext {

    private final FollowUps followUps;
    private final SlotPointer pointer;

    private StageSubscription subscription;
    private boolean endOfBatch;
    private boolean delivering;

    DeliveryContext(FollowUps followUps, EventRing ring) {
        this.followUps = followUps;
        this.pointer = new SlotPointer(ring);
    }

    void endOfBatch(boolean isEndOfBatch) {
        endOfBatch = isEndOfBatch;
    }

    void deliverTo(StageSubscription newSubscription, Slot newSlot) {
        if (subscription != newSubscription) {
            subscription = newSubscription;
        }
        pointer.pointAt(newSlot);
        delivering = true;
        followUps.begin();
    }

    /** The handler has returned: nothing more can be published. */
    void delivered() {
        delivering = false;
    }

    @Override
    public long sequence() {
        return pointer.slot().sequence;
    }

    @Override
    public long timestampNanos() {
        return pointer.slot().timestampNanos;
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
        return endOfBatch;
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
                    + " engine.tryPublish: subscription=" + (subscription == null ? null : subscription.name()));
        }
    }
}
