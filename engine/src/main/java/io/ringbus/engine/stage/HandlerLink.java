package io.ringbus.engine.stage;

import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.EventRing;
import io.ringbus.engine.ring.RegisteredType;
import io.ringbus.engine.ring.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The lanes of one priority that share a thread. A table by event type names the lanes of each slot; they run in the
 * order in which their subscriptions came. Whatever one throws is its own affair, and the next one goes on.
 */
final class HandlerLink extends Link {

    /** Slots taken at a time, so that the next stage begins before a long backlog is worked off. */
    private static final int MAX_BATCH = 256;

    private final boolean shared;
    private final EventRing ring;
    private final List<RegisteredType<?>> types;
    private final LaneTools tools;
    private final TimedPlaces timedPlaces;

    private Lane[] lanes = {};
    private Lane[][] byType = {};
    private DirectLanes[] directByType = {};
    /** Those that may make the stage wait. */
    private Lane[] canBeStuck = {};
    /** A place that was delivered, and that a lane is stuck at: the places before it have been let go meanwhile. */
    private long stuckAt = -1;
    private int started;

    HandlerLink(String name, boolean shared, Source source, LaneTools tools) {
        super(name);
        this.shared = shared;
        this.ring = source.ring;
        this.types = source.types;
        this.timedPlaces = new TimedPlaces(source.timeEvery);
        this.tools = tools;
        tabulate(List.of());
    }

    /** Where slots come from, what may be in them, and how many pass between two that are timed. */
    record Source(EventRing ring, List<RegisteredType<?>> types, int timeEvery) {
    }

    /** Whether it is for all subscriptions of its priority that ask for no thread of their own. */
    boolean isShared() {
        return shared;
    }

    boolean holds(StageSubscription subscription) {
        return Arrays.stream(lanes).anyMatch(lane -> lane.subscription() == subscription);
    }

    /** Gives it what it begins with. Before its thread runs. */
    void beginWith(List<Lane> firstLanes) {
        tabulate(firstLanes);
    }

    /** Delivers what waited while a subscription was paused. On this link's thread, between two slots. */
    void letGo(StageSubscription subscription) {
        tools.endOfBatch(true);
        for (Lane lane : lanes) {
            if (lane.subscription() == subscription) {
                lane.letGo();
            }
        }
        endBatch();
        waitForStuckOnes();
    }

    LaneTools tools() {
        return tools;
    }

    boolean isEmpty() {
        return lanes.length == 0;
    }

    /** Takes a lane in, once the start hook has come through. On this link's thread, between two slots. */
    void add(Lane lane) throws Exception {
        try {
            lane.subscription().handler().onStart();
        } finally {
            clearInterrupt();
        }
        List<Lane> more = new ArrayList<>(Arrays.asList(lanes));
        more.add(lane);
        tabulate(more);
        started = lanes.length;
    }

    /**
     * Lets a subscription's lane go, its stop hook called. On this link's thread, between two slots.
     *
     * @return what the hook threw, one sentence; empty when it threw nothing
     */
    List<String> remove(StageSubscription subscription) {
        List<Lane> fewer = new ArrayList<>(Arrays.asList(lanes));
        fewer.removeIf(lane -> lane.subscription() == subscription);
        tabulate(fewer);
        started = lanes.length;
        try {
            return stop(subscription);
        } finally {
            clearInterrupt();
        }
    }

    /**
     * Gives a lane replayed events that are not in the ring, as one batch. On this link's thread, between two slots.
     *
     * @param gate asked before each event whether the chain is halted: nothing keeps a replay from coming again later
     * @throws CutGate.Halted when it is
     */
    void catchUp(Lane lane, List<Slot> slots, CutGate gate) {
        for (int i = 0; i < slots.size(); i++) {
            gate.requireNotHalted();
            tools.endOfBatch(i == slots.size() - 1);
            lane.deliver(slots.get(i), false);
            if (lane.isStuck()) {
                endBatch();
                waitForStuckOnes();
            }
        }
        endBatch();
        waitForStuckOnes();
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
        if (stuckAt == first) {
            stuckAt = -1;
            waitForStuckOnes();
            return first;
        }
        long end = Math.min(last, first + MAX_BATCH - 1);
        long lastDelivery = lastDelivery(first, end);
        tools.endOfBatch(false);
        long place = first;
        while (place <= end) {
            if (place == lastDelivery) {
                tools.endOfBatch(true);
            }
            place = deliver(place, Math.max(lastDelivery, place + 1) - 1);
            if (isStuck()) {
                end = place;
            }
            place++;
        }
        endBatch();
        if (!isStuck()) {
            return end;
        }
        if (end > first) {
            // What is done goes down the chain before the stage waits, perhaps for long.
            stuckAt = end;
            return end - 1;
        }
        waitForStuckOnes();
        return end;
    }

