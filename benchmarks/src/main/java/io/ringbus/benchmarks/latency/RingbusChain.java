package io.ringbus.benchmarks.latency;

import io.ringbus.benchmarks.jmh.EnginePipeline;
import io.ringbus.benchmarks.jmh.PayloadCodec;
import io.ringbus.benchmarks.jmh.PayloadEvent;
import io.ringbus.benchmarks.jmh.PipelineShape;
import io.ringbus.engine.EventEngineConfig;
import io.ringbus.engine.ProducerMode;
import io.ringbus.engine.event.EventFiller;
import io.ringbus.engine.spi.Journal;
import io.ringbus.engine.spi.NoJournal;
import io.ringbus.journal.ChronicleJournal;
import io.ringbus.journal.policy.SyncMode;
import java.nio.file.Path;

/** Through the engine's public API. */
final class RingbusChain extends EnginePipeline<PayloadEvent> {

    /** The number travels in a field: as an argument of its own it would be boxed. */
    private static final EventFiller<PayloadEvent, RingbusChain> FILL = (event, self) -> event.fill(self.number);

    private long number;

    RingbusChain(RunPlan plan, boolean fused, Path directory, TimedHandler handler) {
        super(new EventEngineConfig()
                .name("latency")
                .ringSize(PipelineShape.RING_SIZE)
                .producerMode(ProducerMode.SINGLE)
                .waitMode(plan.waitMode())
                .fused(fused), journal(plan.journal(), directory), PayloadCodec.type(plan.payloadBytes()),
                (event, context) -> handler.accept(event));
    }

    @Override
    public void publish(long newNumber) {
        number = newNumber;
        engine().publish(type(), FILL, this);
    }

    private static Journal journal(JournalMode mode, Path directory) {
        return switch (mode) {
            case OFF -> NoJournal.INSTANCE;
            case NONE -> ChronicleJournal.in(directory).sync(SyncMode.NONE);
            case BATCH -> ChronicleJournal.in(directory).sync(SyncMode.BATCH);
        };
    }
}
