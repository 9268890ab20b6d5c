package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.retry.WaitingOverflow;
import io.ringbus.engine.stats.EngineStatistics.RetryStatistics;
import io.ringbus.engine.support.Booking;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.ManualClock;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Retry orders under load. What is measured is printed and not asserted. The number of events is
 * {@code -Dringbus.retryOrder.events}, 100,000 when not set.
 */
class RetryOrderLoadTest {

    private static final int EVENTS = Integer.getInteger("ringbus.retryOrder.events", 100_000);
    private static final int AGGREGATES = 1_000;
    private static final int WARM_UP = 100_000;
    private static final int ROUNDS = 3;
    private static final int LITTLE_ROOM = 10_000;
    private static final int MUCH_ROOM = 1_000_000;
    private static final RetryPolicy SOON = RetryPolicy.exponential(Duration.ofMillis(1)).factor(1).maxAttempts(30);

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    /** Fails a share of the attempts, and looks at the order of what it is given, for each aggregate. */
    private static final class Ordered implements EventHandler<Numbered> {

        private final int failingPercent;
        private final long[] lastGiven = new long[AGGREGATES];
        private final long[] lastHandled = new long[AGGREGATES];
        private final AtomicLong handled = new AtomicLong();
        private final AtomicLong failed = new AtomicLong();
        private final AtomicLong violations = new AtomicLong();

        Ordered(int failingPercent) {
            this.failingPercent = failingPercent;
        }

        @Override
        public void onEvent(Numbered event, EventContext context) {
            int aggregate = (int) context.aggregateId();
            if (event.id() < lastGiven[aggregate] || event.id() <= lastHandled[aggregate]) {
                violations.incrementAndGet();
            }
            lastGiven[aggregate] = event.id();
            if (new SplittableRandom(event.id() * 100 + context.attempt()).nextInt(100) < failingPercent) {
                failed.incrementAndGet();
                throw FAILURE;
            }
            lastHandled[aggregate] = event.id();
            handled.incrementAndGet();
        }
    }

    /** Without a trace: what is measured is the order, not how long a throwable takes to make. */
    private static final RuntimeException FAILURE = new RuntimeException("one in ten", null, false, false) {
        private static final long serialVersionUID = 1L;
    };

    /** Returns events per second. */
    private double run(Ordered handler, int events, int maxWaiting, int workers) {
        EventEngine engine = engines.make(new EventEngineConfig());
        engine.register(Booking.TYPE);
        engine.subscribe(all("ordered", handler).retry(SOON).retryOrder(RetryOrder.PER_AGGREGATE)
                .maxWaiting(maxWaiting, WaitingOverflow.BLOCK_STAGE).workers(workers));
        engine.start();
        Booking[] prepared = new Booking[events];
        for (int i = 0; i < events; i++) {
            prepared[i] = new Booking(i + 1, i * 7919L % AGGREGATES);
        }
        long begun = System.nanoTime();
        for (Booking event : prepared) {
            engine.publish(event);
        }
        Eventually.until("all are handled", () -> handled(engine, handler, events));
        double seconds = (System.nanoTime() - begun) / 1e9;
        RetryStatistics retries = engine.statistics().retries();
        assertThat(engine.deadLetters()).isEmpty();
        assertThat(engine.close(LONG).drained()).isTrue();
        if (handler.failingPercent > 0) {
            System.out.printf("lateness of redeliveries: mean %d us, p99 %d us, max %d us%n",
                    retries.meanLatenessNanos() / 1_000, retries.p99LatenessNanos() / 1_000,
                    retries.maxLatenessNanos() / 1_000);
        }
        return events / seconds;
    }

