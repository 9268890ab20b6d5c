package io.ringbus.journal.format;

import io.ringbus.engine.error.EventTooLargeException;
import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.spi.EventEntry;
import java.nio.ByteBuffer;

/**
 * Writes event frames into a batch, without garbage.
 *
 * <pre>
 *   0                   4         6         8                   12                  16
 *   +-------------------+---------+---------+-------------------+-------------------+
 *   | frame length      | type id | flags   | sequence delta    | payload length    |
 *   +-------------------+---------+---------+-------------------+-------------------+
 *16 | timestamp, nanoseconds since epoch    |
 *   +---------------------------------------+-------------------+
 *24 | cause's sequence, if CAUSE            | and its ordinal   |
 *   +---------------------------------------+-------------------+-------------------+
 *   | cause's subscription, if CAUSE_TEXT: length (2) and UTF-8                     |
 *   +---------------------------------------+---------------------------------------+
 *   | message id, upper half, if MESSAGE_ID | lower half                            |
 *   +---------------------------------------+---------------------------------------+
 *   | aggregate id, if ID (8 bytes), or its length (2) and UTF-8, if KEY            |
 *   +-------------------------------------------------------------------------------+
 *   | aggregate type's length (2) and UTF-8, if TYPE_TEXT                           |
 *   +-------------------------------------------------------------------------------+
 *   | payload                                                                       |
 *   +-------------------------------------------------------------------------------+
 * </pre>
 *
 * <p>What a flag stands for takes no bytes without it, so that of the rows from 24 on each begins where the one before
 * it ends. The delta counts from the batch's first sequence. An event with an aggregate has ID or KEY; its type is the
 * one of the last frame in the batch that has TYPE_TEXT. A cause's subscription is the one of the last frame in the
 * batch that has CAUSE_TEXT. Frames are not aligned. A reader refuses a flag that it does not know.
 */
public final class EventFrames {

    /** The bytes every frame has. */
    public static final int FIXED_BYTES = 24;
    /** The most bytes of a frame beside payload and texts: 24, cause 12, message id 16, aggregate id 8, two lengths. */
    public static final int MAX_HEAD_BYTES = 64;
    /** The most bytes of the name of a cause's subscription, in UTF-8: 128 characters. */
    public static final int MAX_SUBSCRIPTION_BYTES = 384;
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
    static final int AT_CAUSE = FIXED_BYTES;
    static final int CAUSE_BYTES = 12;
    static final int MESSAGE_ID_BYTES = 16;
    static final int ID = 1;
    static final int KEY = 2;
    static final int TYPE_TEXT = 4;
    static final int CAUSE = 8;
    static final int CAUSE_TEXT = 16;
    static final int MESSAGE_ID = 32;
    /** The flags that a batch of version 1 can have. */
    static final int FLAGS_OF_VERSION_1 = ID | KEY | TYPE_TEXT;
    /** The flags of {@link BatchHeader#VERSION}. */
    static final int FLAGS = FLAGS_OF_VERSION_1 | CAUSE | CAUSE_TEXT | MESSAGE_ID;

    private final BatchBuilder batch;
    private final int maxEventBytes;

    private long firstSequence;
    private long lastSequence;
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
        long sequence = entry.sequence();
        int payloadLength = entry.payloadLength();
        refuseUnfit(sequence, payloadLength);
        boolean empty = batch.count() == 0;
        long first = empty ? sequence : firstSequence;
        if (sequence - first > Integer.MAX_VALUE) {
            throw new JournalException("a batch spans at most 2^31 sequences, commit before: sequence=" + sequence);
        }
        String cause = causeOf(entry, sequence);
        String type = entry.aggregateType();
        String key = type == null ? null : entry.aggregateKey();
        int mostBytes = MAX_HEAD_BYTES + payloadLength + maxLength(cause) + maxLength(type) + maxLength(key);
        if (!batch.reserve(mostBytes)) {
            throw new EventTooLargeException("the events that are journaled as one do not fit one batch; publish fewer"
                    + " at once: batchBytes=" + batch.end() + ", sequence=" + sequence);
        }
        ByteBuffer buffer = batch.buffer();
        int start = batch.end();
        int flags = 0;
        int at = start + FIXED_BYTES;
        if (cause != null) {
            flags |= CAUSE;
            at = putCause(buffer, at, entry);
            if (empty || !cause.equals(causeSubscription)) {
                flags |= CAUSE_TEXT;
                at = putText(buffer, at, cause, "cause's subscription", MAX_SUBSCRIPTION_BYTES, sequence);
            }
        }
        if ((entry.messageIdHigh() | entry.messageIdLow()) != 0) {
            flags |= MESSAGE_ID;
            at = putMessageId(buffer, at, entry);
        }
        if (type != null) {
            flags |= key == null ? ID : KEY;
            at = key == null ? putId(buffer, at, entry.aggregateId())
                    : putText(buffer, at, key, "aggregate key", MAX_AGGREGATE_KEY_BYTES, sequence);
            if (empty || !type.equals(aggregateType)) {
                flags |= TYPE_TEXT;
                at = putText(buffer, at, type, "aggregate type", MAX_AGGREGATE_TYPE_BYTES, sequence);
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

    private static int putCause(ByteBuffer buffer, int at, EventEntry entry) {
        buffer.putLong(at, entry.causeSequence());
        buffer.putInt(at + Long.BYTES, entry.causeOrdinal());
        return at + CAUSE_BYTES;
    }

    private static int putMessageId(ByteBuffer buffer, int at, EventEntry entry) {
        buffer.putLong(at, entry.messageIdHigh());
        buffer.putLong(at + Long.BYTES, entry.messageIdLow());
        return at + MESSAGE_ID_BYTES;
    }

    private static int putId(ByteBuffer buffer, int at, long id) {
        buffer.putLong(at, id);
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
