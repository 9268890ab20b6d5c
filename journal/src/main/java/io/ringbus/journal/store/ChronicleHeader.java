package io.ringbus.journal.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What Chronicle wrote into the head of a file about its end: the position of the last document, as a pair of numbers
 * behind the text {@code writePosition}. It is evidence only: a file whose head cannot be read this way says nothing.
 *
 * <pre>
 *   … writePosition | padding | 0x8D | 2 (8 bytes) | 2 (8) | position of the length word (8) | …
 * </pre>
 */
final class ChronicleHeader {

    private static final byte[] FIELD = "writePosition".getBytes(StandardCharsets.US_ASCII);
    private static final int SEARCHED_BYTES = 256;
    private static final int MAX_PADDING_BYTES = 16;
    private static final byte ARRAY = (byte) 0x8D;
    private static final long PAIR = 2;

    private ChronicleHeader() {
    }

    /** The position of the last document's length word, as far as Chronicle knew; -1 when the head does not say. */
    static long lastDocument(CycleFile file) {
        int at = file.load(0, SEARCHED_BYTES);
        if (at < 0) {
            return -1;
        }
        ByteBuffer bytes = file.window();
        for (int field = at; field < at + SEARCHED_BYTES / 2; field++) {
            if (matches(bytes, field)) {
                int from = field + FIELD.length;
                for (int i = from; i < from + MAX_PADDING_BYTES; i++) {
                    if (bytes.get(i) == ARRAY && bytes.getLong(i + 1) == PAIR && bytes.getLong(i + 9) == PAIR) {
                        return bytes.getLong(i + 17);
                    }
                }
            }
        }
        return -1;
    }

    private static boolean matches(ByteBuffer bytes, int at) {
        for (int i = 0; i < FIELD.length; i++) {
            if (bytes.get(at + i) != FIELD[i]) {
                return false;
            }
        }
        return true;
    }
}