    /** The last place from which something may be delivered; the first one when there is none. */
    private long lastDelivery(long first, long last) {
        long place = last;
        while (place > first && holdsNoEvent(ring.slot(place).kind)) {
            place--;
        }
        return place;
    }

    private static boolean holdsNoEvent(Slot.Kind kind) {
        return kind == Slot.Kind.BARRIER || kind == Slot.Kind.VOID;
    }

    @Override
    List<String> stop() {
        List<String> errors = new ArrayList<>();
        for (Lane lane : Arrays.copyOf(lanes, started)) {
            errors.addAll(stop(lane.subscription()));
        }
        return errors;
    }

    private void endBatch() {
        for (Lane lane : lanes) {
            lane.endBatch();
        }
        // Before this link's sequence moves on: what the handled watermark has passed is noted.
        tools.settlements().commit();
    }

    private boolean isStuck() {
        for (Lane lane : canBeStuck) {
            if (lane.isStuck()) {
                return true;
            }
        }
        return false;
    }

    /** Waits until no lane is stuck. Each of their attempts is a batch of its own. */
    private void waitForStuckOnes() {
        tools.endOfBatch(true);
        while (isStuck()) {
            for (Lane lane : canBeStuck) {
                if (lane.isStuck()) {
                    lane.catchUp();
                }
            }
            endBatch();
        }
    }

    private static List<String> stop(StageSubscription subscription) {
        try {
            subscription.handler().onStop();
            return List.of();
        } catch (Throwable e) {
            return List.of("onStop of subscription " + subscription.name() + " threw " + e);
        }
    }

    private void tabulate(List<Lane> newLanes) {
        lanes = newLanes.toArray(Lane[]::new);
        canBeStuck = newLanes.stream().filter(Lane::canBeStuck).toArray(Lane[]::new);
        byType = types.stream()
                .map(type -> newLanes.stream()
                        .filter(lane -> lane.subscription().definition().type()
                                .isAssignableFrom(type.type().eventClass()))
                        .toArray(Lane[]::new))
                .toArray(Lane[][]::new);
        directByType = new DirectLanes[byType.length];
        Arrays.setAll(directByType, type -> new DirectLanes(ring, tools, type, byType[type]));
    }

    /** Delivers what is in one slot, or in some that are alike; returns the last place that is done with. */
    private long deliver(long first, long last) {
        Slot slot = ring.slot(first);
        if (slot.kind == Slot.Kind.EVENT) {
            long done = directByType[slot.typeIndex].deliver(first, last, timedPlaces);
            if (done >= first) {
                return done;
            }
        }
        deliver(slot, timedPlaces.isNext(first));
        return first;
    }

    private void deliver(Slot slot, boolean timed) {
        Slot.Kind kind = slot.kind;
        if (kind == Slot.Kind.EVENT) {
            for (Lane lane : byType[slot.typeIndex]) {
                lane.offer(slot, timed);
            }
            return;
        }
        switch (kind) {
            case REPLAY -> {
                for (Lane lane : byType[slot.typeIndex]) {
                    if (lane.owns(slot) && lane.subscription().wantsReplay(slot.sequence())
                            && lane.subscription().isActive()) {
                        lane.take(slot, timed);
                    }
                }
            }
            case REDELIVERY -> redeliver(slot, slot.delivery());
            default -> {
                // Nothing to deliver.
            }
        }
    }

    private void redeliver(Slot slot, Delivery delivery) {
        for (Lane lane : byType[slot.typeIndex]) {
            if (lane.subscription().index() == delivery.subscription() && lane.owns(slot)
                    && lane.subscription().isActive()) {
                lane.takeAgain(slot, delivery);
            }
        }
    }

    /** A flag that a handler leaves behind would fail what comes next: another handler, or a journal's file. */
    private static void clearInterrupt() {
        Thread.interrupted();
    }
}
