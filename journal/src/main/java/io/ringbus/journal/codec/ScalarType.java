package io.ringbus.journal.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;

/**
 * Single values.
 *
 * @param kind any but an enum, a collection or a record
 */
record ScalarType(Kind kind) implements ValueType {

    @Override
    public Class<?> javaClass() {
        return kind.javaClass();
    }

    @Override
    public Layout layout() {
        return Layout.of(kind);
    }

    @Override
    public MethodHandle writer() {
        return kind.writer();
    }

    @Override
    public MethodHandle reader(Layout written, String where) {
        if (!written.kind().isReadableAs(kind)) {
            throw ValueType.incompatible(where, written, layout());
        }
        Kind bytes = written.kind() == Kind.ENUM ? Kind.STRING : written.kind();
        return bytes.reader().asType(MethodType.methodType(javaClass(), ByteBuffer.class));
    }

    @Override
    public Object absent() {
        return Array.get(Array.newInstance(javaClass(), 1), 0);
    }
}
