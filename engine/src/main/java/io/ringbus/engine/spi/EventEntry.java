package io.ringbus.engine.spi;

import java.nio.ByteBuffer;

/** One event as the journal takes it: a view of a slot, valid only during the call it is passed to. */
public interface EventEntry {

    /**
     * The event's sequence.
     *
     * @return greater than that of every entry added before
     */
    long sequence();

    /**
     * The event's type.
     *
     * @return an index into the list of types that {@link Journal#open} was given
     */
    int typeIndex();

    /**
     * When it entered the chain.
     *
     * @return nanoseconds since the epoch
     */
    long timestampNanos();

    /**
     * The aggregate's type.
     *
     * @return the type, or null when the event belongs to no aggregate
     */
    String aggregateType();

    /**
     * The aggregate's numeric id.
     *
     * @return the id; meaningless when {@link #aggregateKey()} is not null or there is no aggregate
     */
    long aggregateId();

    /**
     * The aggregate's id as text.
     *
     * @return the id, or null when it is a number or there is none
     */
    String aggregateKey();

    /**
     * The encoded event: the bytes from index 0 to {@link #payloadLength()}. Position and limit mean nothing; read
     * it with absolute methods.
     *
     * @return the buffer, often direct
     */
    ByteBuffer payload();

    /**
     * The length of the encoded event.
     *
     * @return bytes, 0 to the journal's maximum event size
     */
    int payloadLength();
}
