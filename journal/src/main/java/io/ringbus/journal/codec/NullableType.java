package io.ringbus.journal.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;

/**
 * Values that may be null: every reference.
 *
 * @param inner     the type of a value that is there
 * @param javaClass its class, the box of a primitive
 */
record NullableType(ValueType inner, Class<?> javaClass) implements ValueType {

    @Override
    public Layout layout() {
        return inner.layout().asNullable();
    }

    @Override
    public MethodHandle writer() {
        return Handles.nullable(inner.writer()
                .asType(MethodType.methodType(void.class, javaClass, ByteBuffer.class)));
    }

    @Override
    public MethodHandle reader(Layout written, String where) {
        MethodHandle reader = inner.reader(written.asPresent(), where)
                .asType(MethodType.methodType(javaClass, ByteBuffer.class));
        return written.nullable() ? Handles.present(reader, null) : reader;
    }

    @Override
    public Object absent() {
        return inner.javaClass().isPrimitive() ? null : inner.absent();
    }
}
