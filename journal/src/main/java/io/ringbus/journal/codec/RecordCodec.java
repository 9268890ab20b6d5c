package io.ringbus.journal.codec;

import io.ringbus.engine.error.DecodingException;
import io.ringbus.engine.error.EncodingException;
import io.ringbus.engine.error.InvalidConfigurationException;
import io.ringbus.engine.event.EventCodec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The default codec: records whose components are known by name.
 *
 * <p>Each event carries its layout, the names and kinds of its components, so it can be read alone, whatever the record
 * has become since. No class stands in the bytes: what is made of them is decided by the record given to {@link #of},
 * so bytes cannot bring in a class, and records, nested ones too, can be renamed and moved.
 *
 * <p><b>Components.</b> Primitives and their boxes, {@code String}, enums, {@code byte[]}, {@code BigInteger},
 * {@code BigDecimal}, {@code Instant}, {@code Duration}, {@code LocalDate}, {@code UUID}, other records, {@code List},
 * {@code Set} and {@code Map} of these (elements of sets and keys of maps: no records, collections or arrays),
 * {@code Optional} of these. Anything else is refused by {@link #of}.
 *
 * <p><b>Change.</b> Components may be added (old events have 0, false, null, an empty optional or an empty collection
 * there), removed and reordered, in nested records too; {@code byte}, {@code short} and {@code int} may become wider,
 * {@code float} a {@code double}, an enum a {@code String} and back, a value nullable or optional and back. Enum
 * constants may be added and reordered. A renamed component is a removed one and a new one. A component that has become
 * something else, a null where none can be, and an enum constant that is gone are refused when such an event is read.
 *
 * <p><b>Garbage.</b> Encoding allocates nothing, except about 64 bytes for each {@code BigDecimal}, a copy of a
 * {@code BigInteger} beyond 64 bits, working space for sets and maps, and what the record's own accessors allocate.
 * Equal records have equal bytes.
 *
 * <p><b>Threading.</b> Thread-safe; encoding shares no changing state between threads.
 *
 * @param <T> the record class
 */
public final class RecordCodec<T> implements EventCodec<T> {

    private final Class<T> recordClass;
    private final MethodHandle writer;
    private final byte[] head;
    private final Readers readers;

    private RecordCodec(Class<T> recordClass, RecordType type) {
        this.recordClass = recordClass;
        this.head = Head.of(recordClass, type.layout());
        this.writer = type.writer().asType(MethodType.methodType(void.class, Object.class, ByteBuffer.class));
        this.readers = new Readers(type, head);
    }

    /**
     * Makes the codec of a record.
     *
     * @param <T>         the record class
     * @param recordClass the record class; when its module is named, its package is open to this one
     * @return its codec
     * @throws InvalidConfigurationException when the class is no record, or a component, here or in a nested record, is
     *                                       of a type that could not be read back; it names record, component and type
     */
    public static <T> RecordCodec<T> of(Class<T> recordClass) {
        return new RecordCodec<>(recordClass, new TypeResolver().record(recordClass));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Writes little-endian whatever the buffer's order, and leaves that order as it was. When it throws, the
     * buffer's position is where it was.
     *
     * @throws BufferOverflowException when the event needs more than the remaining bytes
     * @throws EncodingException       when an {@code Optional} is null
     */
    @Override
    public void encode(T event, ByteBuffer target) {
        int start = target.position();
        ByteOrder order = target.order();
        boolean complete = false;
        target.order(ByteOrder.LITTLE_ENDIAN);
        try {
            target.put(head);
            writer.invokeExact((Object) event, target);
            complete = true;
        } catch (Throwable e) {
            throw Handles.rethrow(e);
        } finally {
            target.order(order);
            if (!complete) {
                target.position(start);
            }
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>The version plays no part: the layout in the bytes says what they hold.
     *
     * @throws DecodingException when the bytes are cut, damaged or foreign, when the record has changed in a way that
     *                           cannot be bridged, or when its constructor refuses the values
     */
    @Override
    public T decode(ByteBuffer source, int version, T reuse) {
        if (reuse != null) {
            throw new InvalidConfigurationException("a record cannot be filled in place; give a preallocated event type"
                    + " a codec of its own: class=" + recordClass.getName());
        }
        source.order(ByteOrder.LITTLE_ENDIAN);
        int length = source.remaining();
        try {
            Object event = (Object) readers.position(source).invokeExact(source);
            if (source.hasRemaining()) {
                throw new DecodingException("bytes are left over after the event: " + source.remaining());
            }
            return recordClass.cast(event);
        } catch (DecodingException e) {
            throw new DecodingException(e.getMessage() + ", record=" + recordClass.getName() + ", length=" + length, e);
        } catch (BufferUnderflowException e) {
            throw new DecodingException("the event's bytes are cut off: record=" + recordClass.getName() + ", length="
                    + length, e);
        } catch (RuntimeException e) {
            throw new DecodingException("the record does not take the values that were read: record="
                    + recordClass.getName() + ", length=" + length, e);
        } catch (Throwable e) {
            throw Handles.rethrow(e);
        }
    }
}
