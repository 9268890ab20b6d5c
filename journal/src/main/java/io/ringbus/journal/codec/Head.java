package io.ringbus.journal.codec;

import io.ringbus.engine.error.DecodingException;
import io.ringbus.engine.error.InvalidConfigurationException;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * What stands before the values of each event.
 *
 * <pre>
 * 0      1        5       7
 * +------+--------+-------+--------+--------
 * | form | CRC32C | length| layout | values
 * +------+--------+-------+--------+--------
 *                 |covered by CRC32C|
 * </pre>
 *
 * <p>The check keeps a flipped bit in a component's name from looking like a component that was removed.
 */
final class Head {

    private static final byte FORM = 1;
    private static final int CHECK_OFFSET = 1;
    private static final int LENGTH_OFFSET = 5;
    private static final int LAYOUT_OFFSET = 7;
    private static final int MAX_LENGTH = 0xFFFF;

    private Head() {
    }

    static byte[] of(Class<?> recordClass, Layout layout) {
        ByteBuffer buffer = ByteBuffer.allocate(LAYOUT_OFFSET + MAX_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        buffer.position(LAYOUT_OFFSET);
        try {
            layout.write(buffer);
        } catch (BufferOverflowException e) {
            throw new InvalidConfigurationException("a record's components, with those of the records in it, take more"
                    + " than " + MAX_LENGTH + " bytes to name; give the event type a codec of its own: record="
                    + recordClass.getName(), e);
        }
        int end = buffer.position();
        buffer.put(0, FORM);
        buffer.putShort(LENGTH_OFFSET, (short) (end - LAYOUT_OFFSET));
        buffer.putInt(CHECK_OFFSET, check(buffer, end));
        return Arrays.copyOf(buffer.array(), end);
    }

    /** The layout in a head that was cut out by {@link #copy}. */
    static Layout layout(byte[] head) {
        ByteBuffer buffer = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        if (buffer.getInt(CHECK_OFFSET) != check(buffer, head.length)) {
            throw new DecodingException("the names before an event's values do not match their checksum: they are"
                    + " damaged or foreign");
        }
        buffer.position(LAYOUT_OFFSET);
        Layout layout = Layout.read(buffer);
        if (layout.kind() != Kind.RECORD || layout.nullable()) {
            throw new DecodingException("an event is a record: written=" + layout);
        }
        if (buffer.hasRemaining()) {
            throw new DecodingException("bytes are left over after the layout: " + buffer.remaining());
        }
        return layout;
    }

    /** The head of the event at the buffer's position, which stays. */
    static byte[] copy(ByteBuffer source) {
        int start = source.position();
        if (source.remaining() < LAYOUT_OFFSET) {
            throw new DecodingException("too few bytes for an event: " + source.remaining());
        }
        if (source.get(start) != FORM) {
            throw new DecodingException("no record codec, or a newer one, wrote these bytes; read them with the codec"
                    + " that wrote them: form=" + source.get(start));
        }
        int length = LAYOUT_OFFSET + (source.getShort(start + LENGTH_OFFSET) & MAX_LENGTH);
        if (source.remaining() < length) {
            throw new DecodingException("the event's bytes are cut off: " + source.remaining());
        }
        byte[] head = new byte[length];
        source.get(start, head);
        return head;
    }

    static boolean startsWith(ByteBuffer source, byte[] head) {
        if (source.remaining() < head.length) {
            return false;
        }
        int start = source.position();
        for (int i = 0; i < head.length; i++) {
            if (source.get(start + i) != head[i]) {
                return false;
            }
        }
        return true;
    }

    private static int check(ByteBuffer buffer, int end) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.array(), LENGTH_OFFSET, end - LENGTH_OFFSET);
        return (int) crc.getValue();
    }
}
