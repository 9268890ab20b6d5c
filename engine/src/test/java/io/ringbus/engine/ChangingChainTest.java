package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.ringbus.engine.error.CalledFromHandlerException;
import io.ringbus.engine.error.EngineClosedException;
import io.ringbus.engine.error.EngineFailedException;
import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.error.SubscriptionRefusedException;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.spi.NoJournal;
import io.ringbus.engine.stats.EngineStatistics.StageStatistics;
import io.ringbus.engine.stats.EngineStatistics.SubscriptionStatistics;
import io.ringbus.engine.support.Background;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.FailsFirstAttempts;
import io.ringbus.engine.support.Gate;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.RecordingHandler;
import io.ringbus.engine.support.Tick;
import io.ringbus.engine.support.Trade;
import io.ringbus.engine.support.WaitsAtGate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Subscribing and unsubscribing at a running engine: takes effect at a known sequence, and disturbs nobody. */
class ChangingChainTest {

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    /** How an engine may be laid out. */
    record Shape(boolean fused, ProducerMode mode, WaitMode waiting, boolean journaled) {

        EventEngineConfig config() {
            return new EventEngineConfig().fused(fused).producerMode(mode).waitMode(waiting)
                    .journal(journaled ? new ListJournal() : NoJournal.INSTANCE);
        }
    }

    static Stream<Shape> shapes() {
        List<Shape> shapes = new ArrayList<>();
        for (boolean fused : List.of(false, true)) {
            for (ProducerMode mode : ProducerMode.values()) {
                for (WaitMode waiting : List.of(WaitMode.PARKING, WaitMode.YIELDING)) {
                    for (boolean journaled : List.of(false, true)) {
                        shapes.add(new Shape(fused, mode, waiting, journaled));
                    }
                }
            }
        }
        return shapes.stream();
    }

    /** Begins with what is published from now on, also with a journal. */
    private static SubscriptionConfig<Numbered> fresh(String name, RecordingHandler handler) {
        return SubscriptionConfig.to(Numbered.class, handler).name(name);
    }

    private static long publish(EventEngine engine, long from, long to) throws InterruptedException {
        long last = 0;
        for (long id = from; id <= to; id++) {
            last = engine.publish(new Note(id));
        }
        engine.await(Watermark.HANDLED, last, LONG);
        return last;
    }

