package io.ringbus.journal.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Builds one batch after another in a direct buffer, which grows up to its limit and is otherwise reused: in steady
 * state nothing is allocated. One thread at a time.
 */
public final class BatchBuilder {

    private final CRC32C crc = new CRC32C();
    private final int maxBytes;

    private ByteBuffer buffer;
    private int end = BatchHeader.BYTES;
    private int count;

    /**
     * Makes an empty batch.
     *
     * @param initialBytes the buffer's size at first
     * @param maxBytes     the largest batch
     */
    public BatchBuilder(int initialBytes, int maxBytes) {
        this.maxBytes = maxBytes;
        buffer = allocate(Math.min(initialBytes, maxBytes));
    }

    /**
     * Makes room behind the payload so far.
     *
     * @param bytes how many will be written at most
     * @return false when the batch would become larger than allowed; it is unchanged then
     */
    public boolean reserve(int bytes) {
        long needed = (long) end + bytes + 8;
        if (needed <= buffer.capacity()) {
            return true;
        }
        if (needed > maxBytes) {
            return false;
        }
        ByteBuffer larger = allocate((int) Math.min(maxBytes, Math.max(needed, 2L * buffer.capacity())));
        larger.put(0, buffer, 0, end);
        buffer = larger;
        return true;
    }

    /**
     * The buffer to write into, with absolute methods, from {@link #end()}.
     *
     * @return the buffer; another one after {@link #reserve}
     */
    public ByteBuffer buffer() {
        return buffer;
    }

    /**
     * Where the payload so far ends in the buffer.
     *
     * @return an index
     */
    public int end() {
        return end;
    }

    /**
     * The payload's length so far.
     *
     * @return bytes
     */
    public int payloadLength() {
        return end - BatchHeader.BYTES;
    }

    /**
     * How many frames were added.
     *
     * @return their number
     */
    public int count() {
        return count;
    }

    /**
     * Adds the frame that was written at {@link #end()}.
     *
     * @param newEnd where it ends
     */
    public void added(int newEnd) {
        end = newEnd;
        count++;
    }

    /**
     * Writes the header and the zeros at the end.
     *
     * @param kind  what the batch holds
     * @param flags flags of {@link BatchHeader}
     * @param first the first sequence
     * @param last  the last sequence
     * @param chain what the batch is chained to
     * @return the length of the batch, which begins at index 0 of the buffer
     */
    public int seal(int kind, int flags, long first, long last, Chain chain) {
        int payloadLength = payloadLength();
        int length = BatchHeader.batchLength(payloadLength);
        buffer.putInt(BatchHeader.AT_MAGIC, BatchHeader.MAGIC);
        buffer.putShort(BatchHeader.AT_VERSION, (short) BatchHeader.VERSION);
        buffer.put(BatchHeader.AT_KIND, (byte) kind);
        buffer.put(BatchHeader.AT_FLAGS, (byte) flags);
        buffer.putInt(BatchHeader.AT_PREVIOUS_CRC, chain.crc());
        buffer.putLong(BatchHeader.AT_QUEUE_ID, chain.queueId());
        buffer.putLong(BatchHeader.AT_ORDINAL, chain.ordinal() + 1);
        buffer.putLong(BatchHeader.AT_FIRST_SEQUENCE, first);
        buffer.putLong(BatchHeader.AT_LAST_SEQUENCE, last);
        buffer.putLong(BatchHeader.AT_PREVIOUS_SEQUENCE, chain.lastSequence());
        buffer.putInt(BatchHeader.AT_PAYLOAD_LENGTH, payloadLength);
        buffer.putInt(BatchHeader.AT_COUNT, count);
        for (int i = end; i < length; i++) {
            buffer.put(i, (byte) 0);
        }
        buffer.putInt(BatchHeader.AT_CRC, BatchHeader.crc(crc, buffer, 0, payloadLength));
        return length;
    }

    /**
     * The checksum of the sealed batch.
     *
     * @return a CRC32C
     */
    public int crc() {
        return buffer.getInt(BatchHeader.AT_CRC);
    }

    /** Empties the batch. */
    public void reset() {
        end = BatchHeader.BYTES;
        count = 0;
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
