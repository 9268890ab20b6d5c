package io.ringbus.journal.codec;

import io.ringbus.engine.error.DecodingException;
import io.ringbus.engine.error.EncodingException;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;

import static java.lang.invoke.MethodType.methodType;

/** Puts method handles of writers (value, buffer) and readers (buffer) together. */
final class Handles {

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final MethodHandle PRESENCE =
            findStatic(Wire.class, "readBoolean", boolean.class, ByteBuffer.class);
    private static final MethodHandle MARK =
            findStatic(Wire.class, "write", void.class, boolean.class, ByteBuffer.class);
    private static final MethodHandle NON_NULL = findStatic(Objects.class, "nonNull", boolean.class, Object.class);
    private static final MethodHandle IS_PRESENT =
            findStatic(Handles.class, "isPresent", boolean.class, String.class, Optional.class);
    private static final MethodHandle REFUSE_NULL = findStatic(Handles.class, "refuseNull", void.class, String.class);

    private Handles() {
    }

    /** A static method of this package or the JDK's public ones, known to be there. */
    static MethodHandle findStatic(Class<?> owner, String name, Class<?> result, Class<?>... parameters) {
        try {
            return LOOKUP.findStatic(owner, name, methodType(result, parameters));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(owner.getName() + " lacks " + name, e);
        }
    }

    /** The same for a method of an instance. */
    static MethodHandle findVirtual(Class<?> owner, String name, Class<?> result, Class<?>... parameters) {
        try {
            return LOOKUP.findVirtual(owner, name, methodType(result, parameters));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(owner.getName() + " lacks " + name, e);
        }
    }

    /** Writes the presence byte, and the value unless it is null. */
    static MethodHandle nullable(MethodHandle writer) {
        Class<?> type = writer.type().parameterType(0);
        return marked(NON_NULL.asType(methodType(boolean.class, type)), writer);
    }

    /** Writes the presence byte, and the optional's value unless it is empty. */
    static MethodHandle optional(MethodHandle writer, Class<?> valueClass, String where) {
        MethodHandle get = findVirtual(Optional.class, "get", Object.class)
                .asType(methodType(valueClass, Optional.class));
        MethodHandle present = MethodHandles.filterArguments(
                writer.asType(methodType(void.class, valueClass, ByteBuffer.class)), 0, get);
        return marked(IS_PRESENT.bindTo(where), present);
    }

    /** Reads the presence byte; the value after it, or what stands for its absence. */
    static MethodHandle present(MethodHandle reader, Object absent) {
        Class<?> type = reader.type().returnType();
        return MethodHandles.guardWithTest(PRESENCE, reader,
                MethodHandles.dropArguments(MethodHandles.constant(type, absent), 0, ByteBuffer.class));
    }

    /** Reads the presence byte and refuses an absent value. */
    static MethodHandle required(MethodHandle reader, String where) {
        MethodHandle refuse = MethodHandles.filterReturnValue(REFUSE_NULL.bindTo(where),
                MethodHandles.zero(reader.type().returnType()));
        return MethodHandles.guardWithTest(PRESENCE, reader,
                MethodHandles.dropArguments(refuse, 0, ByteBuffer.class));
    }

    /** For the catch clause around an exact invocation, which declares any throwable: it comes out as it was. */
    static RuntimeException rethrow(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        return new IllegalStateException("a record's accessor or constructor threw a checked exception", thrown);
    }

    private static MethodHandle marked(MethodHandle test, MethodHandle writer) {
        Class<?> type = writer.type().parameterType(0);
        MethodHandle present = MethodHandles.foldArguments(writer, mark(true, type));
        return MethodHandles.guardWithTest(test, present, mark(false, type));
    }

    private static MethodHandle mark(boolean present, Class<?> type) {
        return MethodHandles.dropArguments(MethodHandles.insertArguments(MARK, 0, present), 0, type);
    }

    static boolean isPresent(String where, Optional<?> value) {
        if (value == null) {
            throw new EncodingException("an optional component is null; use Optional.empty(): component=" + where);
        }
        return value.isPresent();
    }

    static void refuseNull(String where) {
        throw new DecodingException("a component has no value in these bytes and cannot be null any more; make it a"
                + " box or an Optional, or give the event type a codec: component=" + where);
    }
}
