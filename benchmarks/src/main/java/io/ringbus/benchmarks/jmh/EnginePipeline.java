package io.ringbus.benchmarks.jmh;

import io.ringbus.engine.event.EventType;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.Journal;
import io.ringbus.engine.spi.JournalSession;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the journal of a closed engine holds. */
public final class JournaledEvents {

    private JournaledEvents() {
    }

    /**
     * Reads a journal back.
     *
     * @param journal the journal
     * @param type    of its events
     * @return how many events it holds
     */
    public static long count(Journal journal, EventType<?> type) {
        LongAdder events = new LongAdder();
        try (JournalSession session = journal.open(List.of(type), EngineClock.system())) {
            session.read(1, Long.MAX_VALUE, event -> events.increment());
        }
        return events.sum();
    }
}
