package io.ringbus.engine.ring;

import io.ringbus.engine.spi.EventEntry;
import io.ringbus.engine.spi.StoredEvent;
import java.nio.ByteBuffer;

/**
 * A preallocated place in the ring. Plain fields: a slot belongs to its publisher until it is published, and then to
 * one link of the chain after the other; the sequences between them carry the visibility.
 */
public final class Slot implements EventEntry {

    /** What a slot holds. */
    public enum Kind {
        /** A new event, to be journaled and given to every subscription of its type. */
        EVENT,
        /** One delivery tried again, for one subscription. */
        REDELIVERY,
        /** An event from the journal, during recovery. */
        REPLAY,
        /** No event: a command for the last link. */
        BARRIER,
        /** Nothing: its publisher failed after the place was claimed. */
        VOID
    }

    private static final int NO_INDEX = -1;

    // What every event needs, and nothing else of size: a slot goes from core to core by cache lines.

    /** What it holds. */
    public Kind kind = Kind.VOID;
    /** The event's type. */
    public int typeIndex;
    /** Null when there is no aggregate. */
    public String aggregateType;
    /** The numeric id of the aggregate. */
    public long aggregateId;
    /** The text id of the aggregate; null when it is a number. */
    public String aggregateKey;
    /** False for an event that is followed by another of its collection: the two must come into one document. */
    public boolean endsGroup = true;
    /** The event. */
    public Object event;
    /** Whether the event is one of the slot's own instances. */
    public boolean holdsPreallocated;

    /** Where it is in that memory. */
    private final int index;
    private final SlotMemory memory;

    private int length;
    private boolean attached;

    /**
     * A place without content.
     *
     * @param memory what it shares with the others of its ring
     * @param index  where it is in there, from 0
     */
    Slot(SlotMemory memory, int index) {
        this.memory = memory;
        this.index = index;
    }

    /**
     * A place that is no part of a ring, for a delivery that is made without one.
     *
     * @return an empty slot
     */
    public static Slot outsideRing() {
        return new Slot(SlotMemory.ofSpare(0, new Object[0][]), 0);
    }

    /**
     * Where it is in its ring: the ring has it at every place that differs from this by a multiple of its size.
     *
     * @return 0 to the ring size, exclusive; negative when it is no part of a ring
     */
    public int index() {
        return memory.isRing() ? index : NO_INDEX;
    }

    /** An instance of its own; most often the one that it holds, since most slots get events of one type only. */
    Object preallocated(int type, int instance) {
        return holdsPreallocated && typeIndex == type ? event : memory.instance(instance, index);
    }

    ByteBuffer ownBytes() {
        return memory.bytes(index);
    }

    /** Reads a little of what it has; returns something without meaning. */
    int touch(boolean withEvent) {
        int sum = memory.touch(index, length);
        // Its class, because that is in the object, and the object may be of any.
        return withEvent && event != null && event.getClass() == Slot.class ? sum + 1 : sum;
    }

    /** Takes over all that another slot holds but its place; what is the other's own is exchanged, not copied. */
    void takeFrom(Slot other) {
        kind = other.kind;
        stamp(other.timestampNanos());
        typeIndex = other.typeIndex;
        aggregateType = other.aggregateType;
        aggregateId = other.aggregateId;
        aggregateKey = other.aggregateKey;
        if (other.attached) {
            causedBy(other.causeSequence(), other.causeSubscription(), other.causeOrdinal());
            watch(other.note());
        }
        event = other.event;
        holdsPreallocated = other.holdsPreallocated;
        if (holdsPreallocated) {
            memory.exchange(index, other.memory, other.index, event);
            other.event = null;
            other.holdsPreallocated = false;
        }
        length = other.length;
        if (other.hasLargerBytes()) {
            encoded(other.attachment().bytes, length);
        } else if (ownBytes() != null) {
            other.copyPayload(ownBytes(), 0);
        }
        other.clear();
    }

    /**
     * Makes it the replay of an event.
     *
     * @param stored         the event as the journal has it
     * @param decoded        the event itself
     * @param isPreallocated whether that is the slot's own instance
     */
    public void becomeReplay(StoredEvent stored, Object decoded, boolean isPreallocated) {
        become(Kind.REPLAY);
        number(stored.sequence());
        stamp(stored.timestampNanos());
        beOfType(stored.typeIndex());
        hold(decoded, isPreallocated);
        belongTo(stored.aggregateType());
        if (aggregateType != null) {
            aggregateId = stored.aggregateId();
            aggregateKey = stored.aggregateKey();
        }
        causedBy(stored.causeSequence(), stored.causeSubscription(), stored.causeOrdinal());
    }

    /**
     * Makes it a redelivery, still without its event.
     *
     * @param delivery what is delivered again
     * @param attempt  which attempt it is
     */
    public void becomeRedelivery(Delivery delivery, int attempt) {
        kind = Kind.REDELIVERY;
        attached = true;
        attachment().delivery = delivery;
        attachment().attempt = attempt;
    }

    /**
     * Makes it a command, which the last link runs on its thread.
     *
     * @param command what to run
     */
    public void becomeBarrier(Runnable command) {
        kind = Kind.BARRIER;
        attached = true;
        attachment().command = command;
    }

    /**
     * Says that its event was published by the handling of another.
     *
     * @param causeSequence     the other's sequence
     * @param causeSubscription the subscription whose handler published it; null when nothing caused it
     * @param causeOrdinal      which of the events it is that were published for the same cause
     */
    public void causedBy(long causeSequence, String causeSubscription, int causeOrdinal) {
        if (causeSubscription != null || attached) {
            attached = true;
            attachment().causeSequence = causeSequence;
            attachment().causeSubscription = causeSubscription;
            attachment().causeOrdinal = causeOrdinal;
        }
    }

