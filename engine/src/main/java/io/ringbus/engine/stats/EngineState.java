package io.ringbus.engine.stats;

/** Where an engine is in its life. It goes down this list, never up. */
public enum EngineState {
    /** Made; types are registered and subscriptions taken. */
    NEW,
    /** Started: the journal is being opened and read back; publishers are refused. */
    RECOVERING,
    /** Open for publishers. */
    RUNNING,
    /** Publishers are refused; what is in the ring is drained. */
    CLOSING,
    /** Stopped because of an error; the journal is released by closing the engine. */
    FAILED,
    /** All threads have been told to end, and the journal is released. */
    CLOSED
}
