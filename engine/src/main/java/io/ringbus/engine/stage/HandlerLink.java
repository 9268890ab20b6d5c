package io.ringbus.engine.stage;

import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.EventRing;
import io.ringbus.engine.ring.RegisteredType;
import io.ringbus.engine.ring.Slot;
import java.util.ArrayList;
import java.util.List;

/**
 * All subscriptions of one priority. A table by event type names the subscriptions of each slot; they run in the order
 * in which they subscribed. Whatever one throws is its own affair, and the next one goes on.
 */
final class HandlerLink extends Link {

    /** Slots taken at a time, so that the next stage begins before a long backlog is worked off. */
    private static final int MAX_BATCH = 256;

    private final EventRing ring;
    private final LaneTools tools;
    private final int timeEvery;
    private final Lane[] lanes;
    private final Lane[][] byType;

    private int untilTimed = 1;
    private int started;

    HandlerLink(int priority, EventRing ring, List<RegisteredType<?>> types, LaneTools tools,
            List<StageSubscription> subscriptions, int timeEvery) {
        super("priority " + priority);
        this.ring = ring;
        this.tools = tools;
        this.timeEvery = timeEvery;
        this.lanes = subscriptions.stream().map(subscription -> subscription.newLane(tools)).toArray(Lane[]::new);
        this.byType = types.stream().map(this::lanesFor).toArray(Lane[][]::new);
    }

    @Override
    void start() throws Exception {
        for (Lane lane : lanes) {
            lane.subscription().handler().onStart();
            started++;
        }
    }

    @Override
    long process(long first, long last) {
        long end = Math.min(last, first + MAX_BATCH - 1);
        for (long place = first; place <= end; place++) {
            boolean timed = --untilTimed == 0;
            if (timed) {
                untilTimed = timeEvery;
            }
            tools.context().endOfBatch(place == end);
            deliver(ring.slot(place), timed);
        }
        for (Lane lane : lanes) {
            lane.endBatch();
        }
        // Before this link's sequence moves on: what the handled watermark has passed is noted.
        tools.settlements().commit();
        return end;
    }

    @Override
    List<String> stop() {
        List<String> errors = new ArrayList<>();
        for (int i = 0; i < started; i++) {
            try {
                lanes[i].subscription().handler().onStop();
            } catch (Throwable e) {
                errors.add("onStop of subscription " + lanes[i].subscription().name() + " threw " + e);
            }
        }
        return errors;
    }

    private void deliver(Slot slot, boolean timed) {
        switch (slot.kind) {
            case EVENT -> {
                for (Lane lane : byType[slot.typeIndex]) {
                    if (lane.subscription().isActive()) {
                        lane.deliver(slot, timed);
                    }
                }
            }
            case REPLAY -> {
                for (Lane lane : byType[slot.typeIndex]) {
                    if (lane.subscription().wantsReplay(slot.sequence) && lane.subscription().isActive()) {
                        lane.deliver(slot, timed);
                    }
                }
            }
            case REDELIVERY -> redeliver(slot, slot.delivery);
            default -> {
                // Nothing to deliver.
            }
        }
    }

    private void redeliver(Slot slot, Delivery delivery) {
        for (Lane lane : byType[slot.typeIndex]) {
            if (lane.subscription().index() == delivery.subscription() && lane.subscription().isActive()
                    && delivery.expects(slot.attempt)) {
                lane.redeliver(slot, delivery);
            }
        }
    }

    private Lane[] lanesFor(RegisteredType<?> type) {
        List<Lane> interested = new ArrayList<>();
        for (Lane lane : lanes) {
            if (lane.subscription().definition().type().isAssignableFrom(type.type().eventClass())) {
                interested.add(lane);
            }
        }
        return interested.toArray(Lane[]::new);
    }
}
