package io.ringbus.engine.spi;

import io.ringbus.engine.event.EventType;
import java.util.List;

/**
 * Where an engine keeps its events and what became of them; or {@link NoJournal}. A journal is a description of a
 * place; opening it gives the session that reads and writes.
 */
@FunctionalInterface
public interface Journal {

    /**
     * Takes the journal into possession: locks it, checks that its format fits, verifies its tail, and cuts or
     * refuses what is damaged, as configured. Nothing is appended before.
     *
     * @param types the registered event types; an entry names its type by the index in this list
     * @param clock the engine's clock
     * @return the session; the caller closes it
     * @throws io.ringbus.engine.error.JournalException when it cannot be had as asked; nothing stays locked then
     */
    JournalSession open(List<EventType<?>> types, EngineClock clock);
}
