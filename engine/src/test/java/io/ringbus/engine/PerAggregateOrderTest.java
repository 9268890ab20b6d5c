package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.error.TooManyWaitingException;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.retry.WaitingOverflow;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.support.Booking;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.FailsAsTold;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.ManualClock;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.RecordingHandler;
import io.ringbus.engine.support.Tick;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code RetryOrder.PER_AGGREGATE} within one run: who waits, behind whom, and who does not. */
class PerAggregateOrderTest {

    private static final RetryPolicy AFTER_A_MINUTE = RetryPolicy.exponential(Duration.ofMinutes(1)).factor(1).jitter(0)
            .maxAttempts(3);
    private static final long A = 1;
    private static final long B = 2;

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final ManualClock clock = new ManualClock();
    private final ListJournal journal = new ListJournal();
    private final FailsAsTold handler = new FailsAsTold(1L);

    private SubscriptionConfig<Numbered> ordered(EventHandler<Numbered> ofHandler) {
        return all("ordered", ofHandler).retry(AFTER_A_MINUTE).retryOrder(RetryOrder.PER_AGGREGATE);
    }

    private EventEngine start(EventEngineConfig config, SubscriptionConfig<Numbered> subscription) {
        EventEngine engine = engines.make(config.clock(clock));
        engine.register(Booking.TYPE);
        engine.subscribe(subscription);
        engine.start();
        return engine;
    }

    private EventEngine start(SubscriptionConfig<Numbered> subscription) {
        return start(new EventEngineConfig().journal(journal), subscription);
    }

    private static void publish(EventEngine engine, Object... events) throws InterruptedException {
        long last = 0;
        for (Object event : events) {
            last = engine.publish(event);
        }
        engine.await(Watermark.HANDLED, last, LONG);
    }

    private void aMinuteLater(int deliveries) {
        clock.advance(Duration.ofMinutes(1));
        handler.awaitCount(deliveries);
    }

    private static void awaitNonePending(EventEngine engine) {
        Eventually.until("nothing is pending", () -> engine.statistics().retries().pending() == 0);
    }

    @ParameterizedTest
    @CsvSource({"false, false, true", "false, true, false", "true, false, false", "true, true, true"})
    void shouldLetOthersPassWhileThoseOfTheAggregateWaitInOrder(boolean fused, boolean byText, boolean journaled)
            throws Exception {
        EventEngineConfig config = new EventEngineConfig().fused(fused).clock(clock);
        EventEngine engine = engines.make(journaled ? config.journal(journal) : config);
        engine.register(byText ? Booking.BY_TEXT : Booking.TYPE);
        RecordingHandler sameStage = new RecordingHandler();
        RecordingHandler laterStage = new RecordingHandler();
        engine.subscribe(ordered(handler));
        engine.subscribe(all("same stage", sameStage).retryOrder(RetryOrder.PER_AGGREGATE));
        engine.subscribe(all("later stage", laterStage).priority(200));
        engine.start();
        publish(engine, new Booking(1, A), new Booking(2, B), new Booking(3, A), new Note(4), new Booking(5, A));

        assertThat(handler.ids()).containsExactly(1L, 2L, 4L);
        assertThat(sameStage.ids()).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(laterStage.ids()).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(engine.statistics().retries().pending()).isEqualTo(3);

        handler.mend(1);
        aMinuteLater(6);
        awaitNonePending(engine);
        assertThat(handler.ids()).containsExactly(1L, 2L, 4L, 1L, 3L, 5L);
        assertThat(handler.attempts()).containsExactly(1, 1, 1, 2, 1, 1);
        assertThat(sameStage.count()).isEqualTo(5);
        publish(engine, new Booking(6, A));
        assertThat(handler.ids()).as("nothing is before it any more").endsWith(6L).hasSize(7);
    }

    @Test
    void shouldLetEventsWithoutAnAggregatePassEachOther() throws Exception {
        EventEngine engine = start(ordered(handler));

        publish(engine, new Note(1), new Note(2), new Booking(3, A));

        assertThat(handler.ids()).containsExactly(1L, 2L, 3L);
        handler.mend(1);
        aMinuteLater(4);
        assertThat(handler.ids()).endsWith(1L);
    }

    @Test
    void shouldGoOnWithTheNextWhenTheFirstIsGivenUp() throws Exception {
        EventEngine engine = start(ordered(handler));
        publish(engine, new Booking(1, A), new Booking(2, A), new Booking(3, A));

        aMinuteLater(2);
        Eventually.until("noted", () -> journal.outcomes(Outcome.Failed.class).size() == 2);
        aMinuteLater(5);
        awaitNonePending(engine);

        assertThat(handler.ids()).containsExactly(1L, 1L, 1L, 2L, 3L);
        assertThat(engine.deadLetters()).singleElement().satisfies(dead -> {
            assertThat(dead.event()).isEqualTo(new Booking(1, A));
            assertThat(dead.attempts()).isEqualTo(3);
        });
    }

