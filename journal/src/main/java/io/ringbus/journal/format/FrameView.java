package io.ringbus.journal.format;

import io.ringbus.engine.error.JournalFormatException;
import io.ringbus.engine.spi.StoredEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** One event frame in a verified batch, as a view that is reused from frame to frame. One thread. */
public final class FrameView implements StoredEvent {

    private final RepeatedText aggregateTypes = new RepeatedText();
    private final RepeatedText causeSubscriptions = new RepeatedText();

    private ByteBuffer buffer;
    private ByteBuffer payload;
    private long firstSequence;
    private int next;
    private int end;
    private int left;

    private int knownFlags;
    private int frame;
    private int flags;
    private int payloadAt;
    private int messageIdAt;
    private int aggregateAt;
    private String aggregateType;
    private String causeSubscription;
    private TypeDefinition type;
    private int typeIndex;

    /** Made empty; {@link #open} and {@link #next} fill it. */
    public FrameView() {
        // Nothing is viewed yet.
    }

    /**
     * Stands before the first frame of a batch of events.
     *
     * @param batch a verified batch
     */
    public void open(BatchView batch) {
        buffer = batch.buffer();
        payload = null;
        firstSequence = batch.firstSequence();
        next = batch.payloadOffset();
        end = next + batch.payloadLength();
        left = batch.count();
        knownFlags = batch.version() == 1 ? EventFrames.FLAGS_OF_VERSION_1 : EventFrames.FLAGS;
        aggregateType = null;
        causeSubscription = null;
    }

    /**
     * Goes to the next frame.
     *
     * @return false behind the last one
     * @throws JournalFormatException when the frame has a flag that is not known: a newer version wrote it
     * @throws IllegalStateException  when the frames do not fit their batch: no writer of this format wrote them
     */
    public boolean next() {
        if (left == 0) {
            if (next != end) {
                throw new IllegalStateException("bytes are left behind the last frame: bytes=" + (end - next));
            }
            return false;
        }
        frame = next;
        int length = end - frame < EventFrames.FIXED_BYTES ? -1 : buffer.getInt(frame + EventFrames.AT_LENGTH);
        if (length < EventFrames.FIXED_BYTES || length > end - frame) {
            throw new IllegalStateException("a frame does not fit its batch: length=" + length);
        }
        flags = buffer.getShort(frame + EventFrames.AT_FLAGS) & 0xFFFF;
        if ((flags & ~knownFlags) != 0) {
            throw new JournalFormatException("a newer version wrote this event; use that version or a later one:"
                    + " sequence=" + sequence() + ", flags=0x" + Integer.toHexString(flags));
        }
        int at = goOverOrigin(frame + EventFrames.FIXED_BYTES);
        aggregateAt = at;
        if ((flags & EventFrames.ID) != 0) {
            at += Long.BYTES;
        } else if ((flags & EventFrames.KEY) != 0) {
            at += Short.BYTES + Utf8.size(buffer, at);
        }
        if ((flags & EventFrames.TYPE_TEXT) != 0) {
            aggregateType = aggregateTypes.readSized(buffer, at);
            at += Short.BYTES + Utf8.size(buffer, at);
        }
        payloadAt = at;
        next = frame + length;
        if (at + payloadLength() != next) {
            throw new IllegalStateException("a frame's parts do not add up: length=" + length);
        }
        left--;
        payload = null;
        type = null;
        return true;
    }

    /**
     * Says what the frame's type id stands for.
     *
     * @param definition the definition with this frame's {@link #typeId()}
     * @param index      the index of the registered type; -1 when there is none
     */
    public void resolve(TypeDefinition definition, int index) {
        type = definition;
        typeIndex = index;
    }

    /**
     * The frame's type id.
     *
     * @return the id of a type definition
     */
    public int typeId() {
        return buffer.getShort(frame + EventFrames.AT_TYPE) & 0xFFFF;
    }

    /**
     * The names of the type's fields when the event was written.
     *
     * @return the names in declaration order; empty when the class was no record
     */
    public List<String> fieldNames() {
        return type.fieldNames();
    }

    @Override
    public String typeName() {
        return type.name();
    }

    @Override
    public int typeVersion() {
        return type.version();
    }

    @Override
    public int typeIndex() {
        return typeIndex;
    }

    @Override
    public long sequence() {
        return firstSequence + (buffer.getInt(frame + EventFrames.AT_DELTA) & 0xFFFF_FFFFL);
    }

    @Override
    public long timestampNanos() {
        return buffer.getLong(frame + EventFrames.AT_TIMESTAMP);
    }

    @Override
    public String aggregateType() {
        return (flags & (EventFrames.ID | EventFrames.KEY)) == 0 ? null : aggregateType;
    }

    @Override
    public long aggregateId() {
        return (flags & EventFrames.ID) == 0 ? 0 : buffer.getLong(aggregateAt);
    }

    @Override
    public String aggregateKey() {
        return (flags & EventFrames.KEY) == 0 ? null
                : Utf8.get(buffer, aggregateAt + Short.BYTES, Utf8.size(buffer, aggregateAt));
    }

    @Override
    public long causeSequence() {
        return (flags & EventFrames.CAUSE) == 0 ? 0 : buffer.getLong(frame + EventFrames.AT_CAUSE);
    }

    @Override
    public String causeSubscription() {
        return (flags & EventFrames.CAUSE) == 0 ? null : causeSubscription;
    }

    @Override
    public int causeOrdinal() {
        return (flags & EventFrames.CAUSE) == 0 ? 0 : buffer.getInt(frame + EventFrames.AT_CAUSE + Long.BYTES);
    }

    @Override
    public long messageIdHigh() {
        return (flags & EventFrames.MESSAGE_ID) == 0 ? 0 : buffer.getLong(messageIdAt);
    }

    @Override
    public long messageIdLow() {
        return (flags & EventFrames.MESSAGE_ID) == 0 ? 0 : buffer.getLong(messageIdAt + Long.BYTES);
    }

    @Override
    public ByteBuffer payload() {
        if (payload == null) {
            payload = newPayload();
        }
        return payload;
    }

    /**
     * The encoded event as a buffer that nobody else has: kept nowhere, so that the JVM need not make it where the codec
     * lets go of it at once.
     *
     * @return the buffer, little-endian, from position 0 to its limit; valid as long as this view is
     */
    public ByteBuffer newPayload() {
        return buffer.slice(payloadAt, payloadLength()).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public int payloadLength() {
        return buffer.getInt(frame + EventFrames.AT_PAYLOAD_LENGTH);
    }

    /** Goes over cause and message id, and returns where they end. */
    private int goOverOrigin(int start) {
        int at = start;
        if ((flags & EventFrames.CAUSE) != 0) {
            at += EventFrames.CAUSE_BYTES;
        }
        if ((flags & EventFrames.CAUSE_TEXT) != 0) {
            causeSubscription = causeSubscriptions.readSized(buffer, at);
            at += Short.BYTES + Utf8.size(buffer, at);
        }
        if ((flags & EventFrames.CAUSE) != 0 && causeSubscription == null) {
            throw new IllegalStateException("no frame of the batch so far names the cause's subscription: sequence="
                    + sequence());
        }
        messageIdAt = at;
        return (flags & EventFrames.MESSAGE_ID) == 0 ? at : at + EventFrames.MESSAGE_ID_BYTES;
    }
}
