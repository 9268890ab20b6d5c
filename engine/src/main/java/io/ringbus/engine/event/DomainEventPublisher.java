package io.ringbus.engine.event;

import java.util.Collection;

/**
 * The port through which domain code publishes its events: all that an aggregate or a service has to know of the
 * engine. {@code EventEngine} implements it; in a test of the domain a list does.
 *
 * <p>What cannot be published is refused with an unchecked exception of the implementation's, and nothing of it is
 * published. Which threads may call it is the implementation's to say.
 */
public interface DomainEventPublisher {

    /**
     * Publishes an event.
     *
     * @param event the event, not null
     * @return its sequence: more than 0, and more than that of every event published before
     */
    long publish(Object event);

    /**
     * Publishes events as one: all of them, in the order of the collection and with consecutive sequences, or none.
     *
     * @param events the events, not null and none of them null
     * @return the last one's sequence; 0 for an empty collection, which publishes nothing
     */
    long publishAll(Collection<?> events);
}