    private static boolean handled(EventEngine engine, Ordered handler, int events) {
        return handler.handled.get() == events && engine.statistics().retries().pending() == 0;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldKeepTheOrderOfEachAggregateWhileOneAttemptInTenFails(int workers) {
        run(new Ordered(10), WARM_UP, LITTLE_ROOM, workers);
        double[][] rates = new double[3][ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            rates[0][round] = run(new Ordered(0), EVENTS, LITTLE_ROOM, workers);
            rates[1][round] = runFailing(LITTLE_ROOM, workers);
            rates[2][round] = runFailing(MUCH_ROOM, workers);
        }
        Arrays.stream(rates).forEach(Arrays::sort);
        double without = rates[0][ROUNDS / 2];
        double littleRoom = rates[1][ROUNDS / 2];
        double muchRoom = rates[2][ROUNDS / 2];
        System.out.printf("%d events, %d aggregates, %d worker(s), medians of %d runs: %.0f events/s without failures;"
                + " with them %.0f (%.2f of it) with room for %d, %.0f (%.2f of it) with room for %d%n", EVENTS,
                AGGREGATES, workers, ROUNDS, without, littleRoom, littleRoom / without, LITTLE_ROOM, muchRoom,
                muchRoom / without, MUCH_ROOM);
    }

    private double runFailing(int maxWaiting, int workers) {
        Ordered handler = new Ordered(10);
        double rate = run(handler, EVENTS, maxWaiting, workers);
        assertThat(handler.violations.get()).isZero();
        assertThat(handler.handled.get()).isEqualTo(EVENTS);
        assertThat(handler.failed.get()).as("one attempt in ten").isBetween(EVENTS / 10L, EVENTS / 8L);
        return rate;
    }

    @ParameterizedTest
    @ValueSource(strings = {"FREE", "PER_AGGREGATE"})
    void shouldKeepAHundredThousandPendingRetriesAcrossARestart(RetryOrder order) throws Exception {
        int deliveries = 100_000;
        ManualClock clock = new ManualClock();
        ListJournal journal = new ListJournal().batchBytes(64_000);
        AtomicIntegerArray attempts = new AtomicIntegerArray(deliveries + 1);
        EventEngine first = start(order, clock, journal, (event, context) -> {
            throw FAILURE;
        });
        long last = 0;
        for (int id = 1; id <= deliveries; id++) {
            last = first.publish(new Booking(id, id));
        }
        first.await(Watermark.HANDLED, last, LONG);
        assertThat(first.statistics().retries().pending()).isEqualTo(deliveries);
        assertThat(first.close(LONG).pending()).isEqualTo(deliveries);

        clock.advance(Duration.ofMinutes(1).minusNanos(1));
        EventEngine second = start(order, clock, journal, (event, context) ->
                attempts.addAndGet((int) event.id(), context.attempt() == 2 ? 1 : 1_000));
        assertThat(second.statistics().retries().pending()).isEqualTo(deliveries);
        assertThat(second.statistics().retries().redelivered()).as("one nanosecond too early").isZero();
        clock.advance(Duration.ofNanos(1));
        Eventually.until("all are through", () -> second.statistics().retries().pending() == 0);

        for (int id = 1; id <= deliveries; id++) {
            assertThat(attempts.get(id)).as("event %d, once, at attempt 2", id).isOne();
        }
        assertThat(second.statistics().retries().redelivered()).isEqualTo(deliveries);
    }

    /** Printed for the README: without a journal, so that only the engine's own memory is counted. */
    @Test
    void shouldReportTheMemoryOfAPendingDelivery() throws Exception {
        int deliveries = 100_000;
        for (RetryOrder order : new RetryOrder[] {RetryOrder.FREE, RetryOrder.PER_AGGREGATE}) {
            for (int aggregates : new int[] {deliveries, 1}) {
                Booking[] events = new Booking[deliveries];
                for (int i = 0; i < deliveries; i++) {
                    events[i] = new Booking(i + 1, i % aggregates);
                }
                EventEngine engine = engines.make(new EventEngineConfig().clock(new ManualClock()));
                engine.register(Booking.TYPE);
                engine.subscribe(retriedAfterAMinute(order, (event, context) -> {
                    throw FAILURE;
                }));
                engine.start();
                long before = usedHeap();
                long last = 0;
                for (Booking event : events) {
                    last = engine.publish(event);
                }
                engine.await(Watermark.HANDLED, last, LONG);
                long perDelivery = (usedHeap() - before) / deliveries;
                System.out.printf("%s, %d aggregate(s): %d bytes per pending delivery beside its event%n", order,
                        aggregates, perDelivery);

                assertThat(engine.statistics().retries().pending()).isEqualTo(deliveries);
                assertThat(perDelivery).isLessThan(2_000);
                assertThat(engine.close(LONG).pending()).isEqualTo(events.length);
            }
        }
    }

    private EventEngine start(RetryOrder order, ManualClock clock, ListJournal journal, EventHandler<Numbered> handler) {
        EventEngine engine = engines.make(new EventEngineConfig().clock(clock).journal(journal));
        engine.register(Booking.TYPE);
        engine.subscribe(retriedAfterAMinute(order, handler));
        engine.start();
        return engine;
    }

    private static SubscriptionConfig<Numbered> retriedAfterAMinute(RetryOrder order, EventHandler<Numbered> handler) {
        return all("failing", handler).retryOrder(order).maxWaiting(1_000_000, WaitingOverflow.BLOCK_STAGE)
                .retry(RetryPolicy.exponential(Duration.ofMinutes(1)).jitter(0));
    }

    private static long usedHeap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            // What a collection lets go of through references is let go of by another thread.
            Thread.sleep(20);
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
