package io.ringbus.journal.policy;

/** How safe a batch is before it counts as journaled. */
public enum SyncMode {
    /**
     * In the page cache. It survives the process, killed at any instant, and not the machine: a power loss or a kernel
     * crash takes what was written in the last seconds (about 30 with the usual Linux settings).
     */
    NONE,
    /** Forced to disk at the end of each batch. It survives the machine, as far as the disk keeps its word. */
    BATCH
}
