package io.ringbus.journal.format;

import io.ringbus.engine.error.JournalFormatException;

/**
 * Reads the event frames of versions 1 and 2, which began with 24 bytes each. Nothing writes them any more.
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
 * <p>The delta counts from the batch's first sequence. Version 1 had no cause and no message id. A flag that is not
 * known is refused: these versions promised to give what came later a flag of its own.
 */
final class FixedFrames extends FrameReader {

    /** The last version that wrote such frames. */
    static final int LAST_VERSION = 2;

    private static final int BYTES = 24;
    private static final int AT_LENGTH = 0;
    private static final int AT_TYPE = 4;
    private static final int AT_FLAGS = 6;
    private static final int AT_DELTA = 8;
    private static final int AT_PAYLOAD_LENGTH = 12;
    private static final int AT_TIMESTAMP = 16;
    private static final int CAUSE_BYTES = 12;
    private static final int FLAGS_OF_VERSION_1 = EventFrames.ID | EventFrames.KEY | EventFrames.TYPE_TEXT;
    private static final int FLAGS_OF_VERSION_2 = FLAGS_OF_VERSION_1 | EventFrames.CAUSE | EventFrames.CAUSE_TEXT
            | EventFrames.MESSAGE_ID;

    private long firstSequence;
    private int knownFlags;

    @Override
    void open(BatchView opened, Object from) {
        super.open(opened, from);
        firstSequence = opened.firstSequence();
        knownFlags = opened.version() == 1 ? FLAGS_OF_VERSION_1 : FLAGS_OF_VERSION_2;
    }

    @Override
    void read() {
        int start = pass(BYTES);
        int length = buffer.getInt(start + AT_LENGTH);
        typeId = buffer.getShort(start + AT_TYPE) & 0xFFFF;
        flags = buffer.getShort(start + AT_FLAGS) & 0xFFFF;
        sequence = firstSequence + (buffer.getInt(start + AT_DELTA) & 0xFFFF_FFFFL);
        payloadLength = buffer.getInt(start + AT_PAYLOAD_LENGTH);
        timestamp = buffer.getLong(start + AT_TIMESTAMP);
        if ((flags & ~knownFlags) != 0) {
            throw new JournalFormatException("a newer version wrote this event; use that version or a later one:"
                    + " flags=0x" + Integer.toHexString(flags) + where());
        }
        if ((flags & EventFrames.CAUSE) != 0) {
            int cause = pass(CAUSE_BYTES);
            causeSequence = buffer.getLong(cause);
            causeOrdinal = buffer.getInt(cause + Long.BYTES);
        }
        readCauseSubscription();
        readMessageIdAndAggregate();
        payloadAt = pass(payloadLength);
        if (at - start != length) {
            throw misfit("a frame's parts do not add up: length=" + length + ", parts=" + (at - start));
        }
    }
}
