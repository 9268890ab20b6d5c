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
     * Whether no further event is waiting for this stage right now. In a long run of events it is true now and then as
     * well. That last event may be one that this subscription is not given, of another type or filtered out, and a batch
     * that ends early, because a failed delivery makes its stage wait, has none: to flush, rely on {@code onBatchEnd},
     * which is called in any case.
     *
     * @return true for the last event of a batch
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

    /**
     * Publishes an event whose cause is this delivery. It goes out when the handler has returned; when the delivery
     * fails, it does not, and the next attempt publishes anew. It never waits for a place in the ring: what does not
     * fit waits in the engine's outbox, and publishers from outside wait behind it.
     *
     * <p>The journal keeps the cause: sequence, subscription, and which of its events it is. What a rebuilding handler
     * publishes while rebuilding is compared with what the journal holds of the same cause: the same is not published
     * again, what is missing is published, and what differs is a divergence. So each comes out exactly once. What a
     * resuming handler publishes comes out at least once: a delivery that is made again after a crash publishes again.
     *
     * @param event an event of a registered class; a preallocated one is copied
     * @throws io.ringbus.engine.error.OutboxFullException when as many wait as may; the delivery has failed then, even
     *                                                     when the handler catches it
     * @throws io.ringbus.engine.error.EncodingException   when it could not be encoded, or is too large
     * @throws io.ringbus.engine.error.UnregisteredEventTypeException for an unknown class
     * @throws io.ringbus.engine.error.EngineStateException outside of the delivery's call
     */
    void publish(Object event);

    /**
     * Publishes a preallocated event, filled in place, whose cause is this delivery; otherwise as
     * {@link #publish(Object)}.
     *
     * @param <T>      the event class
     * @param <A>      what it is filled from
     * @param type     a preallocated type, as it was registered
     * @param filler   overwrites every field; what it throws is passed on
     * @param argument passed to the filler
     */
    <T, A> void publish(EventType<T> type, EventFiller<? super T, ? super A> filler, A argument);
}