    /** Has a note told when the last link has seen this event: then it is in the journal. */
    void watch(FollowUpNote note) {
        attached = true;
        attachment().note = note;
    }

    void identify(long messageIdHigh, long messageIdLow) {
        attached = true;
        attachment().messageIdHigh = messageIdHigh;
        attachment().messageIdLow = messageIdLow;
    }

    /**
     * What is told when the last link has seen this event.
     *
     * @return the note; null for none
     */
    public FollowUpNote note() {
        return attached ? attachment().note : null;
    }

    /**
     * What is delivered again.
     *
     * @return the delivery; null unless it was made a redelivery
     */
    public Delivery delivery() {
        return attached ? attachment().delivery : null;
    }

    /**
     * Which attempt a redelivery is.
     *
     * @return the attempt, from 1; 0 unless it was made a redelivery
     */
    public int attempt() {
        return attached ? attachment().attempt : 0;
    }

    /**
     * What the last link runs.
     *
     * @return the command; null unless it was made one
     */
    public Runnable command() {
        return attached ? attachment().command : null;
    }

    /**
     * Says which sequence it has: the event's, or the place's own for a slot without an event. For a new event the
     * first link says it, because a publisher that did would have to take a cache line over for it.
     *
     * @param sequence the sequence
     */
    public void number(long sequence) {
        memory.number(index, sequence);
    }

    /**
     * Says when its event entered the chain.
     *
     * @param epochNanos nanoseconds since the epoch
     */
    public void stamp(long epochNanos) {
        memory.stamp(index, epochNanos);
    }

    // What a publisher writes for each event, it writes only when it changes: in a ring used for one type over and over
    // it stays the same, and then the slot's cache lines need not go from core to core. The collector, too, has each
    // reference that is written looked after, which costs more than to look.

    /** Says what kind of content it has. */
    void become(Kind newKind) {
        if (kind != newKind) {
            kind = newKind;
        }
    }

    void beOfType(int newTypeIndex) {
        if (typeIndex != newTypeIndex) {
            typeIndex = newTypeIndex;
        }
    }

    void hold(Object newEvent, boolean isPreallocated) {
        if (event != newEvent) {
            event = newEvent;
        }
        if (holdsPreallocated != isPreallocated) {
            holdsPreallocated = isPreallocated;
        }
    }

    void endGroup(boolean isLast) {
        if (endsGroup != isLast) {
            endsGroup = isLast;
        }
    }

    void belongTo(String newAggregateType) {
        if (aggregateType != newAggregateType) {
            aggregateType = newAggregateType;
        }
    }

    /** Says that its own buffer has the encoded event. */
    void encoded(int encodedLength) {
        // A slot outside of the ring is used again without being cleared when its event was not published after all.
        if (hasLargerBytes()) {
            attachment().bytes = null;
        }
        if (length != encodedLength) {
            length = encodedLength;
        }
    }

    /** Says that another buffer has the encoded event, which does not fit its own. */
    void encoded(ByteBuffer larger, int encodedLength) {
        attached = true;
        attachment().bytes = larger;
        length = encodedLength;
    }

    /**
     * Lets go of what could keep an object alive until the ring comes round. Only what is there is written: the slot's
     * cache line then mostly stays as the publisher's core left it. A preallocated event stays the slot's own anyway.
     */
    public void clear() {
        if (!holdsPreallocated && event != null) {
            event = null;
        }
        if (aggregateKey != null) {
            aggregateKey = null;
        }
        if (attached) {
            attached = false;
            attachment().clear();
        }
    }

    /** {@linkplain #clear Lets go} of a new event, unless there is more to it; returns whether it has. */
    boolean letGoPlain() {
        if (kind != Kind.EVENT || attached) {
            return false;
        }
        clear();
        return true;
    }

    @Override
    public long sequence() {
        return memory.sequence(index);
    }

    @Override
    public int typeIndex() {
        return typeIndex;
    }

    @Override
    public long timestampNanos() {
        return memory.timestampNanos(index);
    }

    @Override
    public String aggregateType() {
        return aggregateType;
    }

    @Override
    public long aggregateId() {
        return aggregateId;
    }

    @Override
    public String aggregateKey() {
        return aggregateKey;
    }

    @Override
    public long causeSequence() {
        return attached ? attachment().causeSequence : 0;
    }

    @Override
    public String causeSubscription() {
        return attached ? attachment().causeSubscription : null;
    }

    @Override
    public int causeOrdinal() {
        return attached ? attachment().causeOrdinal : 0;
    }

    @Override
    public ByteBuffer payload() {
        return hasLargerBytes() ? attachment().bytes : ownBytes();
    }

    @Override
    public void copyPayload(ByteBuffer target, int at) {
        if (hasLargerBytes()) {
            target.put(at, attachment().bytes, 0, length);
        } else {
            memory.copyBytes(index, length, target, at);
        }
    }

    @Override
    public int payloadLength() {
        return length;
    }

    @Override
    public long messageIdHigh() {
        return attached ? attachment().messageIdHigh : 0;
    }

    @Override
    public long messageIdLow() {
        return attached ? attachment().messageIdLow : 0;
    }

    @Override
    public boolean isPlain() {
        return !attached && aggregateType == null;
    }

    private boolean hasLargerBytes() {
        return attached && attachment().bytes != null;
    }

    /** What only some events have. */
    private Attachment attachment() {
        return memory.attachment(index);
    }
}
