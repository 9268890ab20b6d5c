package io.ringbus.journal.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lists, sets and maps; which class implements them is not written, and what is read is unmodifiable.
 *
 * @param kind  LIST, SET or MAP
 * @param inner the type of the elements, or those of keys and values
 */
record CollectionType(Kind kind, List<ValueType> inner) implements ValueType {

    @Override
    public Class<?> javaClass() {
        return kind.javaClass();
    }

    @Override
    public Layout layout() {
        return Layout.of(kind, inner.stream().map(ValueType::layout).toArray(Layout[]::new));
    }

    @Override
    public MethodHandle writer() {
        Object[] elements = inner.stream()
                .map(type -> type.writer().asType(
                        MethodType.methodType(void.class, Object.class, ByteBuffer.class)))
                .toArray();
        return MethodHandles.insertArguments(elements("write", void.class, javaClass(), ByteBuffer.class), 0, elements);
    }

    @Override
    public MethodHandle reader(Layout written, String where) {
        if (written.kind() != kind) {
            throw ValueType.incompatible(where, written, layout());
        }
        Object[] elements = new Object[inner.size()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = inner.get(i).reader(written.inner().get(i), where + "[]")
                    .asType(MethodType.methodType(inner.get(i).javaClass(), ByteBuffer.class))
                    .asType(MethodType.methodType(Object.class, ByteBuffer.class));
        }
        return MethodHandles.insertArguments(elements("read", javaClass(), ByteBuffer.class), 0, elements);
    }

    @Override
    public Object absent() {
        return switch (kind) {
            case SET -> Set.of();
            case MAP -> Map.of();
            default -> List.of();
        };
    }

    private MethodHandle elements(String verb, Class<?> result, Class<?>... parameters) {
        MethodType type = MethodType.methodType(result, parameters);
        for (int i = 0; i < inner.size(); i++) {
            type = type.insertParameterTypes(0, MethodHandle.class);
        }
        String name = verb + javaClass().getSimpleName();
        return Handles.findStatic(Elements.class, name, result, type.parameterArray());
    }
}
