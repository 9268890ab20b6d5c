package io.ringbus.engine;

/** Which outcomes of a subscription are written to the outcome log. */
public enum ProcessingLog {
    /** What failed, and what became of it. */
    FAILURES,
    /**
     * Each delivery that was handled as well, with its attempt and its handling time. Costs some 60 bytes and an object
     * for each; in return, what was handled before a crash is not delivered again after it.
     */
    EVERY_DELIVERY
}
