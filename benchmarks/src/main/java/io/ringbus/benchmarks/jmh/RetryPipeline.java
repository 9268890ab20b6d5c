package io.ringbus.benchmarks.jmh;

import io.ringbus.engine.EventEngine;
import io.ringbus.engine.EventEngineConfig;
import io.ringbus.engine.ProducerMode;
import io.ringbus.engine.SubscriptionConfig;
import io.ringbus.engine.WaitMode;
import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventFiller;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.journal.ChronicleJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A journaled pipeline whose handler fails at the first attempt of a share of the events, spread evenly over some 1,000
 * aggregates. It counts what was handled, and knows the sum that all of it must have; one thread publishes.
 */
final class RetryPipeline implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PAYLOAD_BYTES = 64;
    private static final EventFiller<PayloadEvent, RetryPipeline> FILL = (event, self) -> event.fill(self.published);

    private final Path directory;
    private final EventType<PayloadEvent> type;
    private final EventEngine engine;
    private final int failuresInThousand;

    private final AtomicLong handled = new AtomicLong();
    private long sum;
    private long failed;
    private long published;

    RetryPipeline(RetryOrder order, int failuresInThousand) throws IOException {
        this.directory = JournalDirectory.renew();
        this.failuresInThousand = failuresInThousand;
        this.type = EventType.named("payload", PayloadEvent.class)
                .codec(new PayloadCodec(PAYLOAD_BYTES))
                .aggregate("account", event -> event.firstWord() >>> 54)
                .preallocated(() -> new PayloadEvent(PAYLOAD_BYTES), PayloadEvent::copyTo);
        this.engine = new EventEngine(new EventEngineConfig()
                .name("benchmark")
                .ringSize(PipelineShape.RING_SIZE)
                .producerMode(ProducerMode.SINGLE)
                .waitMode(WaitMode.YIELDING)
                .journal(ChronicleJournal.in(directory.resolve("journal"))));
        engine.register(type);
        engine.subscribe(SubscriptionConfig.<PayloadEvent>to(PayloadEvent.class, this::handle)
                .name("handler")
                .retryOrder(order)
                .retry(RetryPolicy.exponential(Duration.ofMillis(1)).maxAttempts(2)));
        engine.start();
    }

    /**
     * Publishes events and waits until each is handled.
     *
     * @throws WrongResultException when the handler did not handle exactly these, or not as many failed as should
     */
    void publishAndVerify(int events) {
        for (int i = 0; i < events; i++) {
            published++;
            engine.publish(type, FILL, this);
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (handled.get() < published) {
            if (System.nanoTime() - deadline > 0) {
                throw new WrongResultException("not all events were handled within " + PATIENCE + ": published="
                        + published + ", handled=" + handled.get());
            }
            Thread.yield();
        }
        long due = PayloadEvent.sumThrough(published, PAYLOAD_BYTES);
        if (handled.get() != published || sum != due) {
            throw new WrongResultException("other events were handled than published: published=" + published
                    + ", handled=" + handled.get() + ", sum=" + sum + ", due=" + due);
        }
        long least = published * failuresInThousand / 1_000 / 2;
        if (failed < least || failuresInThousand == 0 && failed > 0) {
            throw new WrongResultException("not as many deliveries failed as should: published=" + published
                    + ", inThousand=" + failuresInThousand + ", failed=" + failed);
        }
    }

    @Override
    public void close() {
        engine.close();
    }

    private void handle(PayloadEvent event, EventContext context) {
        if (context.attempt() == 1 && fails(event)) {
            failed++;
            throw new IllegalStateException("as planned");
        }
        sum += event.sum();
        handled.lazySet(handled.getPlain() + 1);
    }

    private boolean fails(PayloadEvent event) {
        return Long.remainderUnsigned(event.firstWord() >>> 20, 1_000) < failuresInThousand;
    }
}
