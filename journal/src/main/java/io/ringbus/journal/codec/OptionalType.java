package io.ringbus.journal.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * {@link Optional} values. They look as nullable ones do, so that a component can become optional, or cease to be.
 *
 * @param inner      the type of a value that is there
 * @param valueClass its class, the box of a primitive
 * @param where      the component, for messages
 */
record OptionalType(ValueType inner, Class<?> valueClass, String where) implements ValueType {

    private static final MethodHandle OF = Handles.findStatic(Optional.class, "of", Optional.class, Object.class);

    @Override
    public Class<?> javaClass() {
        return Optional.class;
    }

    @Override
    public Layout layout() {
        return inner.layout().asNullable();
    }

    @Override
    public MethodHandle writer() {
        return Handles.optional(inner.writer(), valueClass, where);
    }

    @Override
    public MethodHandle reader(Layout written, String component) {
        MethodHandle value = inner.reader(written.asPresent(), component)
                .asType(MethodType.methodType(valueClass, ByteBuffer.class))
                .asType(MethodType.methodType(Object.class, ByteBuffer.class));
        MethodHandle reader = MethodHandles.filterReturnValue(value, OF);
        return written.nullable() ? Handles.present(reader, Optional.empty()) : reader;
    }

    @Override
    public Object absent() {
        return Optional.empty();
    }
}
