package io.ringbus.engine.event;

/**
 * Fills a preallocated event in place, on the publisher's thread. A filler that captures nothing, with its input as
 * the argument, publishes without garbage.
 *
 * @param <T> the preallocated event class
 * @param <A> what it is filled from
 */
@FunctionalInterface
public interface EventFiller<T, A> {

    /**
     * Overwrites every field of the event: it still holds what an earlier publish left there.
     *
     * @param event    the slot's own instance
     * @param argument what the publisher passed
     */
    void fill(T event, A argument);
}
