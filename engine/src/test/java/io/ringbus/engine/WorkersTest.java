package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.engine.error.SubscriptionRefusedException;
import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.support.Booking;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.FailsAsTold;
import io.ringbus.engine.support.Gate;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.ManualClock;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.RecordingHandler;
import io.ringbus.engine.support.RecordingHandler.Delivered;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Subscriptions with threads of their own: who is given what, in which order, and whom a failure holds. */
class WorkersTest {

    private static final RetryPolicy AFTER_A_MINUTE = RetryPolicy.exponential(Duration.ofMinutes(1)).factor(1).jitter(0)
            .maxAttempts(3);
    private static final int ACCOUNTS = 20;

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final ManualClock clock = new ManualClock();
    private final ListJournal journal = new ListJournal();
    private final RecordingHandler later = new RecordingHandler();

    private EventEngine make(ListJournal in) {
        EventEngineConfig config = new EventEngineConfig().clock(clock).ringSize(256);
        EventEngine engine = engines.make(in == null ? config : config.journal(in));
        engine.register(Booking.TYPE);
        return engine;
    }

    private static SubscriptionConfig<Numbered> workers(int workers, EventHandler<Numbered> handler) {
        return all("workers", handler).workers(workers).retry(AFTER_A_MINUTE);
    }

    private static long publish(EventEngine engine, int from, int to) {
        long last = 0;
        for (int id = from; id <= to; id++) {
            last = engine.publish(new Booking(id, id % ACCOUNTS));
        }
        return last;
    }

    private static Map<String, List<Long>> byAggregate(RecordingHandler handler) {
        return handler.deliveries().stream().filter(delivered -> delivered.aggregate() != null).collect(
                Collectors.groupingBy(Delivered::aggregate, Collectors.mapping(Delivered::id, Collectors.toList())));
    }

