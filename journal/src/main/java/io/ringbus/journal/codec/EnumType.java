package io.ringbus.journal.codec;

import io.ringbus.engine.error.DecodingException;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Constants of one enum, known by name: they may be added and reordered, and those in a journal not taken away. */
final class EnumType implements ValueType {

    private static final MethodHandle WRITE =
            Handles.findStatic(EnumType.class, "write", void.class, byte[][].class, Enum.class, ByteBuffer.class);
    private static final MethodHandle READ =
            Handles.findVirtual(EnumType.class, "read", Object.class, ByteBuffer.class);
    /** More constants than this are looked for by their name's hash instead of one after the other. */
    private static final int FEW = 16;

    private final Class<?> enumClass;
    private final Object[] constants;
    private final byte[][] names;
    private final Map<String, Object> byName = new HashMap<>();

    EnumType(Class<?> enumClass) {
        this.enumClass = enumClass;
        this.constants = enumClass.getEnumConstants();
        this.names = new byte[constants.length][];
        for (int i = 0; i < constants.length; i++) {
            String name = ((Enum<?>) constants[i]).name();
            ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES + name.length() * Character.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN);
            Wire.write(name, buffer);
            names[i] = Arrays.copyOf(buffer.array(), buffer.position());
            byName.put(name, constants[i]);
        }
    }

    @Override
    public Class<?> javaClass() {
        return enumClass;
    }

    @Override
    public Layout layout() {
        return Layout.of(Kind.ENUM);
    }

    @Override
    public MethodHandle writer() {
        return WRITE.bindTo(names).asType(MethodType.methodType(void.class, enumClass, ByteBuffer.class));
    }

    @Override
    public MethodHandle reader(Layout written, String where) {
        if (!written.kind().isReadableAs(Kind.ENUM)) {
            throw ValueType.incompatible(where, written, layout());
        }
        return READ.bindTo(this).asType(MethodType.methodType(enumClass, ByteBuffer.class));
    }

    static void write(byte[][] names, Enum<?> constant, ByteBuffer target) {
        target.put(names[constant.ordinal()]);
    }

    Object read(ByteBuffer source) {
        if (constants.length <= FEW) {
            for (int i = 0; i < names.length; i++) {
                if (startsWith(source, names[i])) {
                    source.position(source.position() + names[i].length);
                    return constants[i];
                }
            }
        }
        String name = Wire.readString(source);
        Object constant = byName.get(name);
        if (constant == null) {
            throw new DecodingException("an enum has no such constant any more; put it back, or give the event type a"
                    + " codec: enum=" + enumClass.getName() + ", constant=" + name);
        }
        return constant;
    }

    private static boolean startsWith(ByteBuffer source, byte[] name) {
        if (source.remaining() < name.length) {
            return false;
        }
        int start = source.position();
        for (int i = 0; i < name.length; i++) {
            if (source.get(start + i) != name[i]) {
                return false;
            }
        }
        return true;
    }
}
