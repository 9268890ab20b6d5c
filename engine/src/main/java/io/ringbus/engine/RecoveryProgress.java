package io.ringbus.engine;

/** Is told how far a recovery has come, now and then, on the thread that starts the engine. */
@FunctionalInterface
public interface RecoveryProgress {

    /**
     * Called at the beginning, about every ten thousand events, and at the end. Never called when nothing is replayed.
     *
     * @param sequence the sequence fed last
     * @param from     the first sequence of this recovery
     * @param to       the last sequence of this recovery
     */
    void onProgress(long sequence, long from, long to);
}
