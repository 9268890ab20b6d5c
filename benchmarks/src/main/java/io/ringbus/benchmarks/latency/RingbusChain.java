package io.ringbus.benchmarks.latency;

import io.ringbus.benchmarks.jmh.JournaledEvents;
import io.ringbus.benchmarks.jmh.PayloadCodec;
import io.ringbus.benchmarks.jmh.PayloadEvent;
import io.ringbus.benchmarks.jmh.PipelineShape;
import io.ringbus.benchmarks.peers.Pipeline;
import io.ringbus.engine.EventEngine;
import io.ringbus.engine.EventEngineConfig;
import io.ringbus.engine.ProducerMode;
import io.ringbus.engine.SubscriptionConfig;
import io.ringbus.engine.event.EventFiller;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.spi.Journal;
import io.ringbus.engine.spi.NoJournal;
import io.ringbus.journal.ChronicleJournal;
import io.ringbus.journal.policy.SyncMode;
import java.nio.file.Path;

/** Through the engine's public API. */
final class RingbusChain implements Pipeline {

    /** The number travels in a field: as an argument of its own it would be boxed. */
    private static final EventFiller<PayloadEvent, RingbusChain> FILL = (event, self) -> event.fill(self.number);

    private final Journal journal;
    private final EventType<PayloadEvent> type;
    private final EventEngine engine;

    private long number;

    RingbusChain(RunPlan plan, boolean fused, Path directory, TimedHandler handler) {
        this.journal = journal(plan.journal(), directory);
        this.type = PayloadCodec.type(plan.payloadBytes());
        this.engine = new EventEngine(new EventEngineConfig()
                .name("latency")
                .ringSize(PipelineShape.RING_SIZE)
                .producerMode(ProducerMode.SINGLE)
                .waitMode(plan.waitMode())
                .fused(fused)
                .journal(journal));
        engine.register(type);
        engine.subscribe(SubscriptionConfig.<PayloadEvent>to(PayloadEvent.class,
                (event, context) -> handler.accept(event)).name("handler").retry(RetryPolicy.none()));
        engine.start();
    }

    @Override
    public void publish(long newNumber) {
        number = newNumber;
        engine.publish(type, FILL, this);
    }

    @Override
    public long closeAndCountJournaled() {
        engine.close();
        return JournaledEvents.count(journal, type);
    }

    @Override
    public void close() {
        engine.close();
    }

    private static Journal journal(JournalMode mode, Path directory) {
        return switch (mode) {
            case OFF -> NoJournal.INSTANCE;
            case NONE -> ChronicleJournal.in(directory).sync(SyncMode.NONE);
            case BATCH -> ChronicleJournal.in(directory).sync(SyncMode.BATCH);
        };
    }
}
