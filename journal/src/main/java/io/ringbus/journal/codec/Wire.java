package io.ringbus.journal.codec;

import io.ringbus.engine.error.DecodingException;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

/**
 * The single values, as bytes in a little-endian buffer.
 *
 * <pre>
 * boolean, presence    1 byte, 0 or 1
 * byte                 1 byte
 * short, int, long     zigzag, then 7 bits a byte, lowest first, high bit = another byte follows (1 to 10 bytes)
 * char, size           the same without zigzag
 * float, double        4, 8 bytes IEEE 754, bits as they are
 * string, enum         size: characters * 2 + wide; then 1 byte for each character (Latin-1), or 2 when wide
 * bytes, big integer   size, bytes (big integer: two's complement, highest first, as few as can be)
 * big decimal          scale as int, unscaled value as big integer
 * instant, duration    seconds as long, nanoseconds as size
 * local date           days since 1970-01-01 as long
 * uuid                 16 bytes: low long, high long
 * </pre>
 *
 * <p>There is one way to write each value, and every other one is refused on reading: that keeps the bytes of equal
 * records equal, and damage visible. Strings are Latin-1 or UTF-16, not UTF-8, because that is what a JVM holds: a
 * plain copy, and even a lone surrogate comes back as it was. No length is believed beyond the bytes that are there.
 */
final class Wire {

    private static final int MAX_LATIN_1 = 0xFF;

    private Wire() {
    }

    static void write(boolean value, ByteBuffer target) {
        target.put((byte) (value ? 1 : 0));
    }

    static boolean readBoolean(ByteBuffer source) {
        byte value = source.get();
        if ((value & ~1) != 0) {
            throw new DecodingException("a boolean or a presence mark is 0 or 1: value=" + value);
        }
        return value == 1;
    }

    static void write(byte value, ByteBuffer target) {
        target.put(value);
    }

    static byte readByte(ByteBuffer source) {
        return source.get();
    }

    static void write(short value, ByteBuffer target) {
        write((long) value, target);
    }

    static short readShort(ByteBuffer source) {
        return (short) inRange(readLong(source), Short.MIN_VALUE, Short.MAX_VALUE);
    }

    static void write(char value, ByteBuffer target) {
        writeUnsigned(value, target);
    }

    static char readChar(ByteBuffer source) {
        return (char) inRange(readUnsigned(source), Character.MIN_VALUE, Character.MAX_VALUE);
    }

    static void write(int value, ByteBuffer target) {
        write((long) value, target);
    }

