package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.AwaitingPipeline;
import io.ringbus.engine.EventEngine;
import io.ringbus.engine.EventEngineConfig;
import io.ringbus.engine.ProducerMode;
import io.ringbus.engine.SubscriptionConfig;
import io.ringbus.engine.Watermark;
import io.ringbus.engine.event.EventFiller;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.spi.Journal;
import io.ringbus.journal.ChronicleJournal;
import io.ringbus.journal.policy.SyncMode;
import java.nio.file.Path;
import java.time.Duration;

/** The same through the engine's public API. */
final class RingbusPipeline implements AwaitingPipeline {

    /** Its only subscription. */
    static final String SUBSCRIPTION = "check";

    private static final int MIN_SLOT_BYTES = 256;
    /** With one publisher the number travels in a field: as an argument of its own it would be boxed. */
    private static final EventFiller<PayloadEvent, RingbusPipeline> FILL = (event, self) -> event.fill(self.number);
    /** The number is boxed, which does not show beside a force. */
    private static final EventFiller<PayloadEvent, Long> FILL_BOXED = PayloadEvent::fill;

    private final Journal journal;
    private final EventType<PayloadEvent> type;
    private final EventEngine engine;
    private final boolean synced;

    private long number;

    RingbusPipeline(PipelineShape shape, Path directory, PayloadCheck check) {
        this.synced = shape.synced();
        this.journal = ChronicleJournal.in(directory).sync(synced ? SyncMode.BATCH : SyncMode.NONE);
        this.type = PayloadCodec.type(shape.payloadBytes());
        this.engine = new EventEngine(config(shape, journal));
        engine.register(type);
        engine.subscribe(SubscriptionConfig.<PayloadEvent>to(PayloadEvent.class, (event, context) -> check.accept(event))
                .name(SUBSCRIPTION)
                .retry(RetryPolicy.none()));
        engine.start();
    }

    /** How its engine is laid out. */
    static EventEngineConfig config(PipelineShape shape, Journal journal) {
        return new EventEngineConfig()
                .name("benchmark")
                .ringSize(PipelineShape.RING_SIZE)
                .slotBytes(Math.max(MIN_SLOT_BYTES, shape.payloadBytes()))
                .producerMode(shape.synced() ? ProducerMode.MULTI : ProducerMode.SINGLE)
                .waitMode(shape.waitMode())
                .fused(shape.fused())
                .journal(journal);
    }

    @Override
    public void publish(long newNumber) {
        if (synced) {
            engine.publish(type, FILL_BOXED, newNumber);
        } else {
            number = newNumber;
            engine.publish(type, FILL, this);
        }
    }

    @Override
    public void publishAndAwait(long newNumber, Duration patience) throws InterruptedException {
        engine.await(Watermark.SYNCED, engine.publish(type, FILL_BOXED, newNumber), patience);
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
}
