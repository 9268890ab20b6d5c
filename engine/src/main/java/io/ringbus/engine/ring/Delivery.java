package io.ringbus.engine.ring;

import io.ringbus.engine.spi.Outcome;

/**
 * A delivery that is pending: it failed, or waits behind one that did, or an operator drives it again. The only thing
 * that outlives a slot: some 100 bytes beside the event, and 200 to 400 with what the timer, the ledger and its lane
 * keep of it. It belongs to the thread of its lane; the timer only carries it round, and the ring carries the
 * visibility.
 */
public final class Delivery {

    private final int subscription;
    private final long sequence;
    private final EventCopy copy;

    private long firstFailedAt;
    /** Volatile, as the end is: the timer looks whether an attempt has been made meanwhile. */
    private volatile int attempt = 1;
    private long dueAt;
    private volatile boolean ended;
    private boolean replayed;
    private boolean drivenAgain;

    /**
     * A delivery before its first attempt has failed.
     *
     * @param subscription the index of the subscription
     * @param sequence     the event's sequence
     * @param copy         the event, in a form that outlives its slot
     */
    public Delivery(int subscription, long sequence, EventCopy copy) {
        this.subscription = subscription;
        this.sequence = sequence;
        this.copy = copy;
    }

    /**
     * A delivery as the journal remembers it.
     *
     * @param subscription the index of the subscription
     * @param copy         the event
     * @param pending      what the journal says of it
     * @return the delivery, at its attempt and its time
     */
    public static Delivery restored(int subscription, EventCopy copy, Outcome.Pending pending) {
        Delivery delivery = new Delivery(subscription, pending.sequence(), copy);
        delivery.firstFailedAt = pending.firstFailedAt();
        delivery.schedule(pending.nextAttempt(), pending.dueAt());
        delivery.drivenAgain = pending instanceof Outcome.DrivenAgain;
        return delivery;
    }

    /**
     * Sets the next attempt.
     *
     * @param newAttempt which one it will be, from 1
     * @param newDueAt   when, nanoseconds since the epoch
     */
    public void schedule(int newAttempt, long newDueAt) {
        attempt = newAttempt;
        dueAt = newDueAt;
        // It had ended well, if it was the end of its batch that failed.
        ended = false;
    }

    /**
     * Notes when an attempt failed; the first one counts.
     *
     * @param now nanoseconds since the epoch
     */
    public void failedAt(long now) {
        if (firstFailedAt == 0) {
            firstFailedAt = now;
        }
    }

    /** Ends it: no attempt that the timer still carries is made. */
    public void end() {
        ended = true;
    }

    /**
     * Whether an attempt that the timer brought is the one that comes next.
     *
     * @param broughtAttempt which attempt was brought
     * @return false when it was made meanwhile
     */
    public boolean expects(int broughtAttempt) {
        return !ended && attempt == broughtAttempt;
    }

    /** Says that it came with a replay to a subscription that is rebuilt: its further attempts are marked as that. */
    public void replayed() {
        replayed = true;
    }

    /**
     * Whether it came with a replay to a subscription that is rebuilt.
     *
     * @return true until it ends
     */
    public boolean isReplayed() {
        return replayed;
    }

    /**
     * Makes a slot a redelivery of this.
     *
     * @param slot the claimed slot
     * @param thisAttempt which attempt it is
     */
    public void fill(Slot slot, int thisAttempt) {
        slot.becomeRedelivery(this, thisAttempt);
        copy.fill(slot);
        slot.number(sequence);
    }

    /**
     * Whether it was restored as a dead letter that is driven again: later events have passed it long ago, so nothing
     * waits behind it until it has failed once more.
     *
     * @return true for one whose pending outcome is a {@link Outcome.DrivenAgain}
     */
    public boolean isDrivenAgain() {
        return drivenAgain;
    }

    /**
     * The subscription it is for.
     *
     * @return its index
     */
    public int subscription() {
        return subscription;
    }

    /**
     * The event's sequence.
     *
     * @return the sequence
     */
    public long sequence() {
        return sequence;
    }

    /**
     * The event with its header.
     *
     * @return the copy
     */
    public EventCopy copy() {
        return copy;
    }

    /**
     * When the first attempt failed.
     *
     * @return nanoseconds since the epoch; 0 when none did
     */
    public long firstFailedAt() {
        return firstFailedAt;
    }

    /**
     * The attempt that comes next, or is under way.
     *
     * @return from 1
     */
    public int attempt() {
        return attempt;
    }

    /**
     * When it is due.
     *
     * @return nanoseconds since the epoch; 0 for at once
     */
    public long dueAt() {
        return dueAt;
    }

    /**
     * An event with its header, outside of any slot.
     *
     * @param typeIndex      its type
     * @param timestampNanos when it entered the chain
     * @param aggregateType  null for none
     * @param aggregateId    the numeric id
     * @param aggregateKey   the text id, or null
     * @param event          the event, safe to keep
     */
    public record EventCopy(int typeIndex, long timestampNanos, String aggregateType, long aggregateId,
            String aggregateKey, Object event) {

        /**
         * Takes the header from a slot.
         *
         * @param slot     the slot
         * @param retained its event, in a form that outlives it
         * @return the copy
         */
        public static EventCopy of(Slot slot, Object retained) {
            return new EventCopy(slot.typeIndex, slot.timestampNanos(), slot.aggregateType, slot.aggregateId,
                    slot.aggregateKey, retained);
        }

        /**
         * Writes the header and the event into a slot.
         *
         * @param slot the claimed slot
         */
        public void fill(Slot slot) {
            slot.typeIndex = typeIndex;
            slot.stamp(timestampNanos);
            slot.aggregateType = aggregateType;
            slot.aggregateId = aggregateId;
            slot.aggregateKey = aggregateKey;
            slot.event = event;
            slot.holdsPreallocated = false;
        }
    }
}