    @Test
    void shouldLetTheRestWaitBehindAWaitingOneThatFailsItself() throws Exception {
        FailsAsTold both = new FailsAsTold(1L, 2L);
        EventEngine engine = start(ordered(both));
        publish(engine, new Booking(1, A), new Booking(2, A), new Booking(3, A));

        both.mend(1);
        clock.advance(Duration.ofMinutes(1));
        both.awaitCount(3);
        // Two are pending as soon as the first one is through, and the clock must not move before the second has failed.
        Eventually.until("noted", () -> journal.outcomes(Outcome.Failed.class).size() == 2);
        assertThat(both.ids()).containsExactly(1L, 1L, 2L);
        both.mend(2);
        clock.advance(Duration.ofMinutes(1));
        both.awaitCount(5);

        assertThat(both.ids()).containsExactly(1L, 1L, 2L, 2L, 3L);
        assertThat(both.attempts()).containsExactly(1, 2, 1, 2, 1);
    }

    @Test
    void shouldWorkOffALongBacklogInOrderWhileOthersHaveTheirTurn() throws Exception {
        EventEngine engine = start(ordered(handler));
        for (int id = 1; id <= 1_000; id++) {
            engine.publish(new Booking(id, A));
        }
        publish(engine, new Note(2_000));
        handler.mend(1);
        aMinuteLater(1_002);
        awaitNonePending(engine);

        assertThat(handler.ids().subList(2, 1_002)).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void shouldGiveUpWhatHasNoRoomToWaitWhenToldTo() throws Exception {
        EventEngine engine = start(ordered(handler).maxWaiting(2, WaitingOverflow.DEAD_LETTER));

        publish(engine, new Booking(1, A), new Booking(2, A), new Booking(3, A), new Booking(4, A), new Booking(5, B));

        assertThat(handler.ids()).containsExactly(1L, 5L);
        assertThat(engine.deadLetters()).singleElement().satisfies(dead -> {
            assertThat(dead.event()).isEqualTo(new Booking(4, A));
            assertThat(dead.attempts()).isZero();
            assertThat(dead.errorClass()).isEqualTo(TooManyWaitingException.class.getName());
            assertThat(dead.errorMessage()).contains("maxWaiting=2", "subscription=ordered");
        });
        handler.mend(1);
        aMinuteLater(5);
        awaitNonePending(engine);
        publish(engine, new Booking(6, A));
        assertThat(handler.ids()).as("there is room again").containsExactly(1L, 5L, 1L, 2L, 3L, 6L);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWaitWithTheStageWhenThereIsNoRoomToWait(boolean fused) throws Exception {
        EventEngine engine = start(new EventEngineConfig().journal(journal).fused(fused),
                ordered(handler).maxWaiting(2, WaitingOverflow.BLOCK_STAGE));
        publish(engine, new Booking(1, A), new Booking(2, A), new Booking(3, A));
        long fourth = engine.publish(new Booking(4, A));
        long fifth = engine.publish(new Booking(5, B));
        engine.await(Watermark.PUBLISHED, fifth, LONG);
        assertThat(engine.watermark(Watermark.HANDLED)).isLessThan(fourth);

        handler.mend(1);
        aMinuteLater(6);
        engine.await(Watermark.HANDLED, fifth, LONG);
        awaitNonePending(engine);

        assertThat(handler.ids()).containsExactly(1L, 1L, 2L, 3L, 4L, 5L);
        assertThat(journal.outcomes(Outcome.Waiting.class)).hasSize(2);
    }

    @Test
    void shouldCloseWhileTheStageWaitsForRoomAndKeepTheOrder() throws Exception {
        EventEngine engine = start(ordered(handler).maxWaiting(1, WaitingOverflow.BLOCK_STAGE));
        publish(engine, new Booking(1, A), new Booking(2, A));
        engine.publishAll(List.of(new Booking(3, A), new Booking(4, B), new Booking(5, A)));

        CloseReport report = engine.close(LONG);

        assertThat(report.drained()).isTrue();
        assertThat(report.pending()).isEqualTo(4);
        assertThat(handler.ids()).as("another aggregate is drained").containsExactly(1L, 4L);
        clock.advance(Duration.ofMinutes(1));
        RecordingHandler next = new RecordingHandler();
        start(ordered(next));
        next.awaitCount(4);
        assertThat(next.ids()).containsExactly(1L, 2L, 3L, 5L);
        assertThat(next.attempts()).containsExactly(2, 1, 1, 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLetTheNextWaitBehindOneThatTheEndOfItsBatchFailed(boolean fused) throws Exception {
        FailsAsTold batches = new FailsAsTold().failingBatchEnd();
        EventEngine engine = start(new EventEngineConfig().journal(journal).fused(fused), ordered(batches));
        publish(engine, new Booking(1, A));
        publish(engine, new Booking(2, A), new Booking(3, B));
        assertThat(batches.ids()).containsExactly(1L, 3L);

        clock.advance(Duration.ofMinutes(1));
        batches.awaitCount(4);

        assertThat(batches.ids()).containsExactly(1L, 3L, 1L, 2L);
        assertThat(batches.attempts()).containsExactly(1, 1, 2, 1);
    }

    @Test
    void shouldNameTheRightEventWhenABatchEndFailsBesideAnotherSubscription() throws Exception {
        FailsAsTold neighbour = new FailsAsTold(2L);
        EventEngine engine = engines.make(new EventEngineConfig().clock(clock).journal(journal));
        engine.register(Booking.TYPE);
        engine.subscribe(ordered(handler));
        engine.subscribe(all("neighbour", neighbour).retry(AFTER_A_MINUTE).retryOrder(RetryOrder.PER_AGGREGATE));
        engine.start();
        publish(engine, new Booking(1, A), new Booking(2, B));
        handler.mend(1);
        handler.failingBatchEnd();
        aMinuteLater(3);
        neighbour.awaitCount(3);

        Eventually.until("the end of the batch", () -> journal.outcomes(Outcome.Failed.class).stream()
                .anyMatch(f -> f.subscription().equals("ordered") && f.attempt() == 2));
        assertThat(journal.outcomes(Outcome.Failed.class)).filteredOn(f -> f.subscription().equals("ordered"))
                .extracting(Outcome.Failed::sequence).containsExactly(1L, 1L);
    }

    @Test
    void shouldNotLetAnEventOvertakeBecauseItsFilterThrows() throws Exception {
        AtomicInteger throwing = new AtomicInteger(2);
        EventEngine engine = start(ordered(handler).filter(event -> {
            if (event.id() == 3 && throwing.getAndDecrement() > 0) {
                throw new IllegalStateException("no answer");
            }
            return event.id() != 4;
        }));
        publish(engine, new Booking(1, A), new Booking(2, A), new Booking(3, A), new Booking(4, A), new Booking(5, A));
        assertThat(engine.statistics().retries().pending()).as("4 is not wanted").isEqualTo(4);

        handler.mend(1);
        aMinuteLater(3);
        Eventually.until("3 has failed in its filter", () -> journal.outcomes(Outcome.Failed.class).size() == 2);
        aMinuteLater(5);

        assertThat(handler.ids()).containsExactly(1L, 1L, 2L, 3L, 5L);
        assertThat(handler.attempts()).containsExactly(1, 2, 1, 2, 1);
    }

    @Test
    void shouldKeepACopyOfAPreallocatedEventThatWaits() throws Exception {
        EventEngine engine = new EventEngine(new EventEngineConfig().ringSize(2).clock(clock));
        EventType<Tick> ticks = engine.register(Tick.TYPE.aggregate("all", tick -> 1));
        engine.subscribe(ordered(handler));
        engine.start();
        long last = 0;
        for (int i = 1; i <= 10; i++) {
            long id = i;
            last = engine.publish(ticks, tick -> tick.id = id);
        }
        engine.await(Watermark.HANDLED, last, LONG);
        handler.mend(1);
        aMinuteLater(11);

        assertThat(handler.ids()).containsExactly(1L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
        assertThat(engine.close(LONG).drained()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(value = RecoveryMode.class, names = {"RESUME", "LIVE"})
    void shouldDeliverNothingThatWaitsAfterUnsubscribing(RecoveryMode mode) throws Exception {
        RecordingHandler other = new RecordingHandler();
        EventEngine engine = engines.make(new EventEngineConfig().clock(clock).journal(journal));
        engine.register(Booking.TYPE);
        Subscription subscription = engine.subscribe(ordered(handler).startAt(null).recovery(mode));
        engine.subscribe(all("other", other).retry(AFTER_A_MINUTE));
        engine.start();
        publish(engine, new Booking(1, A), new Booking(2, A));
        subscription.unsubscribe();
        clock.advance(Duration.ofMinutes(1));
        publish(engine, new Booking(3, A));

        assertThat(other.ids()).containsExactly(1L, 2L, 3L);
        assertThat(engine.close(LONG).pendingBySubscription()).containsEntry("ordered", 2);
        assertThat(handler.ids()).containsExactly(1L);
    }
}