    private static Long[] ids(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toArray(Long[]::new);
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void shouldGiveANewSubscriptionEveryEventFromTheSequenceOnThatSubscribeReturned(Shape shape) throws Exception {
        RecordingHandler old = new RecordingHandler();
        RecordingHandler added = new RecordingHandler();
        EventEngine engine = engines.start(shape.config(), old);
        long before = publish(engine, 1, 10);

        Subscription subscription = engine.subscribe(fresh("added", added));
        long first = engine.publish(new Note(11));
        long last = publish(engine, 12, 20);
        long end = subscription.unsubscribe();
        publish(engine, 21, 30);

        assertThat(subscription.effectiveFrom()).isGreaterThan(before).isLessThanOrEqualTo(first);
        assertThat(end).isGreaterThanOrEqualTo(last);
        assertThat(added.ids()).containsExactly(ids(11, 20));
        assertThat(added.calls()).startsWith("start").endsWith("stop").containsOnlyOnce("start", "stop");
        assertThat(old.ids()).containsExactly(ids(1, 30));
        assertThat(added.deliveries()).allSatisfy(d -> {
            assertThat(d.replaying()).isFalse();
            assertThat(d.timestamp()).isPositive();
            assertThat(d.thread()).isEqualTo(old.deliveries().get(0).thread());
        });
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void shouldSpliceNewPrioritiesInFirstInTheMiddleAndLast(Shape shape) throws Exception {
        List<String> order = new ArrayList<>();
        EventEngine engine = engines.make(shape.config());
        for (int priority : List.of(20, 40)) {
            engine.subscribe(fresh("p" + priority, new Ordered(order)).priority(priority));
        }
        engine.start();
        publish(engine, 1, 3);
        List<Subscription> added = new ArrayList<>();
        for (int priority : List.of(50, 30, 10)) {
            added.add(engine.subscribe(fresh("p" + priority, new Ordered(order)).priority(priority)));
            publish(engine, 4, 6);
        }
        synchronized (order) {
            order.clear();
        }

        publish(engine, 7, 7);

        assertThat(order).containsExactly("p10 7", "p20 7", "p30 7", "p40 7", "p50 7");
        assertThat(stages(engine)).filteredOn(name -> name.startsWith("priority")).containsExactly("priority 10",
                "priority 20", "priority 30", "priority 40", "priority 50");
        for (Subscription subscription : added) {
            subscription.unsubscribe();
            publish(engine, 8, 10);
        }
        assertThat(stages(engine)).filteredOn(name -> name.startsWith("priority"))
                .containsExactly("priority 20", "priority 40");
        assertThat(engine.close(LONG).drained()).isTrue();
    }

    private static List<String> stages(EventEngine engine) {
        return engine.statistics().stages().stream().map(StageStatistics::name).toList();
    }

    /** Says in which order handlers came to an event. */
    private static final class Ordered extends RecordingHandler {

        private final List<String> order;

        Ordered(List<String> order) {
            this.order = order;
        }

        @Override
        public void onEvent(Numbered event, io.ringbus.engine.event.EventContext context) throws Exception {
            super.onEvent(event, context);
            synchronized (order) {
                order.add(context.subscription() + " " + event.id());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void shouldGoOnWithoutAnySubscriptionAndTakeANewOne(Shape shape) throws Exception {
        EventEngine engine = engines.make(shape.config());
        engine.start();
        publish(engine, 1, 3);
        for (int round = 0; round < 3; round++) {
            RecordingHandler handler = new RecordingHandler();
            Subscription subscription = engine.subscribe(SubscriptionConfig.to(Numbered.class, handler).name("only")
                    .recovery(RecoveryMode.LIVE));
            publish(engine, 4, 6);
            subscription.unsubscribe();
            publish(engine, 7, 9);

            assertThat(handler.ids()).containsExactly(4L, 5L, 6L);
            assertThat(handler.deliveries()).allSatisfy(d -> assertThat(d.timestamp()).isPositive());
            assertThat(stages(engine)).noneMatch(name -> name.startsWith("priority"));
        }
        assertThat(engine.close(LONG).drained()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void shouldLeaveTheChainAsItWasWhenAStartHookThrows(Shape shape) throws Exception {
        RecordingHandler old = new RecordingHandler();
        EventEngine engine = engines.start(shape.config(), old);
        IllegalStateException error = new IllegalStateException("no licence");
        for (int priority : List.of(50, 100, 200)) {
            RefusesToStart refusing = new RefusesToStart(error);

            assertThatThrownBy(() -> engine.subscribe(fresh("refusing", refusing).priority(priority)))
                    .isInstanceOf(SubscriptionRefusedException.class).hasMessageContaining("no licence")
                    .hasMessageEndingWith("subscription=refusing").hasCause(error);

            publish(engine, 1, 3);
            assertThat(refusing.calls()).containsExactly("start");
        }
        assertThat(old.ids()).containsExactly(1L, 2L, 3L, 1L, 2L, 3L, 1L, 2L, 3L);
        assertThat(stages(engine)).filteredOn(name -> name.startsWith("priority")).containsExactly("priority 100");
        assertThat(engine.statistics().subscriptions()).extracting(SubscriptionStatistics::name)
                .containsExactly("handler");
        assertThat(engine.close(LONG).drained()).isTrue();
    }

    private static final class RefusesToStart extends RecordingHandler {

        private final Exception error;

        RefusesToStart(Exception error) {
            this.error = error;
        }

        @Override
        public void onStart() throws Exception {
            super.onStart();
            throw error;
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void shouldLetHandlersChangeTheChainWithoutWaiting(Shape shape) throws Exception {
        EventEngine engine = engines.make(shape.config());
        RecordingHandler added = new RecordingHandler();
        AtomicReference<CompletableFuture<Subscription>> joining = new AtomicReference<>();
        AtomicReference<CompletableFuture<Long>> leaving = new AtomicReference<>();
        AtomicReference<Subscription> own = new AtomicReference<>();
        List<Throwable> refused = new ArrayList<>();
        RecordingHandler changing = new RecordingHandler() {
            @Override
            public void onEvent(Numbered event, io.ringbus.engine.event.EventContext context) throws Exception {
                super.onEvent(event, context);
                if (event.id() == 1) {
                    refused.add(catchThrowable(() -> engine.subscribe(fresh("blocking", new RecordingHandler()))));
                    refused.add(catchThrowable(() -> own.get().unsubscribe()));
                    joining.set(engine.subscribeAsync(fresh("added", added).priority(5)));
                } else if (event.id() == 2) {
                    leaving.set(own.get().unsubscribeAsync());
                }
            }
        };
        own.set(engine.subscribe(fresh("changing", changing)));
        engine.start();

        publish(engine, 1, 1);
        Subscription subscription = get(joining.get());
        long second = publish(engine, 2, 2);
        long end = get(leaving.get());
        publish(engine, 3, 3);

        assertThat(refused).hasSize(2).allSatisfy(e -> assertThat(e).isInstanceOf(CalledFromHandlerException.class));
        assertThat(refused.get(0)).hasMessageContaining("subscribeAsync");
        assertThat(refused.get(1)).hasMessageContaining("unsubscribeAsync");
        assertThat(changing.ids()).containsExactly(1L, 2L);
        assertThat(added.ids()).containsExactly(2L, 3L);
        assertThat(end).isGreaterThanOrEqualTo(second);
        assertThat(own.get().isActive()).isFalse();
        assertThat(own.get().unsubscribe()).isEqualTo(end);
        assertThat(subscription.isActive()).isTrue();
    }

    @Test
    void shouldJustTakeASubscriptionBackBeforeTheStart() throws Exception {
        RecordingHandler first = new RecordingHandler();
        RecordingHandler second = new RecordingHandler();
        EventEngine engine = engines.make(new EventEngineConfig());
        Subscription subscription = engine.subscribe(all("name", first));
        assertThat(subscription.effectiveFrom()).isZero();
        assertThat(subscription.unsubscribe()).isZero();
        assertThat(subscription.unsubscribe()).isZero();
        Subscription again = engine.subscribe(all("name", second));
        engine.start();
        publish(engine, 1, 2);

        assertThat(subscription.isActive()).isFalse();
        assertThat(subscription.unsubscribe()).isZero();
        assertThat(again.effectiveFrom()).isOne();
        assertThat(first.calls()).isEmpty();
        assertThat(second.ids()).containsExactly(1L, 2L);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldReturnFromUnsubscribeOnlyWhenTheLastEventIsOver(boolean fused) throws Exception {
        Gate gate = engines.gate();
        WaitsAtGate waiting = WaitsAtGate.of(gate);
        EventEngine engine = engines.make(new EventEngineConfig().fused(fused));
        Subscription subscription = engine.subscribe(all("waiting", waiting));
        engine.start();
        long last = engine.publish(new Note(1));
        last = Math.max(last, engine.publish(new Note(2)));
        waiting.awaitCount(1);

        CompletableFuture<Long> end = Background.call(subscription::unsubscribe);
        CompletableFuture<Long> same = subscription.unsubscribeAsync();
        Eventually.until("its slot is in the ring", () -> engine.statistics().ringOccupied() == 3);
        assertThat(end).isNotDone();
        assertThat(subscription.isActive()).isTrue();
        gate.open();

        assertThat(get(end)).isGreaterThanOrEqualTo(last).isEqualTo(get(same));
        assertThat(waiting.calls()).containsSubsequence("event 1", "event 2", "stop").endsWith("stop");
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void shouldChangeAChainWhoseRingIsFull(ProducerMode mode) throws Exception {
        Gate gate = engines.gate();
        WaitsAtGate waiting = WaitsAtGate.of(gate);
        RecordingHandler added = new RecordingHandler();
        EventEngine engine = engines.start(new EventEngineConfig().ringSize(4).producerMode(mode), waiting);
        for (int i = 1; i <= 4; i++) {
            engine.publish(new Note(i));
        }
        waiting.awaitCount(1);
        List<CompletableFuture<Subscription>> joining = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            joining.add(engine.subscribeAsync(fresh("added" + i, i == 0 ? added : new RecordingHandler()).priority(i)));
        }
        assertThat(engine.tryPublish(new Note(5))).isEqualTo(EventEngine.RING_FULL);
        assertThat(joining).noneMatch(CompletableFuture::isDone);
        gate.open();

        long from = 0;
        for (CompletableFuture<Subscription> each : joining) {
            assertThat(get(each).effectiveFrom()).isGreaterThan(from);
            from = get(each).effectiveFrom();
        }
        publish(engine, 5, 8);
        assertThat(added.ids()).containsExactly(5L, 6L, 7L, 8L);
        assertThat(waiting.ids()).containsExactly(ids(1, 8));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCompleteEveryChangeWhenTheEngineIsClosed(boolean fused) throws Exception {
        Gate gate = engines.gate();
        WaitsAtGate waiting = WaitsAtGate.of(gate);
        EventEngine engine = engines.make(new EventEngineConfig().name("closing").fused(fused));
        Subscription subscription = engine.subscribe(all("waiting", waiting));
        engine.start();
        engine.publish(new Note(1));
        waiting.awaitCount(1);
        CompletableFuture<Long> inTheRing = subscription.unsubscribeAsync();
        Eventually.until("its slot is in the ring", () -> engine.statistics().ringOccupied() == 2);
        CompletableFuture<Subscription> behind = engine.subscribeAsync(fresh("late", new RecordingHandler()));

        CompletableFuture<CloseReport> close = engine.closeAsync(LONG);
        Eventually.until("closing", () -> engine.state() != io.ringbus.engine.stats.EngineState.RUNNING);
        assertThatThrownBy(() -> get(engine.subscribeAsync(fresh("later", new RecordingHandler()))))
                .hasCauseInstanceOf(EngineClosedException.class);
        // Until then it publishes the next change as soon as the one before it is made.
        Eventually.until("the timer has ended", () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("closing-timer")));
        gate.open();

        assertThat(get(close).drained()).isTrue();
        assertThat(get(inTheRing)).isPositive();
        assertThat(subscription.unsubscribe()).isEqualTo(get(inTheRing));
        assertThatThrownBy(() -> get(behind)).isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(EngineClosedException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCompleteAChangeThatAClosedEngineCannotMakeAnyMore(boolean fused) throws Exception {
        WaitsAtGate deaf = WaitsAtGate.deafly(engines.gate());
        EventEngine engine = engines.make(new EventEngineConfig().fused(fused));
        Subscription subscription = engine.subscribe(all("deaf", deaf));
        engine.start();
        engine.publish(new Note(1));
        deaf.awaitCount(1);
        CompletableFuture<Long> unsubscribed = Background.call(subscription::unsubscribe);
        Eventually.until("its slot is in the ring", () -> engine.statistics().ringOccupied() == 2);

        assertThat(engine.close(Duration.ofMillis(1)).drained()).isFalse();

        assertThatThrownBy(() -> get(unsubscribed)).hasCauseInstanceOf(EngineClosedException.class);
        assertThatThrownBy(subscription::unsubscribe).isInstanceOf(EngineClosedException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCompleteEveryChangeWhenTheEngineFails(boolean fused) throws Exception {
        Gate gate = engines.gate();
        ListJournal journal = new ListJournal();
        EventEngine engine = engines.make(new EventEngineConfig().fused(fused).journal(journal));
        Subscription subscription = engine.subscribe(all("one", new RecordingHandler()));
        engine.start();
        journal.blockEventCommits(gate);
        journal.failEventCommits(() -> new JournalException("no space"));
        engine.publish(new Note(1));
        gate.awaitArrival();
        CompletableFuture<Long> first = subscription.unsubscribeAsync();
        CompletableFuture<Subscription> second = Background.call(() ->
                engine.subscribe(fresh("two", new RecordingHandler())));
        gate.open();

        assertThatThrownBy(() -> get(first)).hasCauseInstanceOf(EngineFailedException.class);
        assertThatThrownBy(() -> get(second)).hasCauseInstanceOf(EngineFailedException.class);
        assertThatThrownBy(subscription::unsubscribe).isInstanceOf(EngineFailedException.class);
        assertThatThrownBy(() -> engine.subscribe(fresh("three", new RecordingHandler())))
                .isInstanceOf(EngineFailedException.class);
        assertThat(journal.violations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldStopWhenAChangeCannotBeWrittenToTheOutcomeLog(boolean fused) throws Exception {
        ListJournal journal = new ListJournal();
        EventEngine engine = engines.make(new EventEngineConfig().fused(fused).journal(journal));
        engine.subscribe(all("one", new RecordingHandler()));
        engine.start();
        journal.failOutcomeCommits(() -> new JournalException("no space"));

        assertThatThrownBy(() -> engine.subscribe(fresh("two", new RecordingHandler()).priority(200)))
                .isInstanceOf(EngineFailedException.class).hasMessageContaining("no space");

        CloseReport report = engine.close(LONG);
        assertThat(report.failure()).isInstanceOf(JournalException.class);
        assertThat(journal.isLocked()).isFalse();
        assertThat(journal.violations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCloseWhileAStartHookHangs(boolean fused) throws Exception {
        Gate gate = engines.gate();
        EventEngine engine = engines.start(new EventEngineConfig().fused(fused), new RecordingHandler());
        RecordingHandler hanging = new RecordingHandler() {
            @Override
            public void onStart() throws Exception {
                gate.pass();
            }
        };
        CompletableFuture<Subscription> joining = engine.subscribeAsync(fresh("hanging", hanging).priority(200));
        gate.awaitArrival();
        CompletableFuture<CloseReport> close = Background.call(() -> engine.close(Duration.ofMillis(1)));

        assertThat(get(close).drained()).isFalse();
        assertThatThrownBy(() -> get(joining)).hasCauseInstanceOf(EngineClosedException.class);
    }

    @Test
    void shouldReportWhatTheStopHookOfAnUnsubscribedHandlerThrew() throws Exception {
        EventEngine engine = engines.start(new EventEngineConfig(), new RecordingHandler());
        Subscription subscription = engine.subscribe(fresh("leaving", new RecordingHandler() {
            @Override
            public void onStop() {
                throw new IllegalStateException("not closed");
            }
        }).priority(7));

        assertThat(subscription.unsubscribe()).isPositive();

        assertThat(engine.close(LONG).hookErrors()).singleElement().asString().contains("leaving", "not closed");
    }

    @Test
    void shouldRefuseChangesWhileTheEngineStarts() throws Exception {
        AtomicReference<Throwable> subscribing = new AtomicReference<>();
        AtomicReference<Throwable> unsubscribing = new AtomicReference<>();
        AtomicReference<Subscription> own = new AtomicReference<>();
        EventEngine engine = engines.make(new EventEngineConfig());
        own.set(engine.subscribe(fresh("early", new RecordingHandler() {
            @Override
            public void onStart() {
                subscribing.set(catchThrowable(() -> get(engine.subscribeAsync(fresh("x", new RecordingHandler())))));
                unsubscribing.set(catchThrowable(() -> get(own.get().unsubscribeAsync())));
            }
        })));
        engine.start();

        assertThat(subscribing.get()).hasCauseInstanceOf(EngineStateException.class)
                .hasMessageContaining("state=RECOVERING");
        assertThat(unsubscribing.get()).hasCauseInstanceOf(EngineStateException.class)
                .hasMessageContaining("state=RECOVERING");
        assertThat(own.get().unsubscribe()).as("and later it can").isPositive();
    }

    @Test
    void shouldDropWhatWaitsForAnotherAttemptInAnEngineWithoutAJournal() throws Exception {
        EventEngine engine = engines.start(new EventEngineConfig(), new RecordingHandler());
        FailsFirstAttempts failing = FailsFirstAttempts.always(id -> true);
        Subscription subscription = engine.subscribe(fresh("failing", failing)
                .retry(RetryPolicy.exponential(Duration.ofMillis(1)).maxAttempts(Integer.MAX_VALUE)));
        publish(engine, 1, 1);
        failing.awaitCount(3);

        subscription.unsubscribe();
        int count = failing.count();
        assertThat(engine.statistics().retries().pending()).isZero();
        RecordingHandler again = new RecordingHandler();
        engine.subscribe(fresh("failing", again));
        publish(engine, 2, 2);

        assertThat(failing.count()).isEqualTo(count);
        assertThat(again.ids()).containsExactly(2L);
        assertThat(engine.close(LONG).pending()).isZero();
    }

    @Test
    void shouldShowInTheStatisticsWhoIsThere() throws Exception {
        EventEngine engine = engines.start(new EventEngineConfig(), new RecordingHandler());
        Subscription first = engine.subscribe(fresh("first", new RecordingHandler()));
        engine.subscribe(fresh("second", new RecordingHandler()).priority(1));
        publish(engine, 1, 2);
        first.unsubscribe();
        engine.subscribe(fresh("first", new RecordingHandler()));
        publish(engine, 3, 3);

        assertThat(engine.statistics().subscriptions()).extracting(SubscriptionStatistics::name)
                .containsExactly("handler", "second", "first");
        assertThat(engine.statistics().subscription("first").handled()).isOne();
        assertThat(engine.statistics().subscription("second").handled()).isEqualTo(3);
        assertThat(engine.statistics().published()).as("changes are no events").isEqualTo(3);
    }

    @Test
    void shouldKeepPreallocatedEventsApartFromChanges() throws Exception {
        EventEngine engine = engines.start(new EventEngineConfig().ringSize(4), new RecordingHandler());
        for (int i = 0; i < 20; i++) {
            RecordingHandler added = new RecordingHandler();
            Subscription subscription = engine.subscribe(fresh("added", added));
            engine.await(Watermark.HANDLED, engine.publish(Tick.TYPE, Tick.FROM_CURSOR, new Tick.Cursor()), LONG);
            subscription.unsubscribe();
            assertThat(added.count()).isOne();
        }
    }

    @Test
    void shouldEndTheThreadsOfStagesThatAreNoMore() throws Exception {
        EventEngine engine = engines.start(new EventEngineConfig().name("threads-" + System.nanoTime()),
                new RecordingHandler());
        for (int i = 0; i < 20; i++) {
            engine.subscribe(fresh("s" + i, new RecordingHandler()).priority(1_000 + i)).unsubscribe();
        }
        Eventually.until("only the threads of the stages that are there", () -> Thread.getAllStackTraces().keySet()
                .stream().filter(thread -> thread.getName().contains("-priority-1")).noneMatch(thread ->
                        thread.getName().matches("threads-.*-priority-10\\d\\d")));
        Trade trade = Trade.of(1);
        engine.await(Watermark.HANDLED, engine.publish(trade), LONG);
    }
}
