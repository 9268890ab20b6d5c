package io.ringbus.engine.stage;

import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventFiller;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.EventRing;
import io.ringbus.engine.ring.Slot;

/**
 * The one context of a lane, moved from delivery to delivery so that none is allocated. Not one for the whole link: where
 * subscriptions take turns, each delivery would write another reference into it, which costs as much as a short handler:
 * the default collector lets a thread wait for its own writes whenever it stores a reference into an old object. While its
 * lane is direct, what is delivered stands in the link's {@link DirectDelivery}.
 */
final class DeliveryContext implements EventContext {

    private static final long OUTSIDE = -1;

    private final StageSubscription subscription;
    private final LaneTools tools;
    private final FollowUps followUps;
    private final DirectDelivery direct;
    private final EventRing ring;

    /** A place of the slot that was delivered last; a number, for the same reason. */
    private long place = OUTSIDE;
    /** What was delivered last when that is no part of the ring; null before the first. */
    private Slot outside;
    private boolean delivering;

    DeliveryContext(StageSubscription subscription, LaneTools tools, EventRing ring) {
        this.subscription = subscription;
        this.tools = tools;
        this.followUps = tools.followUps();
        this.direct = tools.directDelivery();
        this.ring = ring;
    }

    /** Begins the delivery of a slot's event. */
    void deliver(Slot slot) {
        place = slot.index();
        if (place < 0 && outside != slot) {
            outside = slot;
        }
        followUps.begin();
        delivering = true;
    }

    /** Says which place's event was delivered last, directly. */
    void deliveredDirectly(long lastPlace) {
        place = lastPlace;
    }

    /** What is delivered, or was last; null before the first. */
    Slot slot() {
        if (direct.isUnderWay()) {
            return ring.slot(direct.place());
        }
        return place < 0 ? outside : ring.slot(place);
    }

    /** The handler has returned: nothing more can be published. */
    void delivered() {
        delivering = false;
    }

    @Override
    public long sequence() {
        return slot().sequence();
    }

    @Override
    public long timestampNanos() {
        return slot().timestampNanos();
    }

    @Override
    public int attempt() {
        Delivery delivery = slot().delivery();
        return delivery == null ? 1 : delivery.attempt();
    }

    @Override
    public boolean replaying() {
        return slot().kind == Slot.Kind.REPLAY || followUps.isRebuilding(subscription);
    }

    @Override
    public boolean endOfBatch() {
        return tools.isEndOfBatch();
    }

    @Override
    public String aggregateType() {
        return slot().aggregateType;
    }

    @Override
    public long aggregateId() {
        Slot slot = slot();
        return slot.aggregateType == null ? 0 : slot.aggregateId;
    }

    @Override
    public String aggregateKey() {
        return slot().aggregateKey;
    }

    @Override
    public String subscription() {
        return subscription.name();
    }

    @Override
    public void publish(Object event) {
        requireDelivering();
        followUps.publish(subscription, slot(), event);
    }

    @Override
    public <T, A> void publish(EventType<T> type, EventFiller<? super T, ? super A> filler, A argument) {
        requireDelivering();
        followUps.publish(subscription, slot(), type, filler, argument);
    }

    private void requireDelivering() {
        if (!delivering && !direct.isTo(subscription)) {
            throw new EngineStateException("publish while the handler is called, on its thread; afterwards use"
                    + " engine.tryPublish: subscription=" + subscription.name());
        }
    }
}
