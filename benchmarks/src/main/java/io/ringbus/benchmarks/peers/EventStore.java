package io.ringbus.benchmarks.peers;

import java.util.function.Consumer;

/**
 * Events that were written once, to be read back any number of times.
 *
 * @param <E> the class of the events
 */
public interface EventStore<E> {

    /**
     * Writes events; outside what is measured. Once.
     *
     * @param last the events with the numbers from 1 to this one
     */
    void write(long last);

    /**
     * Reads all events in the order of their numbers and decodes each, into the same object every time.
     *
     * @param consumer given each event; it is valid only during the call
     */
    void readAll(Consumer<? super E> consumer);
}
