package io.ringbus.journal.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Records of one class.
 *
 * @param javaClass   their class
 * @param constructor the canonical constructor
 * @param components  in declaration order
 * @param layout      how they look in bytes; made once, because records in records in records share theirs
 */
record RecordType(Class<?> javaClass, MethodHandle constructor, List<Component> components, Layout layout)
        implements ValueType {

    private static final MethodHandle SKIP =
            Handles.findVirtual(Layout.class, "skip", void.class, ByteBuffer.class);

    /**
     * A component.
     *
     * @param name     what it is known by in bytes
     * @param accessor (record) to value
     * @param type     its type
     */
    record Component(String name, MethodHandle accessor, ValueType type) {
    }

    static RecordType of(Class<?> javaClass, MethodHandle constructor, List<Component> components) {
        Layout layout = new Layout(Kind.RECORD, false,
                components.stream().map(Component::name).toList(),
                components.stream().map(component -> component.type().layout()).toList());
        return new RecordType(javaClass, constructor, List.copyOf(components), layout);
    }

    /** One component after the other, each without a box; the compiler makes straight code of the whole. */
    @Override
    public MethodHandle writer() {
        MethodHandle writer = MethodHandles.empty(MethodType.methodType(void.class, javaClass, ByteBuffer.class));
        for (int i = components.size() - 1; i >= 0; i--) {
            Component component = components.get(i);
            MethodHandle first = MethodHandles.filterArguments(component.type().writer(), 0, component.accessor());
            writer = MethodHandles.foldArguments(writer, first);
        }
        return writer;
    }

    /**
     * Starts from the constructor, gives the absent components their value, brings the rest into the order of the
     * bytes, and then replaces them, from the last one, by readers: so the first one is read first.
     */
    @Override
    public MethodHandle reader(Layout written, String where) {
        if (written.kind() != Kind.RECORD) {
            throw ValueType.incompatible(where, written, layout());
        }
        List<Integer> present = presentIn(written);
        MethodHandle reader = inOrder(withAbsent(written), present);
        int next = present.size();
        for (int i = written.names().size() - 1; i >= 0; i--) {
            int index = indexOf(written.names().get(i));
            Layout bytes = written.inner().get(i);
            int position = index < 0 ? next : --next;
            MethodHandle value = index < 0 ? SKIP.bindTo(bytes) : componentReader(components.get(index), bytes, where);
            reader = sharingBuffer(MethodHandles.collectArguments(reader, position + 1, value), position + 1);
        }
        return reader;
    }

    private MethodHandle componentReader(Component component, Layout bytes, String where) {
        String path = where + "." + component.name();
        ValueType type = component.type();
        if (bytes.nullable() && !type.layout().nullable()) {
            return Handles.required(type.reader(bytes.asPresent(), path), path);
        }
        return type.reader(bytes, path);
    }

    private List<Integer> presentIn(Layout written) {
        return written.names().stream().map(this::indexOf).filter(index -> index >= 0).toList();
    }

    private int indexOf(String name) {
        for (int i = 0; i < components.size(); i++) {
            if (components.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private MethodHandle withAbsent(Layout written) {
        MethodHandle handle = constructor;
        for (int i = components.size() - 1; i >= 0; i--) {
            if (!written.names().contains(components.get(i).name())) {
                handle = MethodHandles.insertArguments(handle, i, components.get(i).type().absent());
            }
        }
        return handle;
    }

    /** (buffer, the present components in the order of the bytes) to record. */
    private MethodHandle inOrder(MethodHandle handle, List<Integer> present) {
        List<Integer> declared = present.stream().sorted().toList();
        List<Class<?>> types = new ArrayList<>();
        present.forEach(index -> types.add(components.get(index).type().javaClass()));
        int[] reorder = declared.stream().mapToInt(present::indexOf).toArray();
        MethodHandle ordered = MethodHandles.permuteArguments(handle,
                MethodType.methodType(javaClass, types), reorder);
        return MethodHandles.dropArguments(ordered, 0, ByteBuffer.class);
    }

    /** Drops the buffer parameter at the end and passes the one at the beginning in its place. */
    private static MethodHandle sharingBuffer(MethodHandle handle, int end) {
        int[] reorder = new int[handle.type().parameterCount()];
        for (int i = 0; i < reorder.length; i++) {
            reorder[i] = i == end ? 0 : i;
        }
        return MethodHandles.permuteArguments(handle, handle.type().dropParameterTypes(end, end + 1), reorder);
    }
}
