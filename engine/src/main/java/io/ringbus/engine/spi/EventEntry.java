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
     * Copies the encoded event.
     *
     * @param target a buffer
     * @param at     the index of its first byte there
     * @throws IndexOutOfBoundsException when it does not fit
     */
    default void copyPayload(ByteBuffer target, int at) {
        target.put(at, payload(), 0, payloadLength());
    }

    /**
     * The length of the encoded event.
     *
     * @return bytes, 0 to the journal's maximum event size
     */
    int payloadLength();

    /**
     * The event whose handling published this one.
     *
     * @return its sequence, less than {@link #sequence()}; 0 for an event that was not published by a handler
     */
    default long causeSequence() {
        return 0;
    }

    /**
     * The subscription whose handler published this event.
     *
     * @return its name; null when there is no cause
     */
    default String causeSubscription() {
        return null;
    }

    /**
     * Which of the events it is that the handler published for the same cause.
     *
     * @return from 0; meaningless when there is no cause
     */
    default int causeOrdinal() {
        return 0;
    }

    /**
     * The upper half of the id under which the event was published.
     *
     * @return 0 in both halves for an event without an id
     */
    default long messageIdHigh() {
        return 0;
    }

    /**
     * The lower half of the id under which the event was published.
     *
     * @return 0 in both halves for an event without an id
     */
    default long messageIdLow() {
        return 0;
    }

    /**
     * Whether there is nothing to be said of it but sequence, type, time and payload: no aggregate, no cause, no id. Asked
     * first, because nearly all events are like that and the journal need not look at each of those then.
     *
     * @return false for an event that has any of them; possibly for one that has none as well
     */
    default boolean isPlain() {
        return aggregateType() == null && causeSequence() == 0 && (messageIdHigh() | messageIdLow()) == 0;
    }
}
