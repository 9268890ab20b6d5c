package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.ringbus.engine.error.EngineClosedException;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.support.Background;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.Gate;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.RecordingHandler;
import io.ringbus.engine.support.RecordingHandler.Delivered;
import io.ringbus.engine.support.Tick;
import io.ringbus.engine.support.Trade;
import io.ringbus.engine.support.WaitsAtGate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Order, journal first, collections as one, and the truth about durability: each promise by an example of its own. */
class PromisesTest {

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final ListJournal journal = new ListJournal();

    /** Promise 1: "A lower number runs earlier", and within one priority the order of subscribing. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRunByPriorityAndThenInTheOrderOfSubscribing(boolean fused) throws Exception {
        List<String> calls = new CopyOnWriteArrayList<>();
        EventEngine engine = engines.make(new EventEngineConfig().fused(fused));
        for (String name : List.of("300 c", "-5 a", "300 d", "7 b", "300 e")) {
            engine.subscribe(all(name, (event, context) -> calls.add(name + event.id()))
                    .priority(Integer.parseInt(name.substring(0, name.indexOf(' ')))));
        }
        engine.start();
        for (int i = 1; i <= 3; i++) {
            engine.await(Watermark.HANDLED, engine.publish(Trade.of(i)), LONG);
        }

        assertThat(calls).containsExactly("-5 a1", "7 b1", "300 c1", "300 d1", "300 e1", "-5 a2", "7 b2", "300 c2",
                "300 d2", "300 e2", "-5 a3", "7 b3", "300 c3", "300 d3", "300 e3");
    }

    /** Promise 1: "all handlers of a priority are done with it before the next priority sees it". */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldShowALaterPriorityNothingThatAnEarlierOneIsNotDoneWith(boolean fused) throws Exception {
        Gate gate = engines.gate();
        WaitsAtGate earlier = WaitsAtGate.of(gate);
        RecordingHandler later = new RecordingHandler();
        EventEngine engine = engines.make(new EventEngineConfig().fused(fused));
        engine.subscribe(all("later", later).priority(2));
        engine.subscribe(all("before", new RecordingHandler()).priority(1));
        engine.subscribe(all("earlier", earlier).priority(1));
        engine.start();
        engine.publish(Trade.of(1));
        long last = engine.publish(Trade.of(2));
        earlier.awaitCount(1);

        assertThat(later.count()).isZero();
        gate.open();
        engine.await(Watermark.HANDLED, last, LONG);
        assertThat(later.ids()).containsExactly(1L, 2L);
    }

    /** One thread for each priority, none shared with another; the fused chain has one in all. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRunEachPriorityOnAThreadOfItsOwn(boolean fused) throws Exception {
        RecordingHandler first = new RecordingHandler();
        RecordingHandler sameStage = new RecordingHandler();
        RecordingHandler second = new RecordingHandler();
        EventEngine engine = engines.make(new EventEngineConfig().name("core").fused(fused));
        engine.subscribe(all("first", first).priority(1));
        engine.subscribe(all("same", sameStage).priority(1));
        engine.subscribe(all("second", second).priority(2));
        engine.start();
        engine.await(Watermark.HANDLED, engine.publish(Trade.of(1)), LONG);

        List<String> threads = List.of(first, sameStage, second).stream().map(h -> h.deliveries().get(0).thread()).toList();
        assertThat(threads).isEqualTo(fused ? List.of("core-chain", "core-chain", "core-chain")
                : List.of("core-priority-1", "core-priority-1", "core-priority-2"));
    }

    @Test
    void shouldGiveASubscriptionItsTypeAndWhatItsFilterPasses() throws Exception {
        RecordingHandler numbered = new RecordingHandler();
        RecordingHandler trades = new RecordingHandler();
        RecordingHandler even = new RecordingHandler();
        EventEngine engine = engines.make(new EventEngineConfig());
        engine.subscribe(all("numbered", numbered));
        engine.subscribe(SubscriptionConfig.to(Trade.class, trades).name("trades"));
        engine.subscribe(all("even", even).filter(event -> event.id() % 2 == 0));
        engine.start();
        engine.publish(Trade.of(1));
        engine.publish(new Note(2));
        engine.publish(Tick.TYPE, tick -> tick.id = 3);
        engine.await(Watermark.HANDLED, engine.publish(Trade.of(4)), LONG);

        assertThat(numbered.ids()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(trades.ids()).containsExactly(1L, 4L);
        assertThat(even.ids()).containsExactly(2L, 4L);
        assertThat(numbered.deliveries()).extracting(Delivered::aggregate)
                .containsExactly("account/1", null, "tick/3", "account/4");
        assertThat(numbered.deliveries()).extracting(Delivered::subscription).containsOnly("numbered");
    }

    /** A preallocated event that is published as an object is copied: the caller's may change afterwards. */
    @Test
    void shouldCopyAPreallocatedEventThatIsNotFilledInPlace() throws Exception {
        Gate gate = engines.gate();
        List<Long> ids = new CopyOnWriteArrayList<>();
        EventEngine engine = engines.start(new EventEngineConfig(), (event, context) -> {
            gate.pass();
            ids.add(event.id());
        });
        Tick tick = new Tick();
        tick.id = 7;
        long last = engine.publish(tick);
        tick.id = 8;
        gate.open();
        engine.await(Watermark.HANDLED, last, LONG);

        assertThat(ids).containsExactly(7L);
    }

