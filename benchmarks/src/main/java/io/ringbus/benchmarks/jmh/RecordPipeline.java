package io.ringbus.benchmarks.jmh;

import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.EventType;
import io.ringbus.journal.ChronicleJournal;
import java.nio.file.Path;

/** Ringbus with an event that is made anew for each publish, and the journal's own codec for records. */
final class RecordPipeline extends EnginePipeline<PayloadRecord> {

    RecordPipeline(PipelineShape shape, Path directory, PayloadCheck check) {
        super(RingbusPipeline.config(shape), ChronicleJournal.in(directory),
                EventType.named("payload-record", PayloadRecord.class), checking(check));
    }

    @Override
    public void publish(long number) {
        engine().publish(PayloadRecord.numbered(number));
    }

    private static EventHandler<PayloadRecord> checking(PayloadCheck check) {
        PayloadEvent payload = new PayloadEvent(PayloadRecord.BYTES);
        return (event, context) -> {
            payload.become(event);
            check.accept(payload);
        };
    }
}
