package io.ringbus.engine.ring;

import io.ringbus.engine.spi.EventEntry;
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

    /** What it holds. */
    public Kind kind = Kind.VOID;
    /** The event's sequence, or the place's own for a slot without an event. */
    public long sequence;
    /** Nanoseconds since the epoch. */
    public long timestampNanos;
    /** The event's type. */
    public int typeIndex;
    /** Null when there is no aggregate. */
    public String aggregateType;
    /** The numeric id of the aggregate. */
    public long aggregateId;
    /** The text id of the aggregate; null when it is a number. */
    public String aggregateKey;
    /** The upper half of the message id; 0 in both halves for none, as in every slot that is free. */
    public long messageIdHigh;
    /** The lower half of the message id. */
    public long messageIdLow;
    /** False for an event that is followed by another of its collection: the two must come into one document. */
    public boolean endsGroup = true;
    /** The sequence of the event whose handling published this one; 0 for none. */
    public long causeSequence;
    /** The subscription whose handler published this one; null for none. */
    public String causeSubscription;
    /** Which of the events it is that were published for the same cause. */
    public int causeOrdinal;
    /** Told when the last link has seen this event: then it is in the journal. Null for none. */
    public FollowUpNote note;
    /** The event. */
    public Object event;
    /** Whether the event is one of the slot's own instances. */
    public boolean holdsPreallocated;
    /** For a {@link Kind#REDELIVERY}: what is delivered again. */
    public Delivery delivery;
    /** For a {@link Kind#REDELIVERY}: which attempt it is. */
    public int attempt;
    /** For a {@link Kind#BARRIER}: run by the last link, on its thread. */
    public Runnable command;

    private final Object[] preallocated;
    private final ByteBuffer ownBytes;

    private ByteBuffer bytes;
    private int length;

    /**
     * A place without content.
     *
     * @param preallocated an instance for each preallocated type
     * @param ownBytes     the small buffer for encoded bytes; null where nothing is journaled
     */
    Slot(Object[] preallocated, ByteBuffer ownBytes) {
        this.preallocated = preallocated;
        this.ownBytes = ownBytes;
    }

    /**
     * A place that is no part of a ring, for a delivery that is made without one.
     *
     * @return an empty slot
     */
    public static Slot outsideRing() {
        return new Slot(new Object[0], null);
    }

    Object preallocated(int index) {
        return preallocated[index];
    }

    ByteBuffer ownBytes() {
        return ownBytes;
    }

    /** Takes over all that another slot holds but its place; what is the other's own is exchanged, not copied. */
    void takeFrom(Slot other) {
        kind = other.kind;
        timestampNanos = other.timestampNanos;
        typeIndex = other.typeIndex;
        aggregateType = other.aggregateType;
        aggregateId = other.aggregateId;
        aggregateKey = other.aggregateKey;
        causeSequence = other.causeSequence;
        causeSubscription = other.causeSubscription;
        causeOrdinal = other.causeOrdinal;
        note = other.note;
        event = other.event;
        holdsPreallocated = other.holdsPreallocated;
        if (holdsPreallocated) {
            for (int i = 0; i < preallocated.length; i++) {
                if (other.preallocated[i] == event) {
                    other.preallocated[i] = preallocated[i];
                    preallocated[i] = event;
                }
            }
        }
        length = other.length;
        if (other.bytes == other.ownBytes && ownBytes != null) {
            bytes = ownBytes.put(0, other.bytes, 0, length);
        } else {
            bytes = other.bytes;
        }
        other.clear();
    }

    // A reference is written only when it changes: in a ring that is used for one type over and over they stay the
    // same, and the garbage collector has each one that is written looked after, which costs more than to look.

    /** Says what kind of content it has. */
    void become(Kind newKind) {
        if (kind != newKind) {
            kind = newKind;
        }
    }

    void hold(Object newEvent, boolean isPreallocated) {
        if (event != newEvent) {
            event = newEvent;
        }
        holdsPreallocated = isPreallocated;
    }

    void belongTo(String newAggregateType) {
        if (aggregateType != newAggregateType) {
            aggregateType = newAggregateType;
        }
    }

    void encoded(ByteBuffer buffer, int encodedLength) {
        if (bytes != buffer) {
            bytes = buffer;
        }
        length = encodedLength;
    }

    /**
     * Lets go of what could keep an object alive until the ring comes round. Only what is there is written: the slot's
     * cache line then mostly stays as the publisher's core left it. A preallocated event stays the slot's own anyway.
     */
    public void clear() {
        if (event != null && !holdsPreallocated) {
            event = null;
        }
        if (aggregateKey != null) {
            aggregateKey = null;
        }
        if (bytes != null && bytes != ownBytes) {
            bytes = null;
        }
        if (causeSubscription != null) {
            causeSubscription = null;
            causeSequence = 0;
            causeOrdinal = 0;
            note = null;
        }
        if ((messageIdHigh | messageIdLow) != 0) {
            messageIdHigh = 0;
            messageIdLow = 0;
        }
        if (kind == Kind.REDELIVERY) {
            delivery = null;
        } else if (kind == Kind.BARRIER) {
            command = null;
        }
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public int typeIndex() {
        return typeIndex;
    }

    @Override
    public long timestampNanos() {
        return timestampNanos;
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
        return causeSequence;
    }

    @Override
    public String causeSubscription() {
        return causeSubscription;
    }

    @Override
    public int causeOrdinal() {
        return causeOrdinal;
    }

    @Override
    public ByteBuffer payload() {
        return bytes;
    }

    @Override
    public int payloadLength() {
        return length;
    }

    @Override
    public long messageIdHigh() {
        return messageIdHigh;
    }

    @Override
    public long messageIdLow() {
        return messageIdLow;
    }
}
