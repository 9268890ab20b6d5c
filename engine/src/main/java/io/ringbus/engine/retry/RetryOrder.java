package io.ringbus.engine.retry;

/** What happens to the next events of a subscription while one of its deliveries waits for another attempt. */
public enum RetryOrder {
    /** They pass. The failed delivery comes back among later ones. */
    FREE,
    /**
     * Those of the same aggregate wait, in order; all others pass. Events without an aggregate pass, and are passed.
     */
    PER_AGGREGATE,
    /** They wait, and with them the whole stage, and in the end the ring. */
    BLOCKING
}
