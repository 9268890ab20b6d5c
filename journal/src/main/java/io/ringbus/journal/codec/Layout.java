package io.ringbus.journal.codec;

import io.ringbus.engine.error.DecodingException;
import io.ringbus.engine.error.InvalidConfigurationException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a value looks like in bytes: its kind and, inside it, names and kinds of components. It names no class.
 *
 * <pre>
 * layout    := kind code, + 128 when a presence byte stands before the value
 *              list, set: layout of the elements     map: layout of the keys, layout of the values
 *              record: number of components, then for each its name as a string and its layout
 * value     := record: its components in order       list, set: size, elements      map: size, key and value in turn
 *              others: see Wire
 * </pre>
 *
 * @param kind     how the value is written
 * @param nullable whether a presence byte stands before it; 0 = null or empty optional, and no value follows
 * @param names    the components' names, for a record
 * @param inner    the components' layouts, or those of elements, or of keys and values
 */
record Layout(Kind kind, boolean nullable, List<String> names, List<Layout> inner) {

    /** A record's components: a method handle takes no more than 255 words of arguments. */
    static final int MAX_COMPONENTS = 120;
    /** Records and collections inside each other; bounds the stack that foreign bytes can take. */
    static final int MAX_DEPTH = 32;

    private static final int NULLABLE = 0x80;

    static Layout of(Kind kind, Layout... inner) {
        return new Layout(kind, false, List.of(), List.of(inner));
    }

    Layout asNullable() {
        return new Layout(kind, true, names, inner);
    }

    Layout asPresent() {
        return nullable ? new Layout(kind, false, names, inner) : this;
    }

    void write(ByteBuffer target) {
        write(target, 1);
    }

    static Layout read(ByteBuffer source) {
        return read(source, 1);
    }

    /** Passes over a value of this layout. */
    void skip(ByteBuffer source) {
        if (nullable && !Wire.readBoolean(source)) {
            return;
        }
        switch (kind) {
            case BOOLEAN -> Wire.readBoolean(source);
            case BYTE -> Wire.readByte(source);
            case SHORT, INT, LONG, LOCAL_DATE -> Wire.readLong(source);
            case CHAR -> Wire.readChar(source);
            case FLOAT -> Wire.readFloat(source);
            case DOUBLE -> Wire.readDouble(source);
            case STRING, ENUM -> Wire.readString(source);
            case BYTES, BIG_INTEGER -> Wire.readBytes(source);
            case BIG_DECIMAL -> Wire.readBigDecimal(source);
            case INSTANT -> Wire.readInstant(source);
            case DURATION -> Wire.readDuration(source);
            case UUID -> Wire.readUUID(source);
            case LIST, SET, MAP -> {
                for (int left = Wire.readSize(source); left > 0; left--) {
                    inner.forEach(layout -> layout.skip(source));
                }
            }
            case RECORD -> inner.forEach(layout -> layout.skip(source));
        }
    }

    @Override
    public String toString() {
        return kind + (inner.isEmpty() ? "" : inner.toString());
    }

    private void write(ByteBuffer target, int depth) {
        if (depth > MAX_DEPTH) {
            throw new InvalidConfigurationException("a record holds records and collections inside each other deeper"
                    + " than the default codec goes; give the event type a codec of its own: depth>" + MAX_DEPTH);
        }
        target.put((byte) (kind.code() | (nullable ? NULLABLE : 0)));
        if (kind == Kind.RECORD) {
            Wire.writeUnsigned(names.size(), target);
        }
        for (int i = 0; i < inner.size(); i++) {
            if (kind == Kind.RECORD) {
                Wire.write(names.get(i), target);
            }
            inner.get(i).write(target, depth + 1);
        }
    }

    private static Layout read(ByteBuffer source, int depth) {
        if (depth > MAX_DEPTH) {
            throw new DecodingException("values are nested deeper than any that were written: depth=" + depth);
        }
        int code = source.get();
        Kind kind = Kind.ofCode(code & ~NULLABLE & 0xFF);
        List<String> names = new ArrayList<>();
        List<Layout> inner = new ArrayList<>();
        int count = kind == Kind.RECORD ? readCount(source) : kind.arguments();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < count; i++) {
            if (kind == Kind.RECORD) {
                String name = Wire.readString(source);
                if (!seen.add(name)) {
                    throw new DecodingException("the bytes name a component twice: component=" + name);
                }
                names.add(name);
            }
            inner.add(read(source, depth + 1));
            requireByte(kind, i, inner.get(i));
        }
        return new Layout(kind, (code & NULLABLE) != 0, List.copyOf(names), List.copyOf(inner));
    }

    /** Elements that took no byte could be claimed in any number: whoever wrote that, it was not a codec. */
    private static void requireByte(Kind kind, int index, Layout inner) {
        boolean key = kind == Kind.SET || kind == Kind.MAP && index == 0;
        if (key ? inner.nullable || !inner.kind.isKey() : kind != Kind.RECORD && !inner.nullable) {
            throw new DecodingException("no codec writes such elements: inside=" + kind + ", element=" + inner);
        }
    }

    private static int readCount(ByteBuffer source) {
        int count = Wire.readSize(source);
        if (count > MAX_COMPONENTS) {
            throw new DecodingException("a record has more components than any that was written: components="
                    + count);
        }
        return count;
    }
}
