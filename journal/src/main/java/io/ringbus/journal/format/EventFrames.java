package io.ringbus.journal.format;

import io.ringbus.engine.error.EventTooLargeException;
import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.spi.EventEntry;
import java.nio.ByteBuffer;

/**
 * Writes event frames into a batch, without garbage.
 *
 * <pre>
 *   0           1         2 to 4           3 to 9
 *   +-----------+---------+----------------+----------------------------------------+
 *   | flags (1) | type id | payload length | sequences passed over, if GAP          |
 *   +-----------+---------+----------------+----------------------------------------+
 *   | timestamp, nanoseconds since epoch (8), in the batch's first frame; in others |
 *   | the difference to that of the frame before, zigzag, if TIME                   |
 *   +---------------------------------------+---------------------------------------+
 *   | sequences since the cause, if CAUSE   | and its ordinal                       |
 *   +---------------------------------------+---------------------------------------+
 *   | cause's subscription, if CAUSE_TEXT: length (2) and UTF-8                     |
 *   +---------------------------------------+---------------------------------------+
 *   | message id, upper half, if MESSAGE_ID | lower half (8 each)                   |
 *   +---------------------------------------+---------------------------------------+
 *   | aggregate id, if ID (8 bytes), or its length (2) and UTF-8, if KEY            |
 *   +-------------------------------------------------------------------------------+
 *   | aggregate type's length (2) and UTF-8, if TYPE_TEXT                           |
 *   +-------------------------------------------------------------------------------+
 *   | payload                                                                       |
 *   +-------------------------------------------------------------------------------+
 * </pre>
 *
 * <p>A number without a size is a varint: 7 bits a byte, lowest first, the high bit when another byte follows. What a
 * flag stands for takes no bytes without it, so that each part begins where the one before it ends, and the frame ends
 * with its payload. The first frame has the batch's first sequence, TIME, and no GAP; each other one the sequence that
 * follows the one before it, plus those passed over, and the timestamp of the one before it unless it has TIME. So an
 * event that came with others of its kind takes 3 bytes beside its payload. An event with an aggregate has ID or KEY;
 * its type is the one of the last frame in the batch that has TYPE_TEXT. A cause's subscription is the one of the last
 * frame in the batch that has CAUSE_TEXT. All eight flags are taken: what a frame is to say besides needs another
 * version. {@link FixedFrames} has the frames of older versions.
 */
public final class EventFrames {

    /**
     * The most bytes of a frame beside payload and texts: flags 1, type id 3, payload length 5, sequences passed over
     * 9, timestamp 10, cause 9 and 5, message id 16, aggregate id 8, two lengths of texts.
     */
    public static final int MAX_HEAD_BYTES = 70;
    /** The most bytes of the name of a cause's subscription, in UTF-8: 128 characters. */
    public static final int MAX_SUBSCRIPTION_BYTES = 384;
    /** The most bytes of an aggregate's type, in UTF-8. */
    public static final int MAX_AGGREGATE_TYPE_BYTES = 255;
    /** The most bytes of an aggregate's key, in UTF-8. */
    public static final int MAX_AGGREGATE_KEY_BYTES = 65_535;

    static final int MESSAGE_ID_BYTES = 16;
    static final int ID = 1;
    static final int KEY = 2;
    static final int TYPE_TEXT = 4;
    static final int CAUSE = 8;
    static final int CAUSE_TEXT = 16;
    static final int MESSAGE_ID = 32;
    static final int GAP = 64;
    static final int TIME = 128;

    /** The first number that takes two bytes, and the first that takes three. */
    private static final int TWO_BYTES = 1 << 7;
    private static final int THREE_BYTES = 1 << 14;
    private static final long UNSIGNED_INT = 0xFFFF_FFFFL;

    private final BatchBuilder batch;
    private final int maxEventBytes;

    private long firstSequence;
    private long lastSequence;
    private long lastTimestamp;
    private String aggregateType;
    private String causeSubscription;

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
     * @throws EventTooLargeException when the event, one of its texts, or the batch would be too large
     * @throws JournalException       when its sequence does not rise, or its cause is no earlier event of a subscription
     */
    public void add(EventEntry entry, int typeId) {
        if (!addPlain(entry, typeId)) {
            addAny(entry, typeId);
        }
    }

    /** Adds what nearly all are, the next event of the same time with nothing else to say; returns false for others. */
    private boolean addPlain(EventEntry entry, int typeId) {
        int payloadLength = entry.payloadLength();
        boolean plain = batch.count() > 0 && entry.isPlain() && payloadLength <= maxEventBytes
                && timeFlags(entry.sequence(), entry.timestampNanos()) == 0;
        if (!plain || !batch.reserve(MAX_HEAD_BYTES + payloadLength)) {
            return false;
        }
        ByteBuffer buffer = batch.buffer();
        int at = putLead(buffer, batch.end(), 0, typeId, payloadLength);
        entry.copyPayload(buffer, at);
        batch.added(at + payloadLength);
        lastSequence++;
        return true;
    }

