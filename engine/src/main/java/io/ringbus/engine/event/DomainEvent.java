package io.ringbus.engine.event;

/**
 * An event that says itself which aggregate it belongs to.
 *
 * <p>Implementing this is optional: any class can be an event type, and the aggregate can be given at registration
 * instead ({@link EventType#aggregate}, {@link EventType#aggregateKey}). The methods are called once per publish, on
 * the publisher's thread.
 */
public interface DomainEvent {

    /**
     * The kind of thing this event happened to, such as {@code "order"}.
     *
     * @return the aggregate's type; never null, at most 255 UTF-8 bytes
     */
    String aggregateType();

    /**
     * The aggregate's numeric id. Allocates nothing, so prefer it on hot paths.
     *
     * @return the id; ignored when {@link #aggregateKey()} is not null
     */
    default long aggregateId() {
        return 0;
    }

    /**
     * The aggregate's id as text, for ids that are not numbers.
     *
     * @return the id, at most 65,535 UTF-8 bytes, or null when {@link #aggregateId()} is the id
     */
    default String aggregateKey() {
        return null;
    }
}
