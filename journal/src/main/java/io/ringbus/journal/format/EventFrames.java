package io.ringbus.journal.format;

import io.ringbus.engine.error.EventTooLargeException;
import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.spi.EventEntry;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Writes event frames into a batch, without garbage.
 *
 * <pre>
 *   0                   4         6         8                   12                  16
 *   +-------------------+---------+---------+-------------------+-------------------+
 *   | frame length      | type id | flags   | sequence delta    | payload length    |
 *   +-------------------+---------+---------+-------------------+-------------------+
 *16 | timestamp, nanoseconds since epoch    | cause, if CAUSE (8 bytes)             |
 *   +---------------------------------------+---------------------------------------+
 *   | aggregate id, if ID (8 bytes), or its length (2) and UTF-8, if KEY            |
 *   +-------------------------------------------------------------------------------+
 *   | aggregate type's length (2) and UTF-8, if TYPE_TEXT                           |
 *   +-------------------------------------------------------------------------------+
 *   | payload                                                                       |
 *   +-------------------------------------------------------------------------------+
 * </pre>
 *
 * <p>The delta counts from the batch's first sequence. An event with an aggregate has ID or KEY; its type is the one of
 * the last frame in the batch that has TYPE_TEXT. CAUSE is not written yet, and read over. Frames are not aligned.
 */
public final class EventFrames {

    /** The bytes every frame has. */
    public static final int FIXED_BYTES = 24;
    /** The most bytes of an aggregate's type, in UTF-8. */
    public static final int MAX_AGGREGATE_TYPE_BYTES = 255;
    /** The most bytes of an aggregate's key, in UTF-8. */
    public static final int MAX_AGGREGATE_KEY_BYTES = 65_535;

    static final int AT_LENGTH = 0;
    static final int AT_TYPE = 4;
    static final int AT_FLAGS = 6;
    static final int AT_DELTA = 8;
    static final int AT_PAYLOAD_LENGTH = 12;
    static final int AT_TIMESTAMP = 16;
    static final int ID = 1;
    static final int KEY = 2;
    static final int TYPE_TEXT = 4;
    static final int CAUSE = 8;

    private final BatchBuilder batch;
    private final int maxEventBytes;

    private long firstSequence;
    private long lastSequence;
    private String aggregateType;

    /**
     * Writes into a batch.
     *
     * @param batch         where to
     * @param maxEventBytes the longest payload
     * @param lastSequence  the last sequence that is in the journal already
     */
    public EventFrames(BatchBuilder batch, int maxEventBytes, long lastSequence) {
        this.batch = batch;
        this.maxEventBytes = maxEventBytes;
        this.lastSequence = lastSequence;
    }

    /**
     * Adds an event. When it throws, the batch is as it was.
     *
     * @param entry  the event
     * @param typeId the id of its type in the journal
     * @throws EventTooLargeException when the event, its aggregate's type or key, or the batch would be too large
     * @throws JournalException       when its sequence does not rise
     */
    public void add(EventEntry entry, int typeId) {
        long sequence = entry.sequence();
        int payloadLength = entry.payloadLength();
        refuseUnfit(sequence, payloadLength);
        boolean empty = batch.count() == 0;
        long first = empty ? sequence : firstSequence;
        if (sequence - first > Integer.MAX_VALUE) {
            throw new JournalException("a batch spans at most 2^31 sequences, commit before: sequence=" + sequence);
        }
        String type = entry.aggregateType();
        String key = type == null ? null : entry.aggregateKey();
        int headBytes = FIXED_BYTES + Long.BYTES + 2 * Short.BYTES
                + (type == null ? 0 : Utf8.maxLength(type)) + (key == null ? 0 : Utf8.maxLength(key));
        if (!batch.reserve(headBytes + payloadLength)) {
            throw new EventTooLargeException("the events that are journaled as one do not fit one batch; publish fewer"
                    + " at once: batchBytes=" + batch.end() + ", sequence=" + sequence);
        }
        ByteBuffer buffer = batch.buffer();
        int start = batch.end();
        int flags = 0;
        int at = start + FIXED_BYTES;
        if (type != null) {
            flags = key == null ? ID : KEY;
            at = key == null ? putId(buffer, at, entry.aggregateId()) : putKey(buffer, at, key, sequence);
            if (empty || !Objects.equals(type, aggregateType)) {
                flags |= TYPE_TEXT;
                at = putType(buffer, at, type, sequence);
            }
        }
        buffer.put(at, entry.payload(), 0, payloadLength);
        at += payloadLength;
        buffer.putInt(start + AT_LENGTH, at - start);
        buffer.putShort(start + AT_TYPE, (short) typeId);
        buffer.putShort(start + AT_FLAGS, (short) flags);
        buffer.putInt(start + AT_DELTA, (int) (sequence - first));
        buffer.putInt(start + AT_PAYLOAD_LENGTH, payloadLength);
        buffer.putLong(start + AT_TIMESTAMP, entry.timestampNanos());
        batch.added(at);
        firstSequence = first;
        lastSequence = sequence;
        aggregateType = type == null && !empty ? aggregateType : type;
    }

    /**
     * The first sequence of the batch.
     *
     * @return a sequence; meaningless when the batch is empty
     */
    public long firstSequence() {
        return firstSequence;
    }

    /**
     * The last sequence that was added.
     *
     * @return a sequence
     */
    public long lastSequence() {
        return lastSequence;
    }

    private void refuseUnfit(long sequence, int payloadLength) {
        if (sequence <= lastSequence) {
            throw new JournalException("sequences rise from event to event: lastSequence=" + lastSequence
                    + ", sequence=" + sequence);
        }
        if (payloadLength > maxEventBytes) {
            throw new EventTooLargeException("the event is larger than the journal takes; raise maxEventBytes or split"
                    + " it: maxEventBytes=" + maxEventBytes + ", payloadLength=" + payloadLength);
        }
    }

    private static int putId(ByteBuffer buffer, int at, long id) {
        buffer.putLong(at, id);
        return at + Long.BYTES;
    }

    private static int putKey(ByteBuffer buffer, int at, String key, long sequence) {
        int end = Utf8.putSized(buffer, at, key);
        refuseLong("aggregate key", end - at - Short.BYTES, MAX_AGGREGATE_KEY_BYTES, sequence);
        return end;
    }

    private static int putType(ByteBuffer buffer, int at, String type, long sequence) {
        int end = Utf8.putSized(buffer, at, type);
        refuseLong("aggregate type", end - at - Short.BYTES, MAX_AGGREGATE_TYPE_BYTES, sequence);
        return end;
    }

    private static void refuseLong(String what, int bytes, int most, long sequence) {
        if (bytes > most) {
            throw new EventTooLargeException("the event's " + what + " is longer than " + most
                    + " bytes in UTF-8: sequence=" + sequence + ", bytes=" + bytes);
        }
    }
}