    static int readInt(ByteBuffer source) {
        return (int) inRange(readLong(source), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    static void write(long value, ByteBuffer target) {
        writeUnsigned(value << 1 ^ value >> 63, target);
    }

    static long readLong(ByteBuffer source) {
        long value = readUnsigned(source);
        return value >>> 1 ^ -(value & 1);
    }

    static void write(float value, ByteBuffer target) {
        target.putInt(Float.floatToRawIntBits(value));
    }

    static float readFloat(ByteBuffer source) {
        return Float.intBitsToFloat(source.getInt());
    }

    static void write(double value, ByteBuffer target) {
        target.putLong(Double.doubleToRawLongBits(value));
    }

    static double readDouble(ByteBuffer source) {
        return Double.longBitsToDouble(source.getLong());
    }

    static void write(String value, ByteBuffer target) {
        int length = value.length();
        int header = target.position();
        writeUnsigned((long) length << 1, target);
        int start = target.position();
        if (target.remaining() < length) {
            throw new BufferOverflowException();
        }
        int union = 0;
        for (int i = 0; i < length; i++) {
            char character = value.charAt(i);
            union |= character;
            target.put(start + i, (byte) character);
        }
        if (union > MAX_LATIN_1) {
            target.position(header);
            writeWide(value, target);
        } else {
            target.position(start + length);
        }
    }

    static String readString(ByteBuffer source) {
        long header = readUnsigned(source);
        if ((header & 1) == 1) {
            return readWide(source, header >>> 1);
        }
        int length = inSource(header >>> 1, 1, source);
        int start = source.position();
        source.position(start + length);
        if (source.hasArray()) {
            return new String(source.array(), source.arrayOffset() + start, length, StandardCharsets.ISO_8859_1);
        }
        byte[] bytes = new byte[length];
        source.get(start, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static void write(byte[] value, ByteBuffer target) {
        writeUnsigned(value.length, target);
        target.put(value);
    }

    static byte[] readBytes(ByteBuffer source) {
        byte[] value = new byte[inSource(readUnsigned(source), 1, source)];
        source.get(value);
        return value;
    }

    static void write(BigInteger value, ByteBuffer target) {
        int bits = value.bitLength();
        if (bits >= Long.SIZE) {
            write(value.toByteArray(), target);
            return;
        }
        int bytes = bits / Byte.SIZE + 1;
        writeUnsigned(bytes, target);
        long low = value.longValue();
        for (int shift = (bytes - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            target.put((byte) (low >> shift));
        }
    }

    static BigInteger readBigInteger(ByteBuffer source) {
        byte[] bytes = readBytes(source);
        if (bytes.length == 0) {
            throw new DecodingException("a big integer has at least one byte: bytes=0");
        }
        BigInteger value = new BigInteger(bytes);
        if (value.bitLength() / Byte.SIZE + 1 != bytes.length) {
            throw new DecodingException("a big integer has more bytes than it needs: bytes=" + bytes.length);
        }
        return value;
    }

    static void write(BigDecimal value, ByteBuffer target) {
        write(value.scale(), target);
        write(value.unscaledValue(), target);
    }

    static BigDecimal readBigDecimal(ByteBuffer source) {
        int scale = readInt(source);
        return new BigDecimal(readBigInteger(source), scale);
    }

    static void write(Instant value, ByteBuffer target) {
        write(value.getEpochSecond(), target);
        writeUnsigned(value.getNano(), target);
    }

    static Instant readInstant(ByteBuffer source) {
        return Instant.ofEpochSecond(readLong(source), readNanos(source));
    }

    static void write(Duration value, ByteBuffer target) {
        write(value.getSeconds(), target);
        writeUnsigned(value.getNano(), target);
    }

    static Duration readDuration(ByteBuffer source) {
        return Duration.ofSeconds(readLong(source), readNanos(source));
    }

    static void write(LocalDate value, ByteBuffer target) {
        write(value.toEpochDay(), target);
    }

    static LocalDate readLocalDate(ByteBuffer source) {
        return LocalDate.ofEpochDay(readLong(source));
    }

    static void write(UUID value, ByteBuffer target) {
        target.putLong(value.getLeastSignificantBits());
        target.putLong(value.getMostSignificantBits());
    }

    static UUID readUUID(ByteBuffer source) {
        long low = source.getLong();
        return new UUID(source.getLong(), low);
    }

    static void writeUnsigned(long value, ByteBuffer target) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            target.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        target.put((byte) rest);
    }

    static long readUnsigned(ByteBuffer source) {
        byte next = source.get();
        if (next >= 0) {
            return next;
        }
        long value = next & 0x7F;
        for (int shift = 7; shift < Long.SIZE; shift += 7) {
            next = source.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                if (next == 0 || shift == 63 && next > 1) {
                    throw new DecodingException("a number is longer than it needs, or than 64 bits: last=" + next);
                }
                return value;
            }
        }
        throw new DecodingException("a number is longer than 64 bits: last=" + next);
    }

    /** How many elements follow; each takes one byte at least, so more than the bytes left is damage. */
    static int readSize(ByteBuffer source) {
        return inSource(readUnsigned(source), 1, source);
    }

    private static void writeWide(String value, ByteBuffer target) {
        int length = value.length();
        writeUnsigned((long) length << 1 | 1, target);
        if (target.remaining() / Character.BYTES < length) {
            throw new BufferOverflowException();
        }
        for (int i = 0; i < length; i++) {
            target.putChar(value.charAt(i));
        }
    }

    private static String readWide(ByteBuffer source, long size) {
        char[] characters = new char[inSource(size, Character.BYTES, source)];
        int union = 0;
        for (int i = 0; i < characters.length; i++) {
            characters[i] = source.getChar();
            union |= characters[i];
        }
        if (union <= MAX_LATIN_1) {
            throw new DecodingException("a string without wide characters is marked as wide: length="
                    + characters.length);
        }
        return new String(characters);
    }

    private static int inSource(long size, int width, ByteBuffer source) {
        if (size < 0 || size > source.remaining() / width) {
            throw new DecodingException("a length is beyond the bytes that are left, remaining=" + source.remaining()
                    + ", length=" + Long.toUnsignedString(size));
        }
        return (int) size;
    }

    private static long inRange(long value, long min, long max) {
        if (value < min || value > max) {
            throw new DecodingException("a number is outside " + min + " to " + max + ": value=" + value);
        }
        return value;
    }

    private static int readNanos(ByteBuffer source) {
        return (int) inRange(readUnsigned(source), 0, 999_999_999);
    }
}
