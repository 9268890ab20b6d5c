package io.ringbus.benchmarks.peers;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;

/**
 * What each contender has to do, in the same words for all of them.
 *
 * @param <E>      the events
 * @param type     their class
 * @param factory  makes one without a number
 * @param filler   writes a number all over one
 * @param handlers each is given each event, in the order of publishing; never more than one thread calls them
 * @param capacity how many events may be on their way, at least 1; a power of two
 * @param onError  told of what a handler threw, and of what the contender could not do; any thread
 */
public record Work<E>(Class<E> type, Supplier<E> factory, ObjLongConsumer<E> filler, List<Consumer<E>> handlers,
        int capacity, Consumer<Throwable> onError) {

    /**
     * A new event, as those who hand on references have to make one for each publish.
     *
     * @param number written all over it
     * @return the event
     */
    E newEvent(long number) {
        E event = factory.get();
        filler.accept(event, number);
        return event;
    }

    /** All handlers as one, which calls them in turn: no loop around a single one. */
    Consumer<E> inTurn() {
        if (handlers.size() == 1) {
            return handlers.get(0);
        }
        @SuppressWarnings("unchecked") // filled from a list of them
        Consumer<E>[] all = handlers.toArray(Consumer[]::new);
        return event -> {
            for (Consumer<E> handler : all) {
                handler.accept(event);
            }
        };
    }
}
