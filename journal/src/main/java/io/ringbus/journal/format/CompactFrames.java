package io.ringbus.journal.format;

/** Reads the event frames that {@link EventFrames} writes. */
final class CompactFrames extends FrameReader {

    private static final int MAX_TYPE_ID = 0xFFFF;
    private static final long MAX_UNSIGNED_INT = 0xFFFF_FFFFL;

    /** In the first four bytes of a frame without flags: a type id or a payload length of more than one byte. */
    private static final int NOT_PLAIN = 0x8080FF;
    /** Flags, type id and payload length of such a frame. */
    private static final int PLAIN_BYTES = 3;

    private boolean first;
    private long lastSequence;

    @Override
    void open(BatchView opened, Object from) {
        super.open(opened, from);
        first = true;
        lastSequence = opened.lastSequence();
    }

    @Override
    void read() {
        if (first || end - at < Integer.BYTES || !readPlain(buffer.getInt(at))) {
            readParts();
        }
    }

    /** One load for what nearly all frames begin with; nothing of it is used where a number takes more than a byte. */
    private boolean readPlain(int lead) {
        if ((lead & NOT_PLAIN) != 0) {
            return false;
        }
        flags = 0;
        typeId = lead >>> 8 & 0x7F;
        payloadLength = lead >>> 16 & 0x7F;
        at += PLAIN_BYTES;
        readSequence();
        payloadAt = pass(payloadLength);
        return true;
    }

    private void readParts() {
        flags = buffer.get(pass(1)) & 0xFF;
        refuseFlagsThatContradict();
        typeId = (int) number("type id", 0, MAX_TYPE_ID);
        payloadLength = (int) number("payload length", 0, Integer.MAX_VALUE);
        readSequence();
        readTimestamp();
        first = false;
        if ((flags & EventFrames.CAUSE) != 0) {
            causeSequence = sequence - number("sequences since the cause", 1, sequence - 1);
            causeOrdinal = (int) number("cause's ordinal", 0, MAX_UNSIGNED_INT);
        }
        readCauseSubscription();
        readMessageIdAndAggregate();
        payloadAt = pass(payloadLength);
    }

    private void readSequence() {
        if (!first) {
            // Each frame that follows takes one more.
            long room = lastSequence - sequence - left;
            sequence += (flags & EventFrames.GAP) == 0 ? 1 : 1 + number("sequences passed over", 1, room);
        }
        if (left == 1 && sequence != lastSequence) {
            throw misfit("the last frame is not that of the batch's last sequence: lastSequence=" + lastSequence);
        }
    }

    private void readTimestamp() {
        if (first) {
            timestamp = buffer.getLong(pass(Long.BYTES));
        } else if ((flags & EventFrames.TIME) != 0) {
            timestamp += Varints.unzigzag(number());
        }
    }

    private void refuseFlagsThatContradict() {
        boolean two = (flags & EventFrames.ID) != 0 && (flags & EventFrames.KEY) != 0;
        boolean typeOfNone = (flags & (EventFrames.ID | EventFrames.KEY | EventFrames.TYPE_TEXT))
                == EventFrames.TYPE_TEXT;
        boolean causeOfNone = (flags & (EventFrames.CAUSE | EventFrames.CAUSE_TEXT)) == EventFrames.CAUSE_TEXT;
        boolean unfitFirst = first && (flags & (EventFrames.TIME | EventFrames.GAP)) != EventFrames.TIME;
        if (two || typeOfNone || causeOfNone || unfitFirst) {
            throw misfit("a frame's flags contradict each other, or its place: flags=0x"
                    + Integer.toHexString(flags));
        }
    }

    private long number(String what, long least, long most) {
        long value = number();
        if (value < least || value > most) {
            throw misfit("a number is out of its range: what=" + what + ", least=" + least + ", most=" + most
                    + ", number=" + Long.toUnsignedString(value));
        }
        return value;
    }

    private long number() {
        if (at < end) {
            byte bits = buffer.get(at);
            if (bits >= 0) {
                at++;
                return bits;
            }
        }
        return longNumber();
    }

    private long longNumber() {
        int length = Varints.length(buffer, at, end);
        if (length == 0) {
            throw misfit("a number runs over the end of its batch, or has more than 64 bits: left=" + (end - at));
        }
        return Varints.get(buffer, pass(length), length);
    }
}
