package io.ringbus.engine;

/** What happens when a rebuilding handler publishes something else than the journal holds of the same cause. */
public enum DivergencePolicy {
    /** The start fails with a {@code DivergenceException}, and nothing has been published. */
    FAIL,
    /**
     * The journal is right: what the handler published is dropped, and the recovery report names both. It risks that
     * the handler's state, which is not what it was, decides what is published from then on.
     */
    REPORT
}