    private void addAny(EventEntry entry, int typeId) {
        long sequence = entry.sequence();
        int payloadLength = entry.payloadLength();
        refuseUnfit(sequence, payloadLength);
        boolean empty = batch.count() == 0;
        String cause = causeOf(entry, sequence);
        String type = entry.aggregateType();
        String key = type == null ? null : entry.aggregateKey();
        int mostBytes = MAX_HEAD_BYTES + payloadLength + maxLength(cause) + maxLength(type) + maxLength(key);
        if (!batch.reserve(mostBytes)) {
            throw new EventTooLargeException("the events that are journaled as one do not fit one batch; publish fewer"
                    + " at once: batchBytes=" + batch.end() + ", sequence=" + sequence);
        }
        ByteBuffer buffer = batch.buffer();
        long timestamp = entry.timestampNanos();
        int flags = empty ? TIME : timeFlags(sequence, timestamp);
        flags |= cause == null ? 0 : empty || !cause.equals(causeSubscription) ? CAUSE | CAUSE_TEXT : CAUSE;
        flags |= (entry.messageIdHigh() | entry.messageIdLow()) == 0 ? 0 : MESSAGE_ID;
        if (type != null) {
            flags |= (key == null ? ID : KEY) | (empty || !type.equals(aggregateType) ? TYPE_TEXT : 0);
        }
        int at = putLead(buffer, batch.end(), flags, typeId, payloadLength);
        if ((flags & (GAP | TIME)) != 0) {
            at = empty ? putLong(buffer, at, timestamp) : putTime(buffer, at, flags, sequence, timestamp);
        }
        if ((flags & (CAUSE | MESSAGE_ID)) != 0) {
            at = putOrigin(buffer, at, flags, entry);
        }
        if (type != null) {
            at = putAggregate(buffer, at, flags, entry);
        }
        entry.copyPayload(buffer, at);
        batch.added(at + payloadLength);
        firstSequence = empty ? sequence : firstSequence;
        lastSequence = sequence;
        lastTimestamp = timestamp;
        aggregateType = type == null && !empty ? aggregateType : type;
        causeSubscription = cause == null && !empty ? causeSubscription : cause;
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

    /** The subscription that caused the event; null when there is no cause. */
    private static String causeOf(EventEntry entry, long sequence) {
        long cause = entry.causeSequence();
        if (cause == 0) {
            return null;
        }
        String subscription = entry.causeSubscription();
        if (cause < 0 || cause >= sequence || subscription == null) {
            throw new JournalException("an event's cause is an earlier event, handled by a subscription: sequence="
                    + sequence + ", causeSubscription=" + subscription + ", causeSequence=" + cause);
        }
        return subscription;
    }

    private static int maxLength(String text) {
        return text == null ? 0 : Utf8.maxLength(text);
    }

    private int timeFlags(long sequence, long timestamp) {
        return (sequence == lastSequence + 1 ? 0 : GAP) | (timestamp == lastTimestamp ? 0 : TIME);
    }

    /** One store for what nearly all frames begin with; what it writes too much is written over. */
    private static int putLead(ByteBuffer buffer, int at, int flags, int typeId, int payloadLength) {
        int lead = flags | typeId << 8;
        if (typeId < TWO_BYTES && payloadLength < TWO_BYTES) {
            buffer.putInt(at, lead | payloadLength << 16);
            return at + 3;
        }
        if (typeId < TWO_BYTES && payloadLength < THREE_BYTES) {
            buffer.putInt(at, lead | (payloadLength | TWO_BYTES) << 16 & 0xFF0000 | payloadLength >>> 7 << 24);
            return at + 4;
        }
        buffer.put(at, (byte) flags);
        return Varints.put(buffer, Varints.put(buffer, at + 1, typeId), payloadLength);
    }

    private int putTime(ByteBuffer buffer, int start, int flags, long sequence, long timestamp) {
        int at = start;
        if ((flags & GAP) != 0) {
            at = Varints.put(buffer, at, sequence - lastSequence - 1);
        }
        if ((flags & TIME) != 0) {
            at = Varints.put(buffer, at, Varints.zigzag(timestamp - lastTimestamp));
        }
        return at;
    }

    private static int putOrigin(ByteBuffer buffer, int start, int flags, EventEntry entry) {
        int at = start;
        if ((flags & CAUSE) != 0) {
            at = Varints.put(buffer, at, entry.sequence() - entry.causeSequence());
            at = Varints.put(buffer, at, entry.causeOrdinal() & UNSIGNED_INT);
        }
        if ((flags & CAUSE_TEXT) != 0) {
            at = putText(buffer, at, entry.causeSubscription(), "cause's subscription", MAX_SUBSCRIPTION_BYTES,
                    entry.sequence());
        }
        if ((flags & MESSAGE_ID) != 0) {
            at = putLong(buffer, at, entry.messageIdHigh());
            at = putLong(buffer, at, entry.messageIdLow());
        }
        return at;
    }

    private static int putAggregate(ByteBuffer buffer, int start, int flags, EventEntry entry) {
        int at = (flags & ID) != 0 ? putLong(buffer, start, entry.aggregateId())
                : putText(buffer, start, entry.aggregateKey(), "aggregate key", MAX_AGGREGATE_KEY_BYTES,
                        entry.sequence());
        return (flags & TYPE_TEXT) == 0 ? at : putText(buffer, at, entry.aggregateType(), "aggregate type",
                MAX_AGGREGATE_TYPE_BYTES, entry.sequence());
    }

    private static int putLong(ByteBuffer buffer, int at, long value) {
        buffer.putLong(at, value);
        return at + Long.BYTES;
    }

    private static int putText(ByteBuffer buffer, int at, String text, String what, int most, long sequence) {
        int end = Utf8.putSized(buffer, at, text);
        refuseLong(what, end - at - Short.BYTES, most, sequence);
        return end;
    }

    private static void refuseLong(String what, int bytes, int most, long sequence) {
        if (bytes > most) {
            throw new EventTooLargeException("the event's " + what + " is longer than " + most
                    + " bytes in UTF-8: sequence=" + sequence + ", bytes=" + bytes);
        }
    }
}
