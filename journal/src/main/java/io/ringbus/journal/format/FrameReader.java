package io.ringbus.journal.format;

import io.ringbus.engine.error.JournalDamagedException;
import java.nio.ByteBuffer;

/**
 * Goes from frame to frame of a verified batch of events, and says what each one's parts are. How the parts are written
 * depends on the version of the format. No length is believed beyond the batch's payload. Mutable; one thread.
 */
abstract class FrameReader {

    /** Flags; see {@link EventFrames}. */
    int flags;
    int typeId;
    long sequence;
    long timestamp;
    int payloadAt;
    int payloadLength;
    long causeSequence;
    int causeOrdinal;
    /** The last one that was named. */
    String causeSubscription;
    int messageIdAt;
    int aggregateAt;
    /** The last one that was named. */
    String aggregateType;

    /** The batch. */
    ByteBuffer buffer;
    /** Where the next part begins. */
    int at;
    /** Where the batch's payload ends. */
    int end;
    /** How many frames are left, with the one that is being read. */
    int left;

    private final RepeatedText aggregateTypes = new RepeatedText();
    private final RepeatedText causeSubscriptions = new RepeatedText();

    private BatchView batch;
    private Object source;

    /** Stands before the first frame. */
    void open(BatchView opened, Object from) {
        batch = opened;
        source = from;
        buffer = opened.buffer();
        at = opened.payloadOffset();
        end = at + opened.payloadLength();
        left = opened.count();
        sequence = opened.firstSequence();
        aggregateType = null;
        causeSubscription = null;
    }

    /** Goes to the next frame; false behind the last one. */
    final boolean next() {
        if (left == 0) {
            if (at != end) {
                throw misfit("bytes are left behind the last frame: bytes=" + (end - at));
            }
            return false;
        }
        read();
        left--;
        return true;
    }

    /** Reads the frame at {@link #at}, and goes behind it. */
    abstract void read();

    /** Goes over bytes, and returns where they begin. */
    final int pass(int bytes) {
        int start = at;
        if (bytes < 0 || bytes > end - start) {
            throw misfit("a frame runs over the end of its batch: bytes=" + bytes + ", left=" + (end - start));
        }
        at = start + bytes;
        return start;
    }

    /** Reads the cause's subscription, when the frame names it; a cause needs one. */
    final void readCauseSubscription() {
        if ((flags & EventFrames.CAUSE_TEXT) != 0) {
            causeSubscription = causeSubscriptions.readSized(buffer, passText());
        }
        if (causeSubscription == null && (flags & EventFrames.CAUSE) != 0) {
            throw misfit("no frame of the batch so far names the cause's subscription");
        }
    }

    /** Goes over the message id and the aggregate's id, and reads the aggregate's type, when the frame names it. */
    final void readMessageIdAndAggregate() {
        if ((flags & EventFrames.MESSAGE_ID) != 0) {
            messageIdAt = pass(EventFrames.MESSAGE_ID_BYTES);
        }
        if ((flags & (EventFrames.ID | EventFrames.KEY | EventFrames.TYPE_TEXT)) == 0) {
            return;
        }
        aggregateAt = (flags & EventFrames.ID) != 0 ? pass(Long.BYTES)
                : (flags & EventFrames.KEY) != 0 ? passText() : at;
        if ((flags & EventFrames.TYPE_TEXT) != 0) {
            aggregateType = aggregateTypes.readSized(buffer, passText());
        }
        if (aggregateType == null) {
            throw misfit("no frame of the batch so far names the aggregate's type");
        }
    }

    /** The error for bytes that have a right checksum, but that no writer of this format wrote. */
    final JournalDamagedException misfit(String what) {
        return new JournalDamagedException("no version wrote this batch as it is, though its checksum is right; restore"
                + " the file: " + what + where());
    }

    /** Names the place, behind other values. */
    final String where() {
        return ", file=" + source + ", position=" + batch.position() + ", ordinal=" + batch.ordinal() + ", sequence="
                + sequence;
    }

    private int passText() {
        int start = pass(Short.BYTES);
        pass(Utf8.size(buffer, start));
        return start;
    }
}
