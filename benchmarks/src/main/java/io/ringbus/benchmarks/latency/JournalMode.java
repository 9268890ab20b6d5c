package io.ringbus.benchmarks.latency;

/** Whether events are journaled before they are handled, and how safely. */
public enum JournalMode {
    /** In memory only. */
    OFF,
    /** Journaled, in the page cache: survives the process. */
    NONE,
    /** Journaled, and forced to disk at the end of each batch: survives the machine. */
    BATCH
}
