package io.ringbus.engine.event;

import java.nio.ByteBuffer;

/**
 * Turns events of one type into bytes and back.
 *
 * <p><b>Threading.</b> {@link #encode} runs on the publishers' threads, several at once; {@link #decode} runs on the
 * thread that recovers or replays. An implementation is therefore thread-safe.
 *
 * <p><b>Errors.</b> Whatever {@code encode} throws reaches the publisher as an
 * {@link io.ringbus.engine.error.EncodingException}; nothing is published then. What {@code decode} throws stops a
 * recovery, with the event's sequence in the message.
 *
 * @param <T> the event class
 */
public interface EventCodec<T> {

    /**
     * Writes the event at the buffer's position and leaves the position after its last byte.
     *
     * @param event  the event, never null
     * @param target little-endian; its remaining bytes may be too few at first: let the
     *               {@link java.nio.BufferOverflowException} pass, and the call is repeated with a larger buffer, up to
     *               the journal's maximum event size
     */
    void encode(T event, ByteBuffer target);

    /**
     * Reads the event that the buffer's remaining bytes hold.
     *
     * @param source  little-endian, from position to limit exactly what {@code encode} wrote; not valid after the call
     * @param version the event type's version when it was written, at least 1; lower than today's for an old event
     * @param reuse   for a preallocated type, the instance to fill; otherwise null
     * @return the event; {@code reuse} when it was given
     */
    T decode(ByteBuffer source, int version, T reuse);
}
