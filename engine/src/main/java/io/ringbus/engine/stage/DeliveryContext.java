package io.ringbus.engine.stage;

import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.ring.Slot;

/** The one context of a handler link, moved from delivery to delivery so that none is allocated. */
final class DeliveryContext implements EventContext {

    private Slot slot;
    private StageSubscription subscription;
    private boolean endOfBatch;

    void endOfBatch(boolean isEndOfBatch) {
        endOfBatch = isEndOfBatch;
    }

    void deliverTo(StageSubscription newSubscription, Slot newSlot) {
        subscription = newSubscription;
        slot = newSlot;
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
        return slot.kind == Slot.Kind.REPLAY;
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
}
