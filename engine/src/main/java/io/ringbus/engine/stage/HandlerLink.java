package io.ringbus.engine.stage;

import io.ringbus.engine.ring.EventRing;
import io.ringbus.engine.ring.Failure;
import io.ringbus.engine.ring.Slot;
import io.ringbus.engine.spi.EngineClock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All subscriptions of one priority. A table by event type names the subscriptions of each slot; they run in the order
 * in which they subscribed. Whatever one throws is noted in the slot, and the next one goes on.
 */
final class HandlerLink extends Link {

    /** Slots taken at a time, so that the next stage begins before a long backlog is worked off. */
    private static final int MAX_BATCH = 256;

    private final EventRing ring;
    private final EngineClock clock;
    private final StageSubscription[] subscriptions;
    private final StageSubscription[][] byType;
    private final DeliveryContext context = new DeliveryContext();

    /** For each subscription, the last place of this batch at which it was given an event; -1 for none. */
    private final long[] touchedAt;
    private final int timeEvery;
    private int untilTimed = 1;
    private int started;

    HandlerLink(int priority, Chain.Parts parts, List<StageSubscription> subscriptions, int timeEvery) {
        super("priority " + priority);
        this.ring = parts.ring();
        this.clock = parts.clock();
        this.timeEvery = timeEvery;
        this.subscriptions = subscriptions.toArray(StageSubscription[]::new);
        this.byType = parts.types().stream()
                .map(type -> subscriptions.stream()
                        .filter(s -> s.definition().type().isAssignableFrom(type.type().eventClass()))
                        .toArray(StageSubscription[]::new))
                .toArray(StageSubscription[][]::new);
        this.touchedAt = new long[subscriptions.stream().mapToInt(StageSubscription::index).max().orElse(0) + 1];
    }

    @Override
    void start() throws Exception {
        for (StageSubscription subscription : subscriptions) {
            subscription.handler().onStart();
            started++;
        }
    }

    @Override
    long process(long first, long last) {
        long end = Math.min(last, first + MAX_BATCH - 1);
        for (StageSubscription subscription : subscriptions) {
            touchedAt[subscription.index()] = -1;
        }
        for (long place = first; place <= end; place++) {
            boolean timed = --untilTimed == 0;
            if (timed) {
                untilTimed = timeEvery;
            }
            deliver(place, place == end, timed);
        }
        endBatch();
        return end;
    }

    @Override
    List<String> stop() {
        List<String> errors = new ArrayList<>();
        for (StageSubscription subscription : Arrays.copyOf(subscriptions, started)) {
            try {
                subscription.handler().onStop();
            } catch (Throwable e) {
                errors.add("onStop of subscription " + subscription.name() + " threw " + e);
            }
        }
        return errors;
    }

    private void deliver(long place, boolean endOfBatch, boolean timed) {
        Slot slot = ring.slot(place);
        context.moveTo(slot, endOfBatch);
        switch (slot.kind) {
            case EVENT -> {
                for (StageSubscription subscription : byType[slot.typeIndex]) {
                    deliver(place, slot, subscription, timed);
                }
            }
            case REPLAY -> {
                for (StageSubscription subscription : byType[slot.typeIndex]) {
                    if (subscription.wantsReplay(slot.sequence)) {
                        deliver(place, slot, subscription, timed);
                    }
                }
            }
            case REDELIVERY -> {
                for (StageSubscription subscription : byType[slot.typeIndex]) {
                    if (subscription.index() == slot.delivery.subscription() && subscription.isActive()) {
                        slot.delivered = true;
                        deliver(place, slot, subscription, timed);
                    }
                }
            }
            default -> {
                // Nothing to deliver.
            }
        }
    }

    private void deliver(long place, Slot slot, StageSubscription subscription, boolean timed) {
        if (!subscription.isActive()) {
            return;
        }
        context.deliverTo(subscription);
        long begun = timed ? System.nanoTime() : 0;
        try {
            if (!subscription.accepts(slot.event)) {
                return;
            }
            touchedAt[subscription.index()] = place;
            subscription.handler().onEvent(slot.event, context);
            subscription.countHandled();
        } catch (Throwable e) {
            noteFailure(slot, subscription, e);
        } finally {
            clearInterrupt();
        }
        if (timed) {
            subscription.countTime(System.nanoTime() - begun);
        }
    }

    private void endBatch() {
        for (StageSubscription subscription : subscriptions) {
            long place = touchedAt[subscription.index()];
            if (place >= 0) {
                try {
                    subscription.handler().onBatchEnd();
                } catch (Throwable e) {
                    noteBatchFailure(ring.slot(place), subscription, e);
                } finally {
                    clearInterrupt();
                }
            }
        }
    }

    /** A flag that a handler leaves behind would fail what comes next: another handler, or a journal's file. */
    private static void clearInterrupt() {
        Thread.interrupted();
    }

    /** The last delivery of the batch has failed; unless it had already, then once is enough. */
    private void noteBatchFailure(Slot slot, StageSubscription subscription, Throwable error) {
        List<Failure> failures = slot.failures();
        if (failures == null || failures.stream().noneMatch(f -> f.subscription() == subscription.index())) {
            noteFailure(slot, subscription, error);
        }
    }

    private void noteFailure(Slot slot, StageSubscription subscription, Throwable error) {
        if (error instanceof VirtualMachineError fatal && !(error instanceof StackOverflowError)) {
            // Nothing can be promised in a JVM that ran out of memory or broke.
            throw fatal;
        }
        subscription.countFailed();
        slot.noteFailure(new Failure(subscription.index(), error, clock.epochNanos()));
    }
}
