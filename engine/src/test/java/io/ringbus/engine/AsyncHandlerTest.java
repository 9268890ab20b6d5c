package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.engine.error.HandlingTimeoutException;
import io.ringbus.engine.error.InvalidEventException;
import io.ringbus.engine.error.SubscriptionRefusedException;
import io.ringbus.engine.event.AsyncEventHandler;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.retry.WaitingOverflow;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.stats.EngineState;
import io.ringbus.engine.support.Booking;
import io.ringbus.engine.support.CompletesAsTold;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.ManualClock;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.RecordingHandler;
import io.ringbus.engine.support.Tick;
import io.ringbus.engine.support.Trade;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Handlers that end later: how many are under way, how they end, and what a stop makes of those that have not. */
class AsyncHandlerTest {

    private static final RetryPolicy AFTER_A_MINUTE = RetryPolicy.exponential(Duration.ofMinutes(1)).factor(1).jitter(0)
            .maxAttempts(3);
    private static final long A = 1;
    private static final long B = 2;

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final ManualClock clock = new ManualClock();
    private final ListJournal journal = new ListJournal();
    private final CompletesAsTold handler = new CompletesAsTold();

    private final RecordingHandler later = new RecordingHandler();

    @AfterEach
    void endWhatIsUnderWay() {
        CompletesAsTold.freeAll();
    }

    private static SubscriptionConfig<Numbered> async(AsyncEventHandler<Numbered> handler) {
        return SubscriptionConfig.toAsync(Numbered.class, handler).name("async").startAt(StartPosition.EARLIEST)
                .retry(AFTER_A_MINUTE);
    }

    private EventEngine start(EventEngineConfig config, SubscriptionConfig<Numbered> subscription) {
        EventEngine engine = engines.make(config.clock(clock));
        engine.register(Booking.TYPE);
        engine.subscribe(subscription);
        engine.subscribe(all("later", later).priority(200));
        engine.start();
        return engine;
    }

    private EventEngine start(ListJournal in, SubscriptionConfig<Numbered> subscription) {
        return start(new EventEngineConfig().journal(in), subscription);
    }

    private EventEngine start(SubscriptionConfig<Numbered> subscription) {
        return start(journal, subscription);
    }

    private EventEngine startWithEagerCheckpoints() {
        return start(new EventEngineConfig().journal(journal).checkpointInterval(Duration.ofNanos(1)),
                async(handler).retryOrder(RetryOrder.PER_AGGREGATE));
    }

    private static long publish(EventEngine engine, Object... events) {
        long last = 0;
        for (Object event : events) {
            last = engine.publish(event);
        }
        return last;
    }

    private static void awaitPending(EventEngine engine, int pending) {
        Eventually.until(pending + " pending", () -> engine.statistics().retries().pending() == pending);
    }

    private void awaitCheckpoint(long handledThrough) {
        Eventually.until("a checkpoint through " + handledThrough, () -> checkpoints(journal).contains(handledThrough));
    }

    private static List<Long> checkpoints(ListJournal journal) {
        return journal.outcomes(Outcome.Checkpoint.class).stream().map(Outcome.Checkpoint::handledThrough).toList();
    }

