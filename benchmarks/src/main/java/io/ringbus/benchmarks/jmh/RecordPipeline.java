package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.Pipeline;
import io.ringbus.engine.EventEngine;
import io.ringbus.engine.SubscriptionConfig;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.spi.Journal;
import io.ringbus.journal.ChronicleJournal;
import java.nio.file.Path;

/** Ringbus with an event that is made anew for each publish, and the journal's own codec for records. */
final class RecordPipeline implements Pipeline {

    private final Journal journal;
    private final EventType<PayloadRecord> type = EventType.named("payload-record", PayloadRecord.class);
    private final EventEngine engine;

    RecordPipeline(PipelineShape shape, Path directory, PayloadCheck check) {
        this.journal = ChronicleJournal.in(directory);
        this.engine = new EventEngine(RingbusPipeline.config(shape, journal));
        PayloadEvent payload = new PayloadEvent(PayloadRecord.BYTES);
        engine.register(type);
        engine.subscribe(SubscriptionConfig.<PayloadRecord>to(PayloadRecord.class, (event, context) -> {
            payload.become(event);
            check.accept(payload);
        }).name(RingbusPipeline.SUBSCRIPTION).retry(RetryPolicy.none()));
        engine.start();
    }

    @Override
    public void publish(long number) {
        engine.publish(PayloadRecord.numbered(number));
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
