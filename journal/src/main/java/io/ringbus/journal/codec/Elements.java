package io.ringbus.journal.codec;

import io.ringbus.engine.error.DecodingException;

import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.Set;

/**
 * The loops over elements. Sets and maps are written in the order of their elements' bytes: the order in which they
 * are walked differs from one JVM to the next, and equal records have equal bytes. They are read into collections
 * that keep this order, so that a handler which walks them does the same in every run.
 */
final class Elements {

    private Elements() {
    }

    static void writeList(MethodHandle element, List<?> list, ByteBuffer target) {
        int size = list.size();
        Wire.writeUnsigned(size, target);
        if (list instanceof RandomAccess) {
            // Without an iterator there is nothing to collect, even where the compiler does not see through it.
            for (int i = 0; i < size; i++) {
                write(element, list.get(i), target);
            }
            return;
        }
        int written = 0;
        for (Object value : list) {
            write(element, value, target);
            written++;
        }
        requireUnchanged(size, written);
    }

    static List<?> readList(MethodHandle element, ByteBuffer source) {
        Object[] values = new Object[Wire.readSize(source)];
        for (int i = 0; i < values.length; i++) {
            values[i] = read(element, source);
        }
        return values.length == 0 ? List.of() : Collections.unmodifiableList(Arrays.asList(values));
    }

    static void writeSet(MethodHandle element, Set<?> set, ByteBuffer target) {
        int size = set.size();
        Wire.writeUnsigned(size, target);
        int[] starts = new int[size + 1];
        int written = 0;
        for (Object value : set) {
            starts[Math.min(written++, size)] = target.position();
            write(element, value, target);
        }
        requireUnchanged(size, written);
        starts[size] = target.position();
        sort(target, starts);
    }

    static Set<?> readSet(MethodHandle element, ByteBuffer source) {
        int size = Wire.readSize(source);
        Set<Object> set = new LinkedHashSet<>();
        for (int i = 0; i < size; i++) {
            requireNew(set.add(read(element, source)), "element");
        }
        return Collections.unmodifiableSet(set);
    }

    static void writeMap(MethodHandle key, MethodHandle value, Map<?, ?> map, ByteBuffer target) {
        int size = map.size();
        Wire.writeUnsigned(size, target);
        int[] starts = new int[size + 1];
        int written = 0;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            starts[Math.min(written++, size)] = target.position();
            write(key, entry.getKey(), target);
            write(value, entry.getValue(), target);
        }
        requireUnchanged(size, written);
        starts[size] = target.position();
        sort(target, starts);
    }

    static Map<?, ?> readMap(MethodHandle key, MethodHandle value, ByteBuffer source) {
        int size = Wire.readSize(source);
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            Object newKey = read(key, source);
            requireNew(!map.containsKey(newKey), "key");
            map.put(newKey, read(value, source));
        }
        return Collections.unmodifiableMap(map);
    }

    private static void write(MethodHandle element, Object value, ByteBuffer target) {
        try {
            element.invokeExact(value, target);
        } catch (Throwable e) {
            throw Handles.rethrow(e);
        }
    }

    private static Object read(MethodHandle element, ByteBuffer source) {
        try {
            return (Object) element.invokeExact(source);
        } catch (Throwable e) {
            throw Handles.rethrow(e);
        }
    }

    private static void sort(ByteBuffer target, int[] starts) {
        int size = starts.length - 1;
        if (size < 2) {
            return;
        }
        int begin = starts[0];
        byte[] bytes = new byte[starts[size] - begin];
        target.get(begin, bytes);
        Integer[] order = new Integer[size];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Arrays.compareUnsigned(bytes, starts[a] - begin, starts[a + 1] - begin,
                bytes, starts[b] - begin, starts[b + 1] - begin));
        target.position(begin);
        for (int i : order) {
            target.put(bytes, starts[i] - begin, starts[i + 1] - starts[i]);
        }
    }

    private static void requireUnchanged(int size, int written) {
        if (size != written) {
            throw new ConcurrentModificationException("a collection changed while it was being written: size=" + size
                    + ", written=" + written);
        }
    }

    private static void requireNew(boolean isNew, String what) {
        if (!isNew) {
            throw new DecodingException("the bytes hold one " + what + " of a set or map twice: they are damaged");
        }
    }
}
