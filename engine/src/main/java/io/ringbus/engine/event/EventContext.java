package io.ringbus.engine.event;

/**
 * What a handler may know about the delivery it is given. Valid only during the call; its thread alone may read it.
 */
public interface EventContext {

    /**
     * The event's sequence.
     *
     * @return its number, at least 1, rising for ever across restarts, with gaps
     */
    long sequence();

    /**
     * When the event entered the chain. The clock is read once for each batch of the first stage, so events that wait
     * there together have one timestamp, and timestamps do not fall with rising sequences unless the clock goes back.
     * The same on every attempt and on replay, so a rebuilding handler takes time from here.
     *
     * @return nanoseconds since the epoch (1970-01-01T00:00Z), by the engine's clock
     */
    long timestampNanos();

    /**
     * Which attempt of this delivery it is.
     *
     * @return 1 for the first, counted on across restarts
     */
    int attempt();

    /**
     * Whether this event comes from the journal, during recovery.
     *
     * @return true during recovery
     */
    boolean replaying();

    /**
     * Whether no further event is waiting for this stage right now: a good moment to flush. In a long run of events
     * it is true now and then as well.
     *
     * @return true for the last slot of a batch
     */
    boolean endOfBatch();

    /**
     * The aggregate's type.
     *
     * @return the type, or null when the event belongs to no aggregate
     */
    String aggregateType();

    /**
     * The aggregate's numeric id.
     *
     * @return the id; 0 when there is none or when {@link #aggregateKey()} is not null
     */
    long aggregateId();

    /**
     * The aggregate's id as text.
     *
     * @return the id, or null when the id is a number or there is none
     */
    String aggregateKey();

    /**
     * The subscription this delivery is for.
     *
     * @return its name
     */
    String subscription();
}
