package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.EventStore;
import io.ringbus.engine.WaitMode;
import io.ringbus.engine.event.EventType;
import io.ringbus.journal.replay.Replay;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** A journal that an engine wrote, read by a {@link Replay}. One thread at a time. */
final class RingbusStore implements EventStore<PayloadEvent> {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final int payloadBytes;

    RingbusStore(Path directory, int payloadBytes) {
        this.directory = directory;
        this.payloadBytes = payloadBytes;
    }

    @Override
    public void write(long last) {
        PayloadCheck check = new PayloadCheck(payloadBytes, PATIENCE);
        PipelineShape shape = new PipelineShape(payloadBytes, WaitMode.PARKING, false, false);
        try (RingbusPipeline pipeline = new RingbusPipeline(shape, directory, check)) {
            new PipelineRun.OnePublisher().publish(pipeline, 1, last);
            check.awaitAndVerify(last);
        }
    }

    @Override
    public void readAll(Consumer<? super PayloadEvent> consumer) {
        EventType<PayloadEvent> type = PayloadCodec.type(payloadBytes);
        Replay.of(directory).decode(List.of(type), (stored, event) -> consumer.accept((PayloadEvent) event));
    }
}
