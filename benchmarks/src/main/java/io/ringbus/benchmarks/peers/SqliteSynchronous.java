package io.ringbus.benchmarks.peers;

/** When SQLite in WAL mode forces its log to disk. Named as in its own {@code PRAGMA synchronous}. */
public enum SqliteSynchronous {

    /** At a checkpoint only: a commit survives the process, and not always the machine. */
    NORMAL,

    /** At each commit, which then survives the machine. */
    FULL
}
