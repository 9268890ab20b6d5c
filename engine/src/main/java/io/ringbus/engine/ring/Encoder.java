package io.ringbus.engine.ring;

import io.ringbus.engine.error.EncodingException;
import io.ringbus.engine.error.EventTooLargeException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes what depends on the event into a slot: header and bytes. Any thread. */
final class Encoder {

    private final Publisher.Limits limits;

    Encoder(Publisher.Limits limits) {
        this.limits = limits;
    }

    /** Copies a preallocated event. */
    static <T> void copy(RegisteredType<T> type, T from, T to) {
        try {
            type.type().copy(from, to);
        } catch (Exception | StackOverflowError e) {
            throw new EncodingException("this event could not be copied, and was not published; mend the copier of its"
                    + " type: type=" + type.type().name() + ", error=" + e, e);
        }
    }

    /** Describes an event in its slot, and encodes it where there is a journal. */
    <T> void describe(Slot slot, RegisteredType<T> type, T event) {
        try {
            type.describe(slot, event);
            if (limits.encode()) {
                AggregateLimits.check(slot, type);
                encode(slot, type, event);
            }
        } catch (EventTooLargeException e) {
            throw e;
        } catch (Throwable e) {
            if (e instanceof VirtualMachineError fatal && !(e instanceof StackOverflowError)) {
                throw fatal;
            }
            throw new EncodingException("this event could not be encoded, and was not published; mend its codec or"
                    + " aggregate function: type=" + type.type().name() + ", error=" + e, e);
        }
    }

    private <T> void encode(Slot slot, RegisteredType<T> type, T event) {
        // The state anew, before and after: a codec may set limit and order, and the buffer outlives the codec's call.
        ByteBuffer own = slot.ownBytes().clear().order(ByteOrder.LITTLE_ENDIAN);
        try {
            type.codec().encode(event, own);
            slot.encoded(own.position());
            own.clear().order(ByteOrder.LITTLE_ENDIAN);
        } catch (BufferOverflowException e) {
            encodeSlowPath(slot, type, event);
        }
        if (slot.payloadLength() > limits.maxEventBytes()) {
            throw tooLarge(type, slot.payloadLength() + " bytes");
        }
    }

    /** The event brings its own buffer, garbage once the slot is cleared. */
    private <T> void encodeSlowPath(Slot slot, RegisteredType<T> type, T event) {
        long capacity = slot.ownBytes().capacity() * 4L;
        while (true) {
            ByteBuffer larger = ByteBuffer.allocate((int) Math.min(capacity, limits.maxEventBytes()))
                    .order(ByteOrder.LITTLE_ENDIAN);
            try {
                type.codec().encode(event, larger);
                slot.encoded(larger, larger.position());
                return;
            } catch (BufferOverflowException e) {
                if (capacity >= limits.maxEventBytes()) {
                    throw tooLarge(type, "more than " + limits.maxEventBytes() + " bytes");
                }
                capacity *= 4;
            }
        }
    }

    private EventTooLargeException tooLarge(RegisteredType<?> type, String size) {
        return new EventTooLargeException("this event is larger than the journal takes, and was not published; make it"
                + " smaller or raise the journal's maxEventBytes: type=" + type.type().name() + ", size=" + size
                + ", maxEventBytes=" + limits.maxEventBytes());
    }
}
