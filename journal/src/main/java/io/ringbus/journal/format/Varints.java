package io.ringbus.journal.format;

import java.nio.ByteBuffer;

/**
 * Numbers that take as many bytes as they need: 7 bits a byte, lowest first, the high bit when another byte follows. A
 * number is taken as unsigned; {@link #zigzag} makes a small one of a small negative one.
 */
final class Varints {

    /** The most bytes of a number of 64 bits. */
    static final int MAX_BYTES = 10;

    private static final int BITS = 7;
    private static final int MORE = 1 << BITS;
    private static final long LOW = MORE - 1;

    private Varints() {
    }

    /** Writes a number at an index and returns the index behind it. */
    static int put(ByteBuffer target, int at, long value) {
        int to = at;
        long left = value;
        while ((left & ~LOW) != 0) {
            target.put(to++, (byte) (left | MORE));
            left >>>= BITS;
        }
        target.put(to++, (byte) left);
        return to;
    }

    /** How many bytes the number at an index takes; 0 when it does not end before {@code end}, or has over 64 bits. */
    static int length(ByteBuffer source, int at, int end) {
        int most = Math.min(MAX_BYTES, end - at);
        for (int i = 0; i < most; i++) {
            byte bits = source.get(at + i);
            if (bits >= 0) {
                return i == MAX_BYTES - 1 && bits > 1 ? 0 : i + 1;
            }
        }
        return 0;
    }

    /** Reads a number of so many bytes. */
    static long get(ByteBuffer source, int at, int length) {
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= (source.get(at + i) & LOW) << BITS * i;
        }
        return value;
    }

    /** Folds the sign into the lowest bit. */
    static long zigzag(long value) {
        return value << 1 ^ value >> Long.SIZE - 1;
    }

    /** What {@link #zigzag} was given. */
    static long unzigzag(long value) {
        return value >>> 1 ^ -(value & 1);
    }
}
