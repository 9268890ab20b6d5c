package io.ringbus.journal.format;

import java.nio.ByteBuffer;

/** Reads texts, most of which are the same as the one before: then nothing is allocated. Mutable; one thread. */
final class RepeatedText {

    private byte[] bytes = {};
    private String text = "";

    /** Reads a text that stands behind its 16-bit length. */
    String readSized(ByteBuffer source, int at) {
        int size = Utf8.size(source, at);
        if (!isSame(source, at + Short.BYTES, size)) {
            bytes = new byte[size];
            source.get(at + Short.BYTES, bytes);
            text = Utf8.get(source, at + Short.BYTES, size);
        }
        return text;
    }

    private boolean isSame(ByteBuffer source, int at, int size) {
        if (size != bytes.length) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            if (source.get(at + i) != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
