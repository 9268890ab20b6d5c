package io.ringbus.journal.format;

import io.ringbus.engine.error.JournalDamagedException;
import io.ringbus.engine.error.JournalFormatException;
import io.ringbus.engine.spi.StoredEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** One event frame in a verified batch, as a view that is reused from frame to frame. One thread. */
public final class FrameView implements StoredEvent {

    private final FrameReader fixed = new FixedFrames();
    private final FrameReader compact = new CompactFrames();

    private FrameReader frame;
    private ByteBuffer payload;
    private TypeDefinition type;
    private int typeIndex;

    /** Made empty; {@link #open} and {@link #next} fill it. */
    public FrameView() {
        // Nothing is viewed yet.
    }

    /**
     * Stands before the first frame of a batch of events, of any version.
     *
     * @param batch a verified batch
     * @param file  the file it stands in, for errors
     */
    public void open(BatchView batch, Object file) {
        frame = batch.version() <= FixedFrames.LAST_VERSION ? fixed : compact;
        frame.open(batch, file);
        payload = null;
    }

    /**
     * Goes to the next frame.
     *
     * @return false behind the last one
     * @throws JournalFormatException  when the frame has a flag that is not known: a newer version wrote it
     * @throws JournalDamagedException when the frames do not fit their batch: no writer of this format wrote them. It
     *                                 names file, position and sequence
     */
    public boolean next() {
        payload = null;
        type = null;
        return frame.next();
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
        return frame.typeId;
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
        return frame.sequence;
    }

    @Override
    public long timestampNanos() {
        return frame.timestamp;
    }

    @Override
    public String aggregateType() {
        return has(EventFrames.ID | EventFrames.KEY) ? frame.aggregateType : null;
    }

    @Override
    public long aggregateId() {
        return has(EventFrames.ID) ? frame.buffer.getLong(frame.aggregateAt) : 0;
    }

    @Override
    public String aggregateKey() {
        return has(EventFrames.KEY) ? Utf8.get(frame.buffer, frame.aggregateAt + Short.BYTES,
                Utf8.size(frame.buffer, frame.aggregateAt)) : null;
    }

    @Override
    public long causeSequence() {
        return has(EventFrames.CAUSE) ? frame.causeSequence : 0;
    }

    @Override
    public String causeSubscription() {
        return has(EventFrames.CAUSE) ? frame.causeSubscription : null;
    }

    @Override
    public int causeOrdinal() {
        return has(EventFrames.CAUSE) ? frame.causeOrdinal : 0;
    }

    @Override
    public long messageIdHigh() {
        return has(EventFrames.MESSAGE_ID) ? frame.buffer.getLong(frame.messageIdAt) : 0;
    }

    @Override
    public long messageIdLow() {
        return has(EventFrames.MESSAGE_ID) ? frame.buffer.getLong(frame.messageIdAt + Long.BYTES) : 0;
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
        return frame.buffer.slice(frame.payloadAt, frame.payloadLength).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public int payloadLength() {
        return frame.payloadLength;
    }

    private boolean has(int anyOf) {
        return (frame.flags & anyOf) != 0;
    }
}
