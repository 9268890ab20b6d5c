package io.ringbus.engine.stage;

import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventFiller;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.ring.Slot;

/** The one context of a handler link, moved from delivery to delivery so that none is allocated. */
final class DeliveryContext implements EventContext {

    private final FollowUps followUps;

    private Slot slot;
    private StageSubscription subscription;
    private boolean endOfBatch;
    private boolean delivering;

    DeliveryContext(FollowUps followUps) {
        this.followUps = followUps;
    }

    void endOfBatch(boolean isEndOfBatch) {
        endOfBatch = isEndOfBatch;
    }

    void deliverTo(StageSubscription newSubscription, Slot newSlot) {
        subscription = newSubscription;
        slot = newSlot;
        delivering = true;
        followUps.begin();
    }

    /** The handler has returned: nothing more can be published. */
    void delivered() {
        delivering = false;
    }

    @Override
    public long sequence() {
        return slot.sequence;
    }

    @Override
    public long timestampNanos() {
        return slot.timestampNanos;
    }

    @Override
    public int attempt() {
        return slot.delivery == null ? 1 : slot.delivery.attempt();
    }

    @Override
    public boolean replaying() {
        return slot.kind == Slot.Kind.REPLAY || followUps.isRebuilding(subscription);
    }

    @Override
    public boolean endOfBatch() {
        return endOfBatch;
    }

    @Override
    public String aggregateType() {
        return slot.aggregateType;
    }

    @Override
    public long aggregateId() {
        return slot.aggregateType == null ? 0 : slot.aggregateId;
    }

    @Override
    public String aggregateKey() {
        return slot.aggregateKey;
    }

    @Override
    public String subscription() {
        return subscription.name();
    }

    @Override
    public void publish(Object event) {
        requireDelivering();
        followUps.publish(subscription, slot, event);
    }

    @Override
    public <T, A> void publish(EventType<T> type, EventFiller<? super T, ? super A> filler, A argument) {
        requireDelivering();
        followUps.publish(subscription, slot, type, filler, argument);
    }

    private void requireDelivering() {
        if (!delivering) {
            throw new EngineStateException("publish while the handler is called, on its thread; afterwards use"
                    + " engine.tryPublish: subscription=" + (subscription == null ? null : subscription.name()));
        }
    }
}
