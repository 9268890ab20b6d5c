package io.ringbus.engine.spi;

/** Appends events in batches; one batch is one document: after a crash all of it is there or nothing. One thread. */
public interface EventAppender {

    /**
     * Copies an entry into the batch that is being built. Nothing is in the journal before {@link #commit(long)}.
     *
     * @param entry the event; only read during the call
     */
    void add(EventEntry entry);

    /**
     * Whether the batch has reached the size at which it should be committed, so that downstream starts early. More
     * may still be added, up to {@link JournalSession#maxGroupBytes()} for one group beyond it.
     *
     * @return true when it is time to commit
     */
    boolean isFull();

    /**
     * Appends the batch, and forces it to disk when so configured. Does nothing for an empty batch.
     *
     * @param epochNanos the engine's time in nanoseconds since the epoch, as its clock told it a moment ago: with it, the
     *                   journal need not read a clock for each batch
     * @throws io.ringbus.engine.error.JournalException when it is not certain that the batch is in the journal as
     *                                                  safely as configured; nothing may be appended after that
     */
    void commit(long epochNanos);

    /**
     * Does a little of what a later {@link #commit(long)} would have to do, when there is nothing to append: called again
     * and again while the stage waits for events, so what a call takes may come on top of an event's latency.
     *
     * @return whether there is more of it to do
     */
    default boolean prepareAhead() {
        return false;
    }

    /**
     * What the force in a {@link #commit(long)} takes, as far as that is known from the latest. Where it is not 0, the
     * stage may let a batch wait for a part of that time, so that a force is for more events.
     *
     * @return nanoseconds; 0 where commits are not forced
     */
    default long forceNanos() {
        return 0;
    }

    /**
     * Forces all that is committed to disk, whatever the configuration says.
     *
     * @throws io.ringbus.engine.error.JournalException when it is not certain that all is on disk
     */
    void sync();
}
