package io.ringbus.journal.codec;

import io.ringbus.engine.error.DecodingException;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * How a value is written. The codes stand in journals: a new kind takes a new one, and none is used twice.
 */
enum Kind {

    BOOLEAN(1, boolean.class),
    BYTE(2, byte.class),
    SHORT(3, short.class),
    CHAR(4, char.class),
    INT(5, int.class),
    LONG(6, long.class),
    FLOAT(7, float.class),
    DOUBLE(8, double.class),
    STRING(9, String.class),
    BYTES(10, byte[].class),
    /** The constant's name, written as a STRING is. */
    ENUM(11, Enum.class),
    BIG_INTEGER(12, BigInteger.class),
    BIG_DECIMAL(13, BigDecimal.class),
    INSTANT(14, Instant.class),
    DURATION(15, Duration.class),
    LOCAL_DATE(16, LocalDate.class),
    UUID(17, UUID.class),
    LIST(18, List.class),
    SET(19, Set.class),
    MAP(20, Map.class),
    RECORD(21, Record.class);

    private static final Kind[] BY_CODE = new Kind[values().length + 1];

    static {
        for (Kind kind : values()) {
            BY_CODE[kind.code] = kind;
        }
    }

    private final int code;
    private final Class<?> javaClass;

    Kind(int code, Class<?> javaClass) {
        this.code = code;
        this.javaClass = javaClass;
    }

    static Kind ofCode(int code) {
        if (code < 1 || code >= BY_CODE.length) {
            throw new DecodingException("the bytes name a kind of value that this version does not know: they are"
                    + " damaged, or a newer version wrote them: kind=" + code);
        }
        return BY_CODE[code];
    }

    /** The scalar kind of a class as it stands in a record, a primitive for its box too; null when it is none. */
    static Kind ofScalar(Class<?> type) {
        Class<?> unboxed = MethodType.methodType(type).unwrap().returnType();
        for (Kind kind : values()) {
            if (kind.javaClass == unboxed && kind.isPlainScalar()) {
                return kind;
            }
        }
        return null;
    }

    int code() {
        return code;
    }

    Class<?> javaClass() {
        return javaClass;
    }

    /** How many kinds follow in a layout as this one's arguments. */
    int arguments() {
        return switch (this) {
            case LIST, SET -> 1;
            case MAP -> 2;
            default -> 0;
        };
    }

    /** Whether equality and bytes agree, so that it can be a set's element or a map's key. */
    boolean isKey() {
        return this != BYTES && ordinal() < LIST.ordinal();
    }

    /** Whether a component of the other kind takes each value of this one unchanged. */
    boolean isReadableAs(Kind other) {
        if (this == other) {
            return true;
        }
        return switch (this) {
            case BYTE -> other == SHORT || other == INT || other == LONG;
            case SHORT -> other == INT || other == LONG;
            case INT -> other == LONG;
            case FLOAT -> other == DOUBLE;
            case ENUM -> other == STRING;
            case STRING -> other == ENUM;
            default -> false;
        };
    }

    /** For a scalar: (value, buffer) to void. */
    MethodHandle writer() {
        return Handles.findStatic(Wire.class, "write", void.class, javaClass, ByteBuffer.class);
    }

    /** For a scalar: (buffer) to value. */
    MethodHandle reader() {
        String type = javaClass == byte[].class ? "Bytes" : javaClass.getSimpleName();
        String name = "read" + Character.toUpperCase(type.charAt(0)) + type.substring(1);
        return Handles.findStatic(Wire.class, name, javaClass, ByteBuffer.class);
    }

    private boolean isPlainScalar() {
        return this != ENUM && ordinal() < LIST.ordinal();
    }
}
