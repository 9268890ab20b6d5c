package io.ringbus.benchmarks.jmh;

import io.ringbus.engine.EventEngine;
import io.ringbus.engine.EventEngineConfig;
import io.ringbus.engine.RecoveryReport;
import io.ringbus.engine.SubscriptionConfig;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.journal.ChronicleJournal;
import java.nio.file.Path;
import java.time.Duration;

/** An engine with one rebuilding subscription, which is given all events of a journal before the engine runs. */
final class RecoveringEngine implements AutoCloseable {

    /** All is handled when the start has returned. */
    private static final Duration NO_PATIENCE = Duration.ZERO;

    private final PayloadCheck check;
    private final EventEngine engine;

    RecoveringEngine(Path journal, int payloadBytes) {
        check = new PayloadCheck(payloadBytes, NO_PATIENCE);
        engine = new EventEngine(new EventEngineConfig()
                .name("recovery")
                .ringSize(PipelineShape.RING_SIZE)
                .journal(ChronicleJournal.in(journal)));
        engine.register(PayloadCodec.type(payloadBytes));
        engine.subscribe(SubscriptionConfig.<PayloadEvent>to(PayloadEvent.class, (event, context) -> check.accept(event))
                .name(EnginePipeline.SUBSCRIPTION)
                .recovery(RecoveryMode.REBUILD)
                .retry(RetryPolicy.none()));
    }

    /**
     * Starts it.
     *
     * @param events what the journal holds: the events from 1 to this one
     * @throws WrongResultException when the handler was given anything else
     */
    void startAndVerify(long events) {
        RecoveryReport report = engine.start();
        check.awaitAndVerify(events);
        if (report.eventsReplayed() != events) {
            throw new WrongResultException("not all events were replayed: events=" + events + ", replayed="
                    + report.eventsReplayed());
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
