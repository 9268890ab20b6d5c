package io.ringbus.journal.format;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** One batch in a buffer, as it was read. Reused; valid until its reader moves on. One thread. */
public final class BatchView {

    private final CRC32C crc = new CRC32C();

    private ByteBuffer buffer;
    private int offset;
    private long position;

    /** Made empty; {@link #wrap} fills it. */
    public BatchView() {
        // Nothing is wrapped yet.
    }

    /**
     * Looks at a batch and verifies it alone: magic, version, length, CRC.
     *
     * @param source       little-endian
     * @param at           where the batch begins in the buffer
     * @param available    how many bytes there are at most
     * @param filePosition where the batch begins in its file
     * @return null when it is valid; otherwise what is wrong with it
     */
    public String wrap(ByteBuffer source, int at, int available, long filePosition) {
        buffer = source;
        offset = at;
        position = filePosition;
        if (available < BatchHeader.BYTES) {
            return "too short for a batch: bytes=" + available;
        }
        if (source.getInt(at + BatchHeader.AT_MAGIC) != BatchHeader.MAGIC) {
            return "no batch begins here: magic=0x" + Integer.toHexString(source.getInt(at));
        }
        int length = payloadLength();
        if (length < 0 || length > available - BatchHeader.BYTES) {
            return "the payload does not fit its document: payloadLength=" + length;
        }
        if (BatchHeader.crc(crc, source, at, length) != crc()) {
            return "checksum mismatch: expected=0x" + Integer.toHexString(crc());
        }
        return null;
    }

    /**
     * The version of the format this batch was written in.
     *
     * @return at least 1
     */
    public int version() {
        return buffer.getShort(offset + BatchHeader.AT_VERSION) & 0xFFFF;
    }

    /**
     * What the batch holds.
     *
     * @return a kind of {@link BatchHeader}
     */
    public int kind() {
        return buffer.get(offset + BatchHeader.AT_KIND);
    }

    /**
     * The flags.
     *
     * @return flags of {@link BatchHeader}
     */
    public int flags() {
        return buffer.get(offset + BatchHeader.AT_FLAGS);
    }

    /**
     * The checksum of this batch.
     *
     * @return a CRC32C
     */
    public int crc() {
        return buffer.getInt(offset + BatchHeader.AT_CRC);
    }

    /**
     * The checksum of the batch before.
     *
     * @return a CRC32C; 0 before the first
     */
    public int previousCrc() {
        return buffer.getInt(offset + BatchHeader.AT_PREVIOUS_CRC);
    }

    /**
     * The id of the queue.
     *
     * @return the id
     */
    public long queueId() {
        return buffer.getLong(offset + BatchHeader.AT_QUEUE_ID);
    }

    /**
     * The batch's number in its queue.
     *
     * @return from 1
     */
    public long ordinal() {
        return buffer.getLong(offset + BatchHeader.AT_ORDINAL);
    }

    /**
     * The sequence of the first event.
     *
     * @return a sequence
     */
    public long firstSequence() {
        return buffer.getLong(offset + BatchHeader.AT_FIRST_SEQUENCE);
    }

    /**
     * The sequence of the last event.
     *
     * @return a sequence
     */
    public long lastSequence() {
        return buffer.getLong(offset + BatchHeader.AT_LAST_SEQUENCE);
    }

    /**
     * The last sequence of the batch before.
     *
     * @return a sequence; 0 before the first
     */
    public long previousSequence() {
        return buffer.getLong(offset + BatchHeader.AT_PREVIOUS_SEQUENCE);
    }

    /**
     * The payload's length.
     *
     * @return bytes
     */
    public int payloadLength() {
        return buffer.getInt(offset + BatchHeader.AT_PAYLOAD_LENGTH);
    }

    /**
     * How many frames the payload holds.
     *
     * @return their number
     */
    public int count() {
        return buffer.getInt(offset + BatchHeader.AT_COUNT);
    }

    /**
     * The length of the whole batch.
     *
     * @return bytes
     */
    public int length() {
        return BatchHeader.batchLength(payloadLength());
    }

    /**
     * Where the batch begins in its file.
     *
     * @return a position, behind the document's length word
     */
    public long position() {
        return position;
    }

    /**
     * The buffer that holds the batch.
     *
     * @return the buffer; its position and limit mean nothing
     */
    public ByteBuffer buffer() {
        return buffer;
    }

    /**
     * Where the batch begins in the buffer.
     *
     * @return an index
     */
    public int offset() {
        return offset;
    }

    /**
     * Where the payload begins in the buffer.
     *
     * @return an index
     */
    public int payloadOffset() {
        return offset + BatchHeader.BYTES;
    }
}