    @Test
    void shouldMoveOnWhileHandlingsAreUnderWayAndCountThemAsHandledInTheEnd() throws Exception {
        EventEngine engine = start(async(handler));
        // As one: otherwise a slot of the engine's own may come between them and take a sequence.
        long last = engine.publishAll(List.of(new Note(1), new Note(2), new Note(3)));
        long first = last - 2;
        later.awaitCount(3);
        assertThat(handler.ids()).containsExactly(1L, 2L, 3L);
        assertThat(engine.watermark(Watermark.HANDLED)).isLessThan(first);

        handler.complete(3);
        handler.complete(1);
        engine.await(Watermark.HANDLED, first, LONG);
        assertThat(engine.watermark(Watermark.HANDLED)).isEqualTo(first);
        handler.complete(2);
        engine.await(Watermark.HANDLED, last, LONG);

        assertThat(engine.statistics().subscriptions().get(0).handled()).isEqualTo(3);
        assertThat(journal.outcomes(Outcome.Waiting.class)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = RetryOrder.class, names = {"FREE", "PER_AGGREGATE"})
    void shouldLetTheStageWaitAtTheBoundButNotTheStagesBehindIt(RetryOrder order) throws Exception {
        EventEngine engine = start(async(handler).maxInFlight(2).retryOrder(order));
        long last = engine.publishAll(List.of(new Booking(1, 1), new Booking(2, 2), new Booking(3, 3),
                new Booking(4, 4)));
        later.awaitCount(2);
        assertThat(handler.ids()).containsExactly(1L, 2L);

        handler.complete(2);
        handler.awaitCount(3);
        later.awaitCount(3);
        assertThat(handler.ids()).containsExactly(1L, 2L, 3L);
        handler.complete(3);
        handler.awaitCount(4);
        handler.completeAll();
        engine.await(Watermark.HANDLED, last, LONG);
    }

    @ParameterizedTest
    @EnumSource(RetryOrder.class)
    void shouldRetryWhatCompletesExceptionally(RetryOrder order) throws Exception {
        EventEngine engine = start(async(handler).retryOrder(order));
        long last = publish(engine, new Booking(1, A));
        handler.awaitCount(1);
        handler.fail(1, new java.util.concurrent.CompletionException(new java.io.IOException("not now")));
        Eventually.until("noted", () -> journal.outcomes(Outcome.Failed.class).size() == 1);
        assertThat(journal.outcomes(Outcome.Failed.class).get(0).error().className())
                .isEqualTo("java.io.IOException");

        clock.advance(Duration.ofMinutes(1));
        handler.awaitCount(2);
        handler.complete(1);
        awaitPending(engine, 0);
        engine.await(Watermark.HANDLED, last, LONG);
        // Nothing is pending once the outcome is noted; the log has it when that is committed.
        Eventually.until("logged", () -> journal.outcomes(Outcome.Recovered.class).size() == 1);

        assertThat(handler.attempts()).containsExactly(1, 2);
        assertThat(journal.outcomes(Outcome.Recovered.class)).singleElement()
                .satisfies(recovered -> assertThat(recovered.attempt()).isEqualTo(2));
        assertThat(engine.statistics().retries().recovered()).isOne();
    }

    @ParameterizedTest
    @EnumSource(RetryOrder.class)
    void shouldTakeAThrowAndAMissingStageAsFailures(RetryOrder order) {
        AtomicInteger calls = new AtomicInteger();
        EventEngine engine = start(async((event, context) -> {
            if (calls.incrementAndGet() == 1) {
                throw new java.io.IOException("at once");
            }
            return null;
        }).retryOrder(order).retry(AFTER_A_MINUTE.maxAttempts(2)));
        publish(engine, new Note(1));
        Eventually.until("noted", () -> journal.outcomes(Outcome.Failed.class).size() == 1);
        clock.advance(Duration.ofMinutes(1));
        Eventually.until("dead", () -> engine.deadLetters().size() == 1);

        assertThat(journal.outcomes(Outcome.Failed.class).get(0).error().className()).isEqualTo("java.io.IOException");
        assertThat(engine.deadLetters().get(0).errorClass()).isEqualTo(InvalidEventException.class.getName());
        assertThat(engine.deadLetters().get(0).errorMessage()).contains("stage=null");
    }

    @ParameterizedTest
    @EnumSource(RetryOrder.class)
    void shouldGiveUpWhatTakesTooLongAndPassOverItsLateEnd(RetryOrder order) throws Exception {
        EventEngine engine = start(async(handler).timeout(Duration.ofSeconds(5)).retryOrder(order));
        long last = publish(engine, new Booking(1, A));
        handler.awaitCount(1);
        clock.advance(Duration.ofSeconds(5));
        Eventually.until("noted", () -> journal.outcomes(Outcome.Failed.class).size() == 1);
        assertThat(journal.outcomes(Outcome.Failed.class).get(0).error().className())
                .isEqualTo(HandlingTimeoutException.class.getName());
        assertThat(journal.outcomes(Outcome.Failed.class).get(0).error().message()).contains("timeout=PT5S");

        clock.advance(Duration.ofMinutes(1));
        handler.awaitCount(2);
        // The end of the first attempt, while the second is under way: it must not count for that one.
        handler.begun().get(0).end().complete(null);
        handler.fail(1, new java.io.IOException("the second"));
        Eventually.until("both noted", () -> journal.outcomes(Outcome.Failed.class).size() == 2);
        assertThat(journal.outcomes(Outcome.Recovered.class)).isEmpty();
        clock.advance(Duration.ofMinutes(1));
        handler.awaitCount(3);
        handler.complete(1);
        engine.await(Watermark.HANDLED, last, LONG);
        awaitPending(engine, 0);
        assertThat(handler.attempts()).containsExactly(1, 2, 3);
        assertThat(engine.statistics().subscriptions().get(0).handled()).isOne();
    }

    @ParameterizedTest
    @EnumSource(RetryOrder.class)
    void shouldKeepAPreallocatedEventAsItWas(RetryOrder order) throws Exception {
        EventEngine engine = new EventEngine(new EventEngineConfig().ringSize(2).clock(clock));
        engine.register(Tick.TYPE);
        engine.subscribe(async(handler).retryOrder(order).timeout(Duration.ofSeconds(5)).retry(RetryPolicy.none()));
        engine.start();
        long last = 0;
        try {
            for (int i = 1; i <= 10; i++) {
                long id = i;
                last = engine.publish(Tick.TYPE, tick -> tick.id = id);
                handler.awaitCount(i);
                if (order == RetryOrder.BLOCKING) {
                    // Given up, while whoever began it still looks at the event.
                    clock.advance(Duration.ofSeconds(5));
                }
            }
            if (order != RetryOrder.BLOCKING) {
                handler.completeAll();
            }
            engine.await(Watermark.HANDLED, last, LONG);
            assertThat(handler.begun()).allSatisfy(begun -> assertThat(begun.event().id()).isEqualTo(begun.id()));
        } finally {
            assertThat(engine.close(LONG).hookErrors()).isEmpty();
        }
    }

    @Test
    void shouldHaveOneOfAnAggregateUnderWayAndLetOthersPass() throws Exception {
        EventEngine engine = start(async(handler).retryOrder(RetryOrder.PER_AGGREGATE));
        long last = publish(engine, new Booking(1, A), new Booking(2, A), new Booking(3, B), new Booking(4, A),
                new Note(5), new Note(6));
        later.awaitCount(6);
        assertThat(handler.ids()).containsExactly(1L, 3L, 5L, 6L);

        handler.complete(1);
        handler.awaitCount(5);
        handler.fail(2, new IllegalStateException("told to"));
        Eventually.until("noted", () -> journal.outcomes(Outcome.Failed.class).size() == 1);
        // Before the clock moves, which would be the end of their time.
        engine.await(Watermark.JOURNALED, last, LONG);
        handler.complete(3);
        handler.complete(5);
        handler.complete(6);
        engine.await(Watermark.HANDLED, last, LONG);
        clock.advance(Duration.ofMinutes(1));
        handler.awaitCount(6);
        handler.complete(2);
        handler.awaitCount(7);
        handler.completeAll();
        engine.await(Watermark.HANDLED, last, LONG);
        awaitPending(engine, 0);

        assertThat(handler.ids()).containsExactly(1L, 3L, 5L, 6L, 2L, 2L, 4L);
        assertThat(handler.attempts()).containsExactly(1, 1, 1, 1, 1, 2, 1);
    }

    @Test
    void shouldGiveUpWhatHasNoRoomToWaitWhenToldTo() {
        EventEngine engine = start(async(handler).retryOrder(RetryOrder.PER_AGGREGATE)
                .maxWaiting(1, WaitingOverflow.DEAD_LETTER));
        publish(engine, new Booking(1, A), new Booking(2, A), new Booking(3, A));
        later.awaitCount(3);

        assertThat(engine.deadLetters()).singleElement()
                .satisfies(dead -> assertThat(dead.event()).isEqualTo(new Booking(3, A)));
        assertThat(handler.ids()).containsExactly(1L);
    }

    @Test
    void shouldGoOnWithAnAggregateThatHadToWaitForRoomThatAnotherTook() throws Exception {
        EventEngine engine = start(async(handler).retryOrder(RetryOrder.PER_AGGREGATE)
                .maxWaiting(1, WaitingOverflow.BLOCK_STAGE));
        long last = publish(engine, new Booking(1, A), new Booking(2, A), new Booking(3, B), new Booking(4, B));
        handler.awaitCount(2);
        later.awaitCount(3);

        handler.complete(3);
        handler.awaitCount(3);
        assertThat(handler.ids()).as("nothing of its aggregate is before it any more").containsExactly(1L, 3L, 4L);
        handler.complete(1);
        handler.awaitCount(4);
        handler.completeAll();
        engine.await(Watermark.HANDLED, last, LONG);
        awaitPending(engine, 0);
    }

    @Test
    void shouldWaitForTheEndOnTheStageWhenTheOrderBlocks() throws Exception {
        EventEngine engine = start(async(handler).retryOrder(RetryOrder.BLOCKING));
        long last = publish(engine, new Note(1), new Note(2));
        handler.awaitCount(1);
        assertThat(later.count()).isZero();
        handler.complete(1);
        handler.awaitCount(2);
        handler.complete(2);
        engine.await(Watermark.HANDLED, last, LONG);
        assertThat(handler.ids()).containsExactly(1L, 2L);
    }

    @Test
    void shouldAskTheFilterAgainWhenItThrew() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        EventEngine engine = start(async(handler).filter(event -> {
            if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("no answer");
            }
            return false;
        }));
        engine.await(Watermark.HANDLED, publish(engine, new Note(1)), LONG);
        awaitPending(engine, 1);
        clock.advance(Duration.ofMinutes(1));
        awaitPending(engine, 0);

