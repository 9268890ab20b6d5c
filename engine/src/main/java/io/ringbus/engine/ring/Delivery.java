package io.ringbus.engine.ring;

/**
 * A delivery that failed at least once and waits for another attempt. The only thing that outlives a slot: some 100
 * bytes beside the event. Owned by the timer while it waits and by the retry link while its redelivery is in the ring;
 * the timer's lock and the ring carry the visibility.
 */
public final class Delivery {

    private final int subscription;
    private final long sequence;
    private final EventCopy event;
    private final long firstFailedAt;

    private int attempt;
    private long dueAt;

    /**
     * A delivery after its first failure, or as the journal remembers it.
     *
     * @param subscription  the index of the subscription
     * @param sequence      the event's sequence
     * @param event         the event, in a form that outlives its slot
     * @param firstFailedAt when the first attempt failed, nanoseconds since the epoch
     */
    public Delivery(int subscription, long sequence, EventCopy event, long firstFailedAt) {
        this.subscription = subscription;
        this.sequence = sequence;
        this.event = event;
        this.firstFailedAt = firstFailedAt;
    }

    /**
     * Sets the next attempt.
     *
     * @param newAttempt which one it will be, from 2
     * @param newDueAt   when, nanoseconds since the epoch
     */
    public void schedule(int newAttempt, long newDueAt) {
        attempt = newAttempt;
        dueAt = newDueAt;
    }

    /**
     * Makes a slot a redelivery of this.
     *
     * @param slot the claimed slot
     */
    public void fill(Slot slot) {
        slot.kind = Slot.Kind.REDELIVERY;
        slot.delivery = this;
        slot.delivered = false;
        event.fill(slot);
        slot.sequence = sequence;
    }

    /**
     * The subscription that failed.
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
     * The event.
     *
     * @return the event
     */
    public Object event() {
        return event.event();
    }

    /**
     * When the first attempt failed.
     *
     * @return nanoseconds since the epoch
     */
    public long firstFailedAt() {
        return firstFailedAt;
    }

    /**
     * The attempt that comes next, or is under way.
     *
     * @return at least 2
     */
    public int attempt() {
        return attempt;
    }

    /**
     * When it is due.
     *
     * @return nanoseconds since the epoch
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
            return new EventCopy(slot.typeIndex, slot.timestampNanos, slot.aggregateType, slot.aggregateId,
                    slot.aggregateKey, retained);
        }

        /**
         * Writes the header and the event into a slot.
         *
         * @param slot the claimed slot
         */
        public void fill(Slot slot) {
            slot.typeIndex = typeIndex;
            slot.timestampNanos = timestampNanos;
            slot.aggregateType = aggregateType;
            slot.aggregateId = aggregateId;
            slot.aggregateKey = aggregateKey;
            slot.event = event;
            slot.holdsPreallocated = false;
        }
    }
}