    @ParameterizedTest
    @CsvSource({"MULTI, false", "MULTI, true", "SINGLE, false", "SINGLE, true"})
    void shouldJournalACollectionAsOneAndInARow(ProducerMode mode, boolean fused) throws Exception {
        journal.batchBytes(1);
        RecordingHandler handler = new RecordingHandler();
        EventEngine engine = engines.start(new EventEngineConfig().ringSize(8).producerMode(mode).fused(fused)
                .journal(journal).publishTimeout(LONG), handler);
        List<List<Long>> groups = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Void>> publishers = new ArrayList<>();
        for (int thread = 0; thread < (mode == ProducerMode.MULTI ? 3 : 1); thread++) {
            long base = 1_000L * thread;
            Runnable publishing = () -> {
                for (int size = 1; size <= 8; size++) {
                    List<Note> events = new ArrayList<>();
                    for (int i = 0; i < size; i++) {
                        events.add(new Note(base + size * 10 + i));
                    }
                    long last = engine.publishAll(events);
                    groups.add(List.of(last - size + 1, last));
                }
            };
            publishers.add(Background.call(Executors.callable(publishing, null)));
        }
        for (CompletableFuture<Void> each : publishers) {
            each.get(60, TimeUnit.SECONDS);
        }
        assertThat(engine.close(LONG).drained()).isTrue();

        assertThat(handler.count()).isEqualTo(36 * publishers.size());
        assertThat(handler.sequences()).isSorted().doesNotHaveDuplicates();
        for (List<Long> group : groups) {
            int document = journal.documentOf(group.get(0));
            for (long sequence = group.get(0); sequence <= group.get(1); sequence++) {
                assertThat(journal.documentOf(sequence)).as("%s", group).isEqualTo(document).isNotNegative();
            }
        }
        assertThat(journal.violations()).isEmpty();
    }

