package io.ringbus.engine.stage;

import io.ringbus.engine.error.OutboxFullException;
import io.ringbus.engine.event.EventFiller;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.ring.FollowUpNote;
import io.ringbus.engine.ring.Outbox;
import io.ringbus.engine.ring.Publisher;
import io.ringbus.engine.ring.Slot;
import io.ringbus.engine.spi.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a handler publishes during one delivery. It is kept back until the handler has returned: a failed delivery
 * publishes nothing, and the next attempt begins anew. One for each link, used by its thread.
 */
final class FollowUps {

    private final Publisher publisher;
    private final Outbox outbox;
    private final FollowUpMatcher recovery;
    private final boolean durable;

    private FollowUpMatcher matcher;

    private Slot[] staged = new Slot[4];
    private int count;
    private RuntimeException refusal;
    private boolean touched;

    FollowUps(Publisher publisher, Outbox outbox, FollowUpMatcher matcher, boolean durable) {
        this.publisher = publisher;
        this.outbox = outbox;
        this.recovery = matcher;
        this.matcher = matcher;
        this.durable = durable;
    }

    /** Matches with the past of one subscription that catches up, which alone is given events meanwhile. */
    void matchWith(FollowUpMatcher ofOne) {
        matcher = ofOne;
    }

    void matchAsBefore() {
        matcher = recovery;
    }

    /** Begins a delivery. */
    void begin() {
        if (touched) {
            count = 0;
            refusal = null;
            touched = false;
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Whether the delivery published, or tried to. */
    boolean isTouched() {
        return touched;
    }

    /** Why the delivery has failed although the handler came back; null when it has not. */
    RuntimeException refusal() {
        return refusal;
    }

    /** Whether a delivery is a part of a replay, which brings the state back; an attempt made again is too. */
    boolean isRebuilding(StageSubscription subscription) {
        return subscription.definition().recovery() == RecoveryMode.REBUILD && matcher.isActive();
    }

    void publish(StageSubscription subscription, Slot cause, Object event) {
        Slot spare = stage();
        publisher.prepare(spare, event);
        staged(subscription, cause, spare);
    }

    <T, A> void publish(StageSubscription subscription, Slot cause, EventType<T> type,
            EventFiller<? super T, ? super A> filler, A argument) {
        Slot spare = stage();
        publisher.prepare(spare, type, filler, argument);
        staged(subscription, cause, spare);
    }

    /**
     * Lets go of what the delivery published.
     *
     * @param outcome what the log has to be told of the delivery; null for nothing
     * @return whether the log is told later, when the journal has the follow-ups
     */
    boolean release(StageSubscription subscription, Outcome outcome) {
        if (isRebuilding(subscription)) {
            for (int i = 0; i < count; i++) {
                matcher.published(staged[i]);
                staged[i] = null;
            }
            return false;
        }
        return letGo(subscription, staged, count, outcome);
    }

    /** Hands over what the delivery published, for a handling that ends later. */
    List<Slot> take() {
        if (count == 0) {
            return List.of();
        }
        List<Slot> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(staged[i]);
            staged[i] = null;
        }
        count = 0;
        return taken;
    }

    /** Lets go of what {@link #take} handed over; otherwise as {@link #release(StageSubscription, Outcome)}. Any thread. */
    boolean release(StageSubscription subscription, List<Slot> taken, Outcome outcome) {
        return letGo(subscription, taken.toArray(Slot[]::new), taken.size(), outcome);
    }

    private boolean letGo(StageSubscription subscription, Slot[] slots, int number, Outcome outcome) {
        FollowUpNote.Purpose purpose = purpose(subscription);
        boolean later = purpose == FollowUpNote.Purpose.HOLDS_POSITION;
        outbox.publish(slots, number, purpose, later ? outcome : null);
        return later && outcome != null;
    }

    /** What a rebuilding handler published comes back with a replay; what a live one did need not come back. */
    private FollowUpNote.Purpose purpose(StageSubscription subscription) {
        RecoveryMode mode = subscription.definition().recovery();
        if (!durable || mode == RecoveryMode.LIVE) {
            return FollowUpNote.Purpose.NONE;
        }
        return mode == RecoveryMode.RESUME ? FollowUpNote.Purpose.HOLDS_POSITION : FollowUpNote.Purpose.ON_ITS_WAY;
    }

    private Slot stage() {
        touched = true;
        try {
            outbox.requireRoom(count);
        } catch (OutboxFullException e) {
            // A handler that catches this has failed all the same: one of its events would be missing.
            refusal = e;
            throw e;
        }
        if (count == staged.length) {
            staged = Arrays.copyOf(staged, 2 * count);
        }
        if (staged[count] == null) {
            staged[count] = outbox.spare();
        }
        return staged[count];
    }

    private void staged(StageSubscription subscription, Slot cause, Slot spare) {
        spare.causedBy(cause.sequence(), subscription.name(), count);
        count++;
    }
}
