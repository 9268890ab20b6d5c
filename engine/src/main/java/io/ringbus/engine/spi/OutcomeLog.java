package io.ringbus.engine.spi;

import java.util.function.Consumer;

/**
 * What became of deliveries, as a log whose fold is the state to recover. One thread at a time.
 *
 * <p>Now and then, at the latest when {@link #wantsRestatement()} says so, the whole state is stated again between an
 * {@link Outcome.RestatementBegun} and an {@link Outcome.RestatementEnded}; what stands before that need not be read.
 */
public interface OutcomeLog {

    /**
     * Reads the log in order, beginning no later than with the last complete restatement.
     *
     * @param consumer given each outcome
     */
    void read(Consumer<? super Outcome> consumer);

    /**
     * Reads the whole log in order, as far back as its files are kept, the restatements included.
     *
     * @param consumer given each outcome
     */
    void readAll(Consumer<? super Outcome> consumer);

    /**
     * Adds an outcome to the batch that is being built.
     *
     * @param outcome what happened
     */
    void append(Outcome outcome);

    /**
     * Appends the batch as one document. Does nothing for an empty batch.
     *
     * @throws io.ringbus.engine.error.JournalException when it is not certain that the batch is in the log
     */
    void commit();

    /**
     * Whether the state should be stated again: the log is fresh, or a new file of it has begun or is about to.
     *
     * @return true until a restatement has been committed
     */
    boolean wantsRestatement();

    /**
     * Forces all that is committed to disk.
     *
     * @throws io.ringbus.engine.error.JournalException when it is not certain that all is on disk
     */
    void sync();
}
