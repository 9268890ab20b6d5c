package io.ringbus.engine.event;

/** What a subscription is given of the past when the engine starts on a journal that already holds events. */
public enum RecoveryMode {
    /**
     * Its state lives in memory. It is given every event from the beginning, marked as replayed, and must be a
     * function of its events. Its failures are dead letters at once, never retried.
     */
    REBUILD,
    /** It has effects outside. It is given what it has not handled yet, and its pending retries: at least once. */
    RESUME,
    /** It watches. It is never given old events. */
    LIVE
}
