package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.AwaitingPipeline;
import io.ringbus.engine.EventEngineConfig;
import io.ringbus.engine.ProducerMode;
import io.ringbus.engine.Watermark;
import io.ringbus.engine.event.EventFiller;
import io.ringbus.journal.ChronicleJournal;
import io.ringbus.journal.policy.SyncMode;
import java.nio.file.Path;
import java.time.Duration;

/** The same through the engine's public API. */
final class RingbusPipeline extends EnginePipeline<PayloadEvent> implements AwaitingPipeline {

    private static final int MIN_SLOT_BYTES = 256;
    /** With one publisher the number travels in a field: as an argument of its own it would be boxed. */
    private static final EventFiller<PayloadEvent, RingbusPipeline> FILL = (event, self) -> event.fill(self.number);
    /** The number is boxed, which does not show beside a force. */
    private static final EventFiller<PayloadEvent, Long> FILL_BOXED = PayloadEvent::fill;

    private final boolean synced;

    private long number;

    RingbusPipeline(PipelineShape shape, Path directory, PayloadCheck check) {
        super(config(shape), ChronicleJournal.in(directory).sync(shape.synced() ? SyncMode.BATCH : SyncMode.NONE),
                PayloadCodec.type(shape.payloadBytes()), (event, context) -> check.accept(event));
        this.synced = shape.synced();
    }

    /** How its engine is laid out. */
    static EventEngineConfig config(PipelineShape shape) {
        return new EventEngineConfig()
                .name("benchmark")
                .ringSize(PipelineShape.RING_SIZE)
                .slotBytes(Math.max(MIN_SLOT_BYTES, shape.payloadBytes()))
                .producerMode(shape.synced() ? ProducerMode.MULTI : ProducerMode.SINGLE)
                .waitMode(shape.waitMode())
                .fused(shape.fused());
    }

    @Override
    public void publish(long newNumber) {
        if (synced) {
            engine().publish(type(), FILL_BOXED, newNumber);
        } else {
            number = newNumber;
            engine().publish(type(), FILL, this);
        }
    }

    @Override
    public void publishAndAwait(long newNumber, Duration patience) throws InterruptedException {
        engine().await(Watermark.SYNCED, engine().publish(type(), FILL_BOXED, newNumber), patience);
    }
}