    private static Set<String> threads(RecordingHandler handler) {
        return handler.deliveries().stream().map(Delivered::thread).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @CsvSource({"50, false", "150, false", "50, true", "150, true"})
    void shouldKeepTheOrderOfEachAggregateOnOneThread(int priority, boolean journaled) throws Exception {
        EventEngine engine = make(journaled ? journal : null);
        RecordingHandler handler = new RecordingHandler();
        engine.subscribe(workers(3, handler).priority(priority));
        engine.subscribe(all("other", later));
        engine.start();
        publish(engine, 1, 400);
        engine.await(Watermark.HANDLED, engine.publish(new Note(500)), LONG);

        assertThat(handler.ids()).hasSize(401).doesNotHaveDuplicates();
        assertThat(byAggregate(handler)).hasSize(ACCOUNTS).allSatisfy((account, ids) -> assertThat(ids).isSorted());
        String prefix = "ringbus-priority-" + priority + "-workers-";
        assertThat(threads(handler)).containsExactlyInAnyOrder(prefix + 1, prefix + 2, prefix + 3);
        assertThat(handler.deliveries()).filteredOn(delivered -> delivered.id() == 500)
                .extracting(Delivered::thread).as("one without an aggregate").containsExactly(prefix + 1);
        assertThat(handler.deliveries().stream().filter(delivered -> delivered.aggregate() != null)
                .collect(Collectors.groupingBy(Delivered::aggregate,
                        Collectors.mapping(Delivered::thread, Collectors.toSet()))))
                .allSatisfy((account, of) -> assertThat(of).hasSize(1));
        assertThat(later.ids()).hasSize(401).isSorted();
        assertThat(handler.deliveries()).extracting(Delivered::timestamp).containsOnly(ManualClock.START);
        assertThat(engine.statistics().subscriptions()).filteredOn(each -> each.name().equals("workers"))
                .singleElement().satisfies(each -> assertThat(each.handled()).isEqualTo(401));
        assertThat(engine.close(LONG).drained()).isTrue();
        assertThat(handler.calls()).filteredOn("start"::equals).hasSize(3);
        assertThat(handler.calls()).filteredOn("stop"::equals).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLetTheNextStageSeeAnEventOnlyWhenAllAreDoneWithIt(boolean journaled) throws Exception {
        Gate gate = engines.gate();
        EventEngine engine = make(journaled ? journal : null);
        RecordingHandler shared = new RecordingHandler();
        engine.subscribe(all("own", (event, context) -> {
            if (event.id() == 3) {
                gate.pass();
            }
        }).ownThread());
        engine.subscribe(all("shared", shared));
        engine.subscribe(all("later", later).priority(200));
        engine.start();
        long last = publish(engine, 1, 5);
        gate.awaitArrival();
        shared.awaitCount(5);
        assertThat(later.ids()).doesNotContain(3L, 4L, 5L);
        assertThat(engine.watermark(Watermark.HANDLED)).isLessThan(3);
        gate.open();
        engine.await(Watermark.HANDLED, last, LONG);
        assertThat(later.ids()).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @ParameterizedTest
    @EnumSource(RetryOrder.class)
    void shouldHoldNobodyOfAnotherPartitionWhenOneFails(RetryOrder order) throws Exception {
        FailsAsTold handler = new FailsAsTold(1L);
        EventEngine engine = make(journal);
        engine.subscribe(workers(4, handler).retryOrder(order));
        engine.start();
        long last = publish(engine, 1, 200);
        Eventually.until("noted", () -> journal.outcomes(Outcome.Failed.class).size() == 1);
        String failed = handler.deliveries().stream().filter(delivered -> delivered.id() == 1).findFirst().orElseThrow()
                .thread();
        Set<Long> ofOthers = Set.of(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L);
        if (order != RetryOrder.BLOCKING) {
            engine.await(Watermark.HANDLED, last, LONG);
            assertThat(handler.ids()).containsAll(ofOthers);
        } else {
            // Those of other threads come through to the end; where each belongs is seen by where it came before.
            Eventually.until("three threads are through", () -> threads(handler).size() >= 3
                    && byAggregate(handler).values().stream().filter(ids -> ids.size() == 10).count() >= 5);
        }
        handler.mend(1);
        clock.advance(Duration.ofMinutes(1));
        engine.await(Watermark.HANDLED, last, LONG);
        Eventually.until("none pending", () -> engine.statistics().retries().pending() == 0);

        assertThat(handler.ids()).hasSize(201);
        assertThat(handler.deliveries()).filteredOn(delivered -> delivered.id() == 1).extracting(Delivered::thread)
                .containsExactly(failed, failed);
        if (order != RetryOrder.FREE) {
            assertThat(byAggregate(handler)).allSatisfy((account, ids) -> assertThat(ids).isSorted());
        }
    }

    @ParameterizedTest
    @CsvSource({"FREE, RESUME", "PER_AGGREGATE, RESUME", "BLOCKING, RESUME", "BLOCKING, REBUILD", "FREE, REBUILD"})
    void shouldComeBackFromACrashAtEveryDocument(RetryOrder order, RecoveryMode mode) throws Exception {
        boolean retries = mode == RecoveryMode.RESUME || order == RetryOrder.BLOCKING;
        FailsAsTold handler = new FailsAsTold(2L, 3L);
        EventEngine engine = make(journal);
        engine.subscribe(config(order, mode, retries, 3, handler));
        engine.start();
        publish(engine, 1, 30);
        Eventually.until("noted", () -> journal.outcomes(Outcome.Failed.class).size()
                + journal.outcomes(Outcome.Dead.class).size() >= (order == RetryOrder.BLOCKING ? 1 : 2));
        Eventually.until("journaled", () -> journal.events().size() == 30);
        int documents = journal.documentCount();
        clock.advance(Duration.ofMinutes(1));

        for (int surviving = 1; surviving <= documents; surviving += 2) {
            ListJournal crashed = journal.afterCrashAt(surviving);
            int survivors = crashed.events().size();
            RecordingHandler next = new RecordingHandler();
            EventEngine again = make(crashed);
            // Another number of workers: each aggregate finds its new one.
            again.subscribe(config(order, mode, retries, 2, next));
            again.start();
            Eventually.until("none pending", () -> again.statistics().retries().pending() == 0);
            again.await(Watermark.HANDLED, crashed.committed(), LONG);
            if (retries) {
                assertThat(next.ids()).as("after %d documents", surviving).hasSizeBetween(0, survivors)
                        .doesNotHaveDuplicates();
                if (survivors >= 3) {
                    assertThat(next.ids()).contains(2L, 3L);
                }
            }
            if (order != RetryOrder.FREE) {
                assertThat(byAggregate(next)).allSatisfy((account, ids) -> assertThat(ids).isSorted());
            }
            assertThat(crashed.violations()).isEmpty();
            again.close(LONG);
        }
    }

    private static SubscriptionConfig<Numbered> config(RetryOrder order, RecoveryMode mode, boolean retries,
            int workers, EventHandler<Numbered> handler) {
        return workers(workers, handler).retryOrder(order).recovery(mode)
                .retry(retries ? AFTER_A_MINUTE : RetryPolicy.none())
                .startAt(mode == RecoveryMode.RESUME ? StartPosition.EARLIEST : null);
    }

    @ParameterizedTest
    @CsvSource({"1, 50, false", "3, 50, true", "1, 100, true", "3, 100, false", "3, 150, false", "1, 150, true"})
    void shouldComeAndGoWhileTheEngineRuns(int workers, int priority, boolean journaled) throws Exception {
        EventEngine engine = make(journaled ? journal : null);
        engine.subscribe(all("resident", later));
        engine.start();
        publish(engine, 1, 20);
        RecordingHandler guest = new RecordingHandler();
        Subscription subscription = engine.subscribe(SubscriptionConfig.to(Numbered.class, guest).name("guest")
                .priority(priority).workers(workers));
        long last = publish(engine, 21, 120);
        engine.await(Watermark.HANDLED, last, LONG);
        subscription.unsubscribe();
        engine.await(Watermark.HANDLED, publish(engine, 121, 140), LONG);

        assertThat(guest.ids()).hasSize(100).allMatch(id -> id > 20 && id <= 120);
        assertThat(byAggregate(guest)).allSatisfy((account, ids) -> assertThat(ids).isSorted());
        assertThat(threads(guest)).hasSize(workers);
        assertThat(guest.calls()).filteredOn("stop"::equals).hasSize(workers);
        assertThat(later.ids()).hasSize(140).isSorted();
        Eventually.until("its threads have ended", () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().contains("-guest")));
        assertThat(engine.close(LONG).drained()).isTrue();
    }

    @Test
    void shouldBeAsBeforeWhenTheStartHookOfTheSecondWorkerThrows() throws Exception {
        EventEngine engine = make(null);
        engine.subscribe(all("resident", later));
        engine.start();
        AtomicInteger starts = new AtomicInteger();
        AtomicInteger stops = new AtomicInteger();
        EventHandler<Numbered> failing = new EventHandler<>() {

            @Override
            public void onEvent(Numbered event, EventContext context) {
            }

            @Override
            public void onStart() {
                if (starts.incrementAndGet() == 2) {
                    throw new IllegalStateException("told to");
                }
            }

            @Override
            public void onStop() {
                stops.incrementAndGet();
            }
        };
        assertThatThrownBy(() -> engine.subscribe(SubscriptionConfig.to(Numbered.class, failing).name("guest")
                .workers(3))).isInstanceOf(SubscriptionRefusedException.class).hasMessageContaining("told to");
        engine.await(Watermark.HANDLED, publish(engine, 1, 20), LONG);

        assertThat(stops.get()).isOne();
        assertThat(later.ids()).hasSize(20);
        Eventually.until("its threads have ended", () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().contains("-guest")));
        engine.subscribe(SubscriptionConfig.to(Numbered.class, failing).name("guest").workers(2)).unsubscribe();
        assertThat(stops.get()).isEqualTo(3);
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        EventEngine fused = engines.make(new EventEngineConfig().fused(true));
        assertThatThrownBy(() -> fused.subscribe(all("own", later).ownThread()))
                .isInstanceOf(SubscriptionRefusedException.class).hasMessageContaining("fused").hasMessageContaining("workers=1");
        assertThatThrownBy(() -> fused.subscribe(all("many", later).workers(65)))
                .isInstanceOf(SubscriptionRefusedException.class).hasMessageContaining("workers=65");
        assertThatThrownBy(() -> fused.subscribe(all("less", later).workers(-1)))
                .isInstanceOf(SubscriptionRefusedException.class).hasMessageContaining("workers=-1");
    }
}
