package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.Pipeline;
import io.ringbus.engine.EventEngine;
import io.ringbus.engine.EventEngineConfig;
import io.ringbus.engine.SubscriptionConfig;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.Journal;
import io.ringbus.engine.spi.JournalSession;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Ringbus through its public API, with one event type and one subscription that retries nothing. How events are published
 * is left to the sub-classes.
 *
 * @param <E> the event class
 */
public abstract class EnginePipeline<E> implements Pipeline {

    /** Its only subscription. */
    static final String SUBSCRIPTION = "check";

    private final Journal journal;
    private final EventType<E> type;
    private final EventEngine engine;

    /**
     * Starts the engine.
     *
     * @param config  of the engine, all but its journal
     * @param journal where events are journaled
     * @param type    of the events
     * @param handler given each event
     */
    protected EnginePipeline(EventEngineConfig config, Journal journal, EventType<E> type, EventHandler<E> handler) {
        this.journal = journal;
        this.type = type;
        this.engine = new EventEngine(config.journal(journal));
        engine.register(type);
        engine.subscribe(SubscriptionConfig.to(type.eventClass(), handler).name(SUBSCRIPTION)
                .retry(RetryPolicy.none()));
        engine.start();
    }

    /**
     * What is published with.
     *
     * @return the engine, started
     */
    protected final EventEngine engine() {
        return engine;
    }

    /**
     * What is published.
     *
     * @return the type of the events
     */
    protected final EventType<E> type() {
        return type;
    }

    @Override
    public final long closeAndCountJournaled() {
        engine.close();
        LongAdder events = new LongAdder();
        try (JournalSession session = journal.open(List.of(type), EngineClock.system())) {
            session.read(1, Long.MAX_VALUE, event -> events.increment());
        }
        return events.sum();
    }

    @Override
    public final void close() {
        engine.close();
    }
}
