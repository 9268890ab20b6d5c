package io.ringbus.engine.event;

/** Where a resuming subscription begins that is new to a journal which already holds events. */
public enum StartPosition {
    /** With the first event the journal holds. */
    EARLIEST,
    /** With the first event published after this start; at a running engine, behind the place of its change. */
    LATEST
}
