package io.ringbus.engine;

/** The handle of a subscription. Thread-safe. */
public interface Subscription {

    /**
     * Its name.
     *
     * @return unique in the engine
     */
    String name();

    /**
     * Ends the subscription: its handler is given no further events, though one call may still be under way. Its
     * pending deliveries are kept in the journal and reported. Idempotent.
     */
    void unsubscribe();

    /**
     * Whether it still is part of the chain.
     *
     * @return false after {@link #unsubscribe()}
     */
    boolean isActive();
}
