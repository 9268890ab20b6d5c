package io.ringbus.engine.spi;

/** One event as the journal gives it back: a view, valid only during the call it is passed to. */
public interface StoredEvent extends EventEntry {

    /**
     * The event's type.
     *
     * @return the index, in the list that {@link Journal#open} was given, of the type with this event's name,
     *         whatever its version; -1 when no type of that name is registered
     */
    @Override
    int typeIndex();

    /**
     * The stable name of the event's type.
     *
     * @return the name it was written under
     */
    String typeName();

    /**
     * The version of the event's type.
     *
     * @return the version it was written under
     */
    int typeVersion();
}