        assertThat(asked.get()).isEqualTo(2);
        assertThat(handler.ids()).isEmpty();
    }

    @Test
    void shouldNotLetACheckpointPassWhatIsUnderWayAndDeliverThatAgainAfterACrash() throws Exception {
        EventEngine engine = startWithEagerCheckpoints();
        // As one, so that nothing of the engine's own has a sequence between them.
        long fourth = engine.publishAll(List.of(new Booking(1, A), new Booking(2, B), new Booking(3, A),
                new Booking(4, B)));
        later.awaitCount(4);
        handler.complete(1);
        handler.awaitCount(3);
        handler.complete(3);
        awaitCheckpoint(fourth - 3);
        long fifth = publish(engine, new Note(5));
        later.awaitCount(5);
        ListJournal whole = journal.afterCrashAt(journal.documentCount());
        handler.complete(2);
        awaitCheckpoint(fifth - 1);
        assertThat(checkpoints(whole)).allMatch(through -> through <= fourth - 3);
        assertThat(checkpoints(journal)).allMatch(through -> through < fifth);

        for (int documents = 1; documents <= whole.documentCount(); documents++) {
            ListJournal crashed = whole.afterCrashAt(documents);
            long survivors = crashed.events().size();
            CompletesAsTold next = new CompletesAsTold();
            EventEngine again = start(crashed, async(next).retryOrder(RetryOrder.PER_AGGREGATE));
            Eventually.until("all ended again", () -> {
                next.completeAll();
                return again.statistics().retries().pending() == 0
                        && again.watermark(Watermark.HANDLED) >= crashed.committed();
            });
            if (survivors >= 4) {
                assertThat(next.ids()).as("after %d documents", documents).contains(2L, 4L).doesNotHaveDuplicates();
                assertThat(next.ids().indexOf(2L)).isLessThan(next.ids().indexOf(4L));
            }
            assertThat(again.close(LONG).drained()).isTrue();
        }
    }

    @Test
    void shouldNotRepeatACheckpointWhileAHandlingHangs() throws Exception {
        EventEngine engine = startWithEagerCheckpoints();
        long hangs = engine.publishAll(List.of(new Note(1), new Note(2)));
        handler.awaitCount(2);
        handler.complete(1);
        awaitCheckpoint(hangs - 1);
        long last = hangs;
        int id = 2;
        // Each tick of the timer asks for a checkpoint, by a slot of the engine's own, which takes a sequence.
        for (int ticks = 0; ticks < 3; ) {
            long sequence = publish(engine, new Note(++id));
            ticks += sequence > last + 1 ? 1 : 0;
            last = sequence;
            handler.awaitCount(id);
            handler.complete(id);
        }
        assertThat(checkpoints(journal)).allMatch(through -> through < hangs);
        handler.complete(2);
        awaitCheckpoint(last);

        assertThat(checkpoints(journal)).doesNotHaveDuplicates();
    }

    @Test
    void shouldDrainWhatIsUnderWayWhenItCloses() {
        EventEngine engine = start(async(handler));
        publish(engine, new Note(1), new Note(2));
        handler.awaitCount(2);
        CompletableFuture<CloseReport> closing = engine.closeAsync(LONG);
        handler.completeAll();
        CloseReport report = closing.join();

        assertThat(report.drained()).isTrue();
        assertThat(report.pending()).isZero();
        assertThat(report.hookErrors()).isEmpty();
        assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
                .noneMatch(name -> name.endsWith("-completions"));
    }

    @ParameterizedTest
    @EnumSource(RetryOrder.class)
    void shouldCloseInTimeAndKeepWhatHangsAtTheBoundAndWhatIsBehindIt(RetryOrder order) {
        EventEngine engine = start(async(handler).maxInFlight(1).retry(RetryPolicy.none()).retryOrder(order));
        publish(engine, new Booking(1, A), new Booking(2, A), new Booking(3, B));
        handler.awaitCount(1);

        CloseReport report = engine.close(Duration.ofMillis(300));
        assertThat(report.hookErrors()).isEmpty();
        assertThat(report.drained()).isFalse();
        assertThat(engine.state()).isEqualTo(EngineState.CLOSED);
        assertThat(journal.isLocked()).isFalse();
        assertThat(report.deadLetters()).isZero();

        CompletesAsTold next = new CompletesAsTold();
        // With BLOCKING the start itself waits for the end.
        next.completeAtOnce();
        EventEngine again = start(async(next).retryOrder(order));
        Eventually.until("all of them", () -> next.ids().containsAll(java.util.List.of(1L, 2L, 3L))
                && again.statistics().retries().pending() == 0);
        assertThat(next.ids()).doesNotHaveDuplicates();
        assertThat(next.ids().indexOf(1L)).isLessThan(next.ids().indexOf(2L));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCompleteAnUnsubscriptionWhenNothingIsUnderWay(boolean journaled) throws Exception {
        EventEngineConfig config = new EventEngineConfig().clock(clock);
        EventEngine engine = engines.make(journaled ? config.journal(journal) : config);
        Subscription subscription = engine.subscribe(async(handler).timeout(Duration.ofSeconds(5)));
        engine.subscribe(all("later", later).priority(200));
        engine.start();
        publish(engine, new Note(1), new Note(2));
        handler.awaitCount(2);
        CompletableFuture<Long> gone = subscription.unsubscribeAsync();
        Eventually.until("out of the chain", () -> !subscription.isActive());
        publish(engine, new Note(3));
        later.awaitCount(3);
        assertThat(gone).isNotDone();
        handler.complete(1);
        clock.advance(Duration.ofSeconds(5));

        assertThat(gone.get(60, java.util.concurrent.TimeUnit.SECONDS)).isGreaterThanOrEqualTo(2);
        assertThat(handler.ids()).containsExactly(1L, 2L);
        assertThat(engine.statistics().retries().pending()).isEqualTo(journaled ? 1 : 0);
    }

    @Test
    void shouldCompleteAnUnsubscriptionWhenTheEngineClosesBefore() {
        EventEngine engine = engines.make(new EventEngineConfig().clock(clock).journal(journal));
        Subscription subscription = engine.subscribe(async(handler));
        engine.start();
        publish(engine, new Note(1));
        handler.awaitCount(1);
        CompletableFuture<Long> gone = subscription.unsubscribeAsync();
        Eventually.until("out of the chain", () -> !subscription.isActive());
        engine.close(Duration.ofMillis(300));

        assertThat(gone).isCompletedExceptionally();
        handler.awaitCount(1);
        CompletesAsTold next = new CompletesAsTold();
        start(async(next));
        next.awaitCount(1);
        assertThat(next.ids()).containsExactly(1L);
    }

    @Test
    void shouldPublishFollowUpsOnlyWhenTheHandlingHasEndedWell() throws Exception {
        CompletableFuture<Void> first = new CompletableFuture<>();
        EventEngine engine = start(async((event, context) -> {
            if (event instanceof Note) {
                return CompletableFuture.completedFuture(null);
            }
            context.publish(new Note(100 + context.attempt()));
            return context.attempt() == 1 ? first : CompletableFuture.completedFuture(null);
        }));
        publish(engine, Trade.of(1));
        later.awaitCount(1);
        first.completeExceptionally(new IllegalStateException("told to"));
        awaitPending(engine, 1);
        clock.advance(Duration.ofMinutes(1));
        later.awaitCount(2);
        awaitPending(engine, 0);

        assertThat(later.ids()).containsExactly(1L, 102L);
    }

    @Test
    void shouldLogEveryDeliveryWhenToldTo() throws Exception {
        EventEngine engine = start(async(handler).processingLog(ProcessingLog.EVERY_DELIVERY));
        long last = publish(engine, new Note(1));
        handler.awaitCount(1);
        handler.complete(1);
        engine.await(Watermark.HANDLED, last, LONG);
        assertThat(journal.outcomes(Outcome.Handled.class)).singleElement().satisfies(handled -> {
            assertThat(handled.sequence()).isOne();
            assertThat(handled.nanos()).isPositive();
        });
    }

    @Test
    void shouldRefuseARebuildingOne() {
        EventEngine engine = engines.make(new EventEngineConfig());
        assertThatThrownBy(() -> engine.subscribe(async(handler).startAt(null).recovery(RecoveryMode.REBUILD)))
                .isInstanceOf(SubscriptionRefusedException.class).hasMessageContaining("subscription=async");
    }

    @ParameterizedTest
    @EnumSource(RetryOrder.class)
    void shouldStopTheEngineWhenAHandlingEndsWithAFatalError(RetryOrder order) {
        EventEngine engine = start(async(handler).retryOrder(order));
        publish(engine, new Note(1));
        handler.awaitCount(1);
        handler.fail(1, new OutOfMemoryError("told to"));
        Eventually.until("failed", () -> engine.state() == EngineState.FAILED);
        handler.completeAll();
        CloseReport report = engine.close(LONG);
        assertThat(report.failure()).isInstanceOf(OutOfMemoryError.class);
        assertThat(journal.outcomes(Outcome.Failed.class)).isEmpty();

        CompletesAsTold next = new CompletesAsTold();
        // With BLOCKING the start itself waits for the end.
        next.completeAtOnce();
        start(async(next).retryOrder(order));
        next.awaitCount(1);
    }
}
