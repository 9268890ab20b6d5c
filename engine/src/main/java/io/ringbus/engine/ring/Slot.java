package io.ringbus.engine.ring;

import io.ringbus.engine.spi.EventEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

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

    /** What it holds. */
    public Kind kind = Kind.VOID;
    /** The event's sequence, or the place's own for a slot without an event. */
    public long sequence;
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

    private final int index;
    /**
     * Its timestamp is not a field: it is all that a link writes for an event, and eight of them share a cache line
     * where the slots' own lines would each have to go to that link's core and from there to the next one.
     */
    private final long[] timestamps;
    private final int timestampIndex;
    private final Object[] preallocated;
    private final ByteBuffer ownBytes;
    /** The same bytes for those who read them: nothing of it changes, so no core has to ask another for it. */
    private final ByteBuffer readBytes;
    /** Apart, so that what every event needs stands close together: a slot goes from core to core by cache lines. */
    private final Attachment attachment = new Attachment();

    private ByteBuffer bytes;
    private int length;
    private boolean attached;

    /**
     * A place without content.
     *
     * @param index        where it is in its ring, from 0
     * @param timestamps   those of the whole ring
     * @param preallocated an instance for each preallocated type
     * @param ownBytes     the small buffer for encoded bytes; null where nothing is journaled
     */
    Slot(int index, long[] timestamps, Object[] preallocated, ByteBuffer ownBytes) {
        this.index = index;
        this.timestamps = timestamps;
        this.timestampIndex = Math.max(0, index);
        this.preallocated = preallocated;
        this.ownBytes = ownBytes;
        this.readBytes = ownBytes == null ? null : ownBytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * A place that is no part of a ring.
     *
     * @param preallocated an instance for each preallocated type
     * @param ownBytes     the small buffer for encoded bytes; null where nothing is journaled
     */
    Slot(Object[] preallocated, ByteBuffer ownBytes) {
        this(NO_INDEX, new long[1], preallocated, ownBytes);
    }

    /**
     * A place that is no part of a ring, for a delivery that is made without one.
     *
     * @return an empty slot
     */
    public static Slot outsideRing() {
        return new Slot(new Object[0], null);
    }

    /**
     * Where it is in its ring: the ring has it at every place that differs from this by a multiple of its size.
     *
     * @return 0 to the ring size, exclusive; negative when it is no part of a ring
     */
    public int index() {
        return index;
    }

    Object preallocated(int typeIndex) {
        return preallocated[typeIndex];
    }

    ByteBuffer ownBytes() {
        return ownBytes;
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
            for (int i = 0; i < preallocated.length; i++) {
                if (other.preallocated[i] == event) {
                    other.preallocated[i] = preallocated[i];
                    preallocated[i] = event;
                }
            }
        }
        length = other.length;
        if (other.bytes == other.readBytes && ownBytes != null) {
            ownBytes.put(0, other.bytes, 0, length);
            bytes = readBytes;
        } else {
            bytes = other.bytes;
        }
        other.clear();
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
        attachment.delivery = delivery;
        attachment.attempt = attempt;
    }

    /**
     * Makes it a command, which the last link runs on its thread.
     *
     * @param command what to run
     */
    public void becomeBarrier(Runnable command) {
        kind = Kind.BARRIER;
        attached = true;
        attachment.command = command;
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
            attachment.causeSequence = causeSequence;
            attachment.causeSubscription = causeSubscription;
            attachment.causeOrdinal = causeOrdinal;
        }
    }

    /** Has a note told when the last link has seen this event: then it is in the journal. */
    void watch(FollowUpNote note) {
        attached = true;
        attachment.note = note;
    }

    void identify(long messageIdHigh, long messageIdLow) {
        attached = true;
        attachment.messageIdHigh = messageIdHigh;
        attachment.messageIdLow = messageIdLow;
    }

    /**
     * What is told when the last link has seen this event.
     *
     * @return the note; null for none
     */
    public FollowUpNote note() {
        return attached ? attachment.note : null;
    }

    /**
     * What is delivered again.
     *
     * @return the delivery; null unless it was made a redelivery
     */
    public Delivery delivery() {
        return attached ? attachment.delivery : null;
    }

    /**
     * Which attempt a redelivery is.
     *
     * @return the attempt, from 1; 0 unless it was made a redelivery
     */
    public int attempt() {
        return attached ? attachment.attempt : 0;
    }

    /**
     * What the last link runs.
     *
     * @return the command; null unless it was made one
     */
    public Runnable command() {
        return attached ? attachment.command : null;
    }

    /**
     * Says when its event entered the chain.
     *
     * @param epochNanos nanoseconds since the epoch
     */
    public void stamp(long epochNanos) {
        timestamps[timestampIndex] = epochNanos;
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

    /** Says that its own buffer has the encoded event. */
    void encoded(int encodedLength) {
        if (bytes != readBytes) {
            bytes = readBytes;
        }
        length = encodedLength;
    }

    /** Says that another buffer has the encoded event, which does not fit its own. */
    void encoded(ByteBuffer larger, int encodedLength) {
        bytes = larger;
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
        if (bytes != readBytes && bytes != null) {
            bytes = null;
        }
        if (attached) {
            attached = false;
            attachment.clear();
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
        return timestamps[timestampIndex];
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
        return attached ? attachment.causeSequence : 0;
    }

    @Override
    public String causeSubscription() {
        return attached ? attachment.causeSubscription : null;
    }

    @Override
    public int causeOrdinal() {
        return attached ? attachment.causeOrdinal : 0;
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
        return attached ? attachment.messageIdHigh : 0;
    }

    @Override
    public long messageIdLow() {
        return attached ? attachment.messageIdLow : 0;
    }
}
