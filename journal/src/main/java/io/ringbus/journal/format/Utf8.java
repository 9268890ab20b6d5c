package io.ringbus.journal.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** UTF-8 to and from a buffer with absolute access; writing allocates nothing. */
final class Utf8 {

    /** The most bytes of a text that stands behind its 16-bit length. */
    static final int MAX_SIZE = 0xFFFF;

    private Utf8() {
    }

    /** Whether a text fits behind a 16-bit length. */
    static boolean isSizeable(String text) {
        int length = text.length();
        return length <= MAX_SIZE / 3
                || length <= MAX_SIZE && text.getBytes(StandardCharsets.UTF_8).length <= MAX_SIZE;
    }

    /** The most bytes a text can take. */
    static int maxLength(String text) {
        return 3 * text.length();
    }

    /** Writes a text at an index and returns the index behind it. A lone surrogate becomes a question mark. */
    static int put(ByteBuffer target, int at, String text) {
        int to = at;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                target.put(to++, (byte) c);
            } else if (c < 0x800) {
                target.put(to++, (byte) (0xC0 | c >> 6));
                target.put(to++, (byte) (0x80 | c & 0x3F));
            } else if (!Character.isSurrogate(c)) {
                target.put(to++, (byte) (0xE0 | c >> 12));
                target.put(to++, (byte) (0x80 | c >> 6 & 0x3F));
                target.put(to++, (byte) (0x80 | c & 0x3F));
            } else if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                int point = Character.toCodePoint(c, text.charAt(++i));
                target.put(to++, (byte) (0xF0 | point >> 18));
                target.put(to++, (byte) (0x80 | point >> 12 & 0x3F));
                target.put(to++, (byte) (0x80 | point >> 6 & 0x3F));
                target.put(to++, (byte) (0x80 | point & 0x3F));
            } else {
                target.put(to++, (byte) '?');
            }
        }
        return to;
    }

    /** Writes a 16-bit length and the text, and returns the index behind it. */
    static int putSized(ByteBuffer target, int at, String text) {
        int end = put(target, at + Short.BYTES, text);
        target.putShort(at, (short) (end - at - Short.BYTES));
        return end;
    }

    /** Reads a text of a known length. */
    static String get(ByteBuffer source, int at, int length) {
        byte[] bytes = new byte[length];
        source.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Reads the 16-bit length of a text. */
    static int size(ByteBuffer source, int at) {
        return source.getShort(at) & 0xFFFF;
    }
}
