package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.retry.WaitingOverflow;
import io.ringbus.engine.support.Booking;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** "Completion and failure become outcomes": handlings that end at random on four threads, one in ten badly. */
class AsyncHandlerLoadTest {

    private static final int EVENTS = 20_000;
    private static final int AGGREGATES = 100;

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final ScheduledExecutorService pool = Executors.newScheduledThreadPool(4);
    private final Queue<Booking> handled = new ConcurrentLinkedQueue<>();

    @AfterEach
    void endPool() {
        pool.shutdownNow();
    }

    private CompletionStage<?> handle(Numbered event, EventContext context) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        ThreadLocalRandom random = ThreadLocalRandom.current();
        boolean fails = random.nextInt(10) == 0;
        Runnable task = () -> {
            if (fails) {
                end.completeExceptionally(new IllegalStateException("now and then"));
            } else {
                // Before it ends: nobody may begin the next of its aggregate earlier.
                handled.add((Booking) event);
                end.complete(null);
            }
        };
        switch (random.nextInt(3)) {
            case 0 -> task.run();
            case 1 -> pool.execute(task);
            default -> pool.schedule(task, random.nextInt(500), TimeUnit.MICROSECONDS);
        }
        return end;
    }

    @ParameterizedTest
    @CsvSource({"FREE, 64, 10000, 0, false", "PER_AGGREGATE, 64, 10000, 0, false", "PER_AGGREGATE, 8, 5, 0, true",
            "PER_AGGREGATE, 64, 10000, 3, false", "FREE, 1, 10000, 2, false"})
    void shouldHandleEachEventOnceAndThoseOfAnAggregateInOrder(RetryOrder order, int maxInFlight, int maxWaiting,
            int workers, boolean fused) throws Exception {
        EventEngine engine = engines.make(new EventEngineConfig().ringSize(256).fused(fused)
                .journal(new ListJournal().dropsFailures(true).batchBytes(1 << 16)));
        engine.register(Booking.TYPE);
        engine.subscribe(SubscriptionConfig.toAsync(Numbered.class, this::handle).name("async").workers(workers)
                .retry(RetryPolicy.exponential(Duration.ofMillis(1)).factor(1).maxAttempts(1_000)).retryOrder(order)
                .maxInFlight(maxInFlight).maxWaiting(maxWaiting, WaitingOverflow.BLOCK_STAGE)
                .startAt(StartPosition.EARLIEST));
        engine.start();
        long last = 0;
        for (int i = 1; i <= EVENTS; i++) {
            last = engine.publish(new Booking(i, i % AGGREGATES));
        }
        engine.await(Watermark.HANDLED, last, LONG);
        Eventually.until("none pending", () -> engine.statistics().retries().pending() == 0);
        assertThat(engine.deadLetters()).isEmpty();
        assertThat(engine.statistics().subscriptions().get(0).handled()).isEqualTo(EVENTS);
        assertThat(engine.close(LONG).drained()).isTrue();

        long[] newest = new long[AGGREGATES];
        boolean[] seen = new boolean[EVENTS + 1];
        for (Booking booking : handled) {
            assertThat(seen[(int) booking.id()]).as("%s handled before", booking).isFalse();
            seen[(int) booking.id()] = true;
            if (order == RetryOrder.PER_AGGREGATE) {
                assertThat(booking.id()).as("after %d", newest[(int) booking.account()])
                        .isGreaterThan(newest[(int) booking.account()]);
                newest[(int) booking.account()] = booking.id();
            }
        }
        assertThat(handled).hasSize(EVENTS);
    }
}
