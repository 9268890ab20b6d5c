package io.ringbus.engine;

/**
 * How far the engine has come. At any time {@code PUBLISHED >= JOURNALED >= SYNCED}, and {@code PUBLISHED >= HANDLED}.
 */
public enum Watermark {
    /** All events up to here are in the ring. */
    PUBLISHED,
    /** All events up to here are in the journal: they survive the process. */
    JOURNALED,
    /** All events up to here were forced to disk: they survive the machine. */
    SYNCED,
    /** All events up to here are done with by every stage: handled, or failed and noted. */
    HANDLED
}