    /** Promise 2, and 8: "Four watermarks, each true". */
    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void shouldShowAHandlerNothingBeforeItIsJournaledAndMoveEachWatermarkThen(boolean fused, boolean syncs)
            throws Exception {
        Gate journaling = engines.gate();
        Gate handling = engines.gate();
        WaitsAtGate handler = WaitsAtGate.of(handling);
        journal.syncsEachBatch(syncs).blockEventCommits(journaling);
        EventEngine engine = engines.start(new EventEngineConfig().fused(fused).journal(journal), handler);

        long sequence = engine.publish(Trade.of(1));
        journaling.awaitArrival();
        assertThat(engine.watermark(Watermark.PUBLISHED)).isEqualTo(sequence);
        assertThat(engine.watermark(Watermark.JOURNALED)).isZero();
        assertThat(engine.watermark(Watermark.SYNCED)).isZero();
        assertThat(handler.count()).isZero();
        CompletableFuture<Boolean> wasJournaled = Background.call(() -> {
            try {
                engine.await(syncs ? Watermark.SYNCED : Watermark.JOURNALED, sequence, LONG);
                return journal.documentOf(sequence) >= 0;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(wasJournaled).isNotDone();

        journaling.open();
        handler.awaitCount(1);
        assertThat(wasJournaled.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(engine.watermark(Watermark.JOURNALED)).isEqualTo(sequence);
        assertThat(engine.watermark(Watermark.SYNCED)).isEqualTo(syncs ? sequence : 0);
        assertThat(engine.watermark(Watermark.HANDLED)).isZero();

        handling.open();
        engine.await(Watermark.HANDLED, sequence, LONG);
        assertThat(engine.watermark(Watermark.HANDLED)).isGreaterThanOrEqualTo(sequence);
    }

    /** Promise 8: "Anyone can wait for one" - many at once, each for its own event. */
    @Test
    void shouldLetManyWaitForTheirOwnEvents() throws Exception {
        Map<Long, Long> handled = new ConcurrentSkipListMap<>();
        EventEngine engine = engines.start(new EventEngineConfig().ringSize(8).journal(journal).publishTimeout(LONG),
                (event, context) -> handled.put(context.sequence(), event.id()));
        List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            long base = thread * 1_000L;
            waiting.add(Background.call(() -> {
                try {
                    for (int i = 0; i < 50; i++) {
                        long sequence = engine.publish(new Note(base + i));
                        engine.await(Watermark.HANDLED, sequence, LONG);
                        if (handled.get(sequence) != base + i) {
                            return false;
                        }
                    }
                    return true;
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }

        for (CompletableFuture<Boolean> each : waiting) {
            assertThat(each.get(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(handled).hasSize(200);
    }

    /** What publish returned a sequence for is handled by a close that says it drained; all else was refused. */
    @ParameterizedTest
    @CsvSource({"MULTI, false", "MULTI, true", "SINGLE, false", "SINGLE, true"})
    void shouldHandleAllThatItAcceptedWhenItIsClosedUnderLoad(ProducerMode mode, boolean fused) throws Exception {
        for (int round = 0; round < 25; round++) {
            Set<Long> handled = ConcurrentHashMap.newKeySet();
            Set<Long> accepted = ConcurrentHashMap.newKeySet();
            EventEngine engine = engines.start(new EventEngineConfig().ringSize(256).producerMode(mode).fused(fused),
                    (event, context) -> handled.add(context.sequence()));
            List<CompletableFuture<Throwable>> refusals = new ArrayList<>();
            CountDownLatch publishing = new CountDownLatch(1);
            for (int i = 0; i < (mode == ProducerMode.MULTI ? 3 : 1); i++) {
                refusals.add(Background.call(() -> catchThrowable(() -> {
                    while (true) {
                        accepted.add(engine.publish(Tick.TYPE, Tick.FROM_CURSOR, new Tick.Cursor()));
                        publishing.countDown();
                    }
                })));
            }
            Eventually.await("publishers", publishing);
            CloseReport report = engine.close(LONG);

            for (CompletableFuture<Throwable> each : refusals) {
                assertThat(each.get(60, TimeUnit.SECONDS)).isInstanceOf(EngineClosedException.class);
            }
            assertThat(report.drained()).isTrue();
            assertThat(report.notHandled()).isZero();
            assertThat(handled).isEqualTo(accepted);
            assertThat(engine.statistics().published()).isEqualTo(accepted.size());
        }
    }

    /** The owner of a single producer's ring and the timer take turns in it; neither overwrites the other's slot. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldShareASingleProducersRingWithRedeliveries(boolean fused) throws Exception {
        int events = 60_000;
        AtomicLong handled = new AtomicLong();
        // Never full, so that the owner publishes without a pause.
        EventEngine engine = engines.make(new EventEngineConfig().ringSize(131_072).producerMode(ProducerMode.SINGLE)
                .fused(fused).publishTimeout(LONG));
        engine.subscribe(all("failing", (event, context) -> {
            if (event.id() % 10 == 0 && context.attempt() == 1) {
                throw new IllegalStateException("not yet");
            }
            handled.incrementAndGet();
        }).retry(RetryPolicy.exponential(Duration.ZERO)));
        engine.start();
        long last = 0;
        for (int i = 1; i <= events; i++) {
            long sequence = engine.publish(new Note(i));
            assertThat(sequence).isGreaterThan(last);
            last = sequence;
        }
        engine.await(Watermark.HANDLED, last, LONG);
        Eventually.until("all recovered", () -> engine.statistics().retries().recovered() == events / 10
                && engine.statistics().retries().redelivered() == events / 10);

        assertThat(handled.get()).isEqualTo(events);
        assertThat(engine.statistics().published()).isEqualTo(events);
    }

    @Test
    void shouldLeaveACompleteAccountBehindAtClose() throws Exception {
        EventEngine engine = engines.start(new EventEngineConfig().name("account").journal(journal),
                new RecordingHandler());
        long last = engine.publish(Trade.of(1));
        int syncs = journal.syncs();

        List<CompletableFuture<CloseReport>> reports = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            reports.add(Background.call(() -> engine.close(LONG)));
        }
        CloseReport report = engine.closeAsync(LONG).get(60, TimeUnit.SECONDS);

        for (CompletableFuture<CloseReport> each : reports) {
            assertThat(each.get(60, TimeUnit.SECONDS)).isSameAs(report);
        }
        assertThat(report.drained()).isTrue();
        assertThat(report.handledThrough()).isGreaterThanOrEqualTo(last);
        assertThat(report.notHandled()).isZero();
        assertThat(journal.syncs()).isGreaterThan(syncs);
        ListJournal.Document end = journal.lastDocument();
        assertThat(((ListJournal.Outcomes) end).outcomes()).startsWith(
                new Outcome.Checkpoint(last, ((Outcome.Checkpoint) ((ListJournal.Outcomes) end).outcomes().get(0)).at()))
                .hasAtLeastOneElementOfType(Outcome.RestatementBegun.class)
                .hasAtLeastOneElementOfType(Outcome.RestatementEnded.class);
        assertThat(journal.openSessions()).isZero();
        assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("account-") && !name.endsWith("-close"));
    }

    /** Between two looks of an idle engine's timer nothing is published, so what wakes it must be the signal. */
    @ParameterizedTest
    @CsvSource({"PARKING, false", "PARKING, true", "YIELDING, true", "SPINNING, true"})
    void shouldWakeUpForASingleEventAfterEachRest(WaitMode waitMode, boolean fused) throws Exception {
        RecordingHandler handler = new RecordingHandler();
        EventEngine engine = engines.make(new EventEngineConfig().waitMode(waitMode).fused(fused).journal(journal));
        engine.subscribe(all("first", handler).priority(1));
        engine.subscribe(all("second", new RecordingHandler()).priority(2));
        engine.start();
        for (int i = 1; i <= 60; i++) {
            // Long enough to be parked, in most rounds.
            long rested = System.nanoTime() + (i % 5) * 300_000L;
            Eventually.until("some rest", () -> System.nanoTime() > rested);
            engine.await(Watermark.HANDLED, engine.publish(new Note(i)), LONG);
        }

        assertThat(handler.count()).isEqualTo(60);
    }

    @Test
    void shouldGiveNoEventToACancelledSubscriptionAndAllToTheOthers() throws Exception {
        RecordingHandler cancelled = new RecordingHandler();
        RecordingHandler other = new RecordingHandler();
        EventEngine engine = engines.make(new EventEngineConfig().journal(journal)
                .checkpointInterval(Duration.ofMillis(1)));
        Subscription handle = engine.subscribe(all("cancelled", cancelled));
        engine.subscribe(all("other", other).priority(200));
        engine.start();
        long first = engine.publish(Trade.of(1));
        engine.await(Watermark.HANDLED, first, LONG);
        handle.unsubscribe();
        for (int i = 2; i <= 5; i++) {
            engine.await(Watermark.HANDLED, engine.publish(Trade.of(i)), LONG);
        }
        engine.close(LONG);
        assertThat(handle.name()).isEqualTo("cancelled");
        assertThat(cancelled.ids()).containsExactly(1L);
        assertThat(other.ids()).containsExactly(1L, 2L, 3L, 4L, 5L);

        // Subscribed again at the next start, it gets what it has missed.
        RecordingHandler again = new RecordingHandler();
        EventEngine next = engines.make(new EventEngineConfig().journal(journal));
        next.subscribe(SubscriptionConfig.to(Numbered.class, again).name("cancelled"));
        next.start();
        assertThat(again.ids()).endsWith(2L, 3L, 4L, 5L);
    }
}
