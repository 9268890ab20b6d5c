package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.FailsAsTold;
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
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code RetryOrder.BLOCKING} within one run: the stage waits, the stages before it and closing do not. */
class BlockingOrderTest {

    private static final RetryPolicy AFTER_A_MINUTE = RetryPolicy.exponential(Duration.ofMinutes(1)).factor(1).jitter(0)
            .maxAttempts(3);

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final ManualClock clock = new ManualClock();
    private final ListJournal journal = new ListJournal();
    private final FailsAsTold handler = new FailsAsTold(2L);
    private final RecordingHandler sameStage = new RecordingHandler();

    private SubscriptionConfig<Numbered> blocking(EventHandler<Numbered> ofHandler) {
        return all("blocking", ofHandler).retry(AFTER_A_MINUTE).retryOrder(RetryOrder.BLOCKING);
    }

    private EventEngine start(boolean fused, SubscriptionConfig<Numbered> subscription) {
        EventEngine engine = engines.make(new EventEngineConfig().clock(clock).journal(journal).fused(fused));
        engine.subscribe(subscription);
        engine.subscribe(all("same stage", sameStage));
        engine.start();
        return engine;
    }

    private long awaitFailure(int failures) {
        Eventually.until(failures + " failures are noted", () -> journal.failures().size() == failures);
        return journal.failures().get(failures - 1).dueAt();
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void shouldWaitWithTheStageUntilTheFailedOneIsThrough(boolean fused, boolean journaled) throws Exception {
        RecordingHandler before = new RecordingHandler();
        RecordingHandler after = new RecordingHandler();
        EventEngineConfig config = new EventEngineConfig().clock(clock).fused(fused);
        EventEngine engine = engines.make(journaled ? config.journal(journal) : config);
        engine.subscribe(all("before", before).priority(50));
        engine.subscribe(blocking(handler));
        engine.subscribe(all("after", after).priority(200));
        engine.start();
        long first = engine.publish(Trade.of(1));
        engine.await(Watermark.HANDLED, first, LONG);
        engine.publish(Trade.of(2));
        long last = engine.publish(Trade.of(3));
        Eventually.until("2 is pending", () -> engine.statistics().retries().pending() == 1);
        if (!fused) {
            before.awaitCount(3);
        }
        assertThat(after.ids()).containsExactly(1L);

        handler.mend(2);
        clock.advance(Duration.ofMinutes(1));
        engine.await(Watermark.HANDLED, last, LONG);

        assertThat(handler.ids()).containsExactly(1L, 2L, 2L, 3L);
        assertThat(handler.attempts()).containsExactly(1, 1, 2, 1);
        assertThat(after.ids()).containsExactly(1L, 2L, 3L);
        assertThat(engine.statistics().retries().pending()).isZero();
    }

    /** What a batch has done before does not wait with the stage, not even for the handled watermark. */
    @Test
    void shouldLetGoOfWhatWasDoneBeforeInTheSameBatch() throws Exception {
        EventEngine engine = start(false, blocking(handler));

        long last = engine.publishAll(List.of(Trade.of(1), Trade.of(2), Trade.of(3)));
        engine.await(Watermark.HANDLED, last - 2, LONG);
        awaitFailure(1);

        assertThat(handler.ids()).containsExactly(1L, 2L);
        assertThat(handler.calls()).as("the batch ends before the wait").containsSequence("event 2", "batch end");
        assertThat(sameStage.ids()).doesNotContain(3L);
        assertThat(engine.watermark(Watermark.HANDLED)).isEqualTo(last - 2);
    }

    @Test
    void shouldGoOnWhenTheFailedOneIsGivenUp() throws Exception {
        EventEngine engine = start(false, blocking(handler));
        long last = engine.publishAll(List.of(Trade.of(1), Trade.of(2), Trade.of(3)));
        awaitFailure(1);
        clock.advance(Duration.ofMinutes(1));
        awaitFailure(2);
        clock.advance(Duration.ofMinutes(1));
        engine.await(Watermark.HANDLED, last, LONG);

        assertThat(handler.ids()).containsExactly(1L, 2L, 2L, 2L, 3L);
        assertThat(engine.deadLetters()).singleElement().satisfies(dead -> assertThat(dead.attempts()).isEqualTo(3));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCloseWhileItWaitsAndGoOnWhereItWas(boolean fused) throws Exception {
        EventEngine first = start(fused, blocking(handler));
        long last = first.publishAll(List.of(Trade.of(1), Trade.of(2), Trade.of(3), new Note(4)));
        long dueAt = awaitFailure(1);

        // The clock stands still: only the close can end the wait.
        CloseReport report = first.close(LONG);

        assertThat(report.drained()).isTrue();
        assertThat(report.handledThrough()).isGreaterThanOrEqualTo(last);
        assertThat(report.pending()).isEqualTo(3);
        assertThat(report.pendingBySubscription()).containsExactly(Map.entry("blocking", 3));
        assertThat(handler.ids()).containsExactly(1L, 2L);
        assertThat(sameStage.ids()).containsExactly(1L, 2L, 3L, 4L);

        FailsAsTold again = new FailsAsTold(2L);
        EventEngine second = start(fused, blocking(again));
        clock.advance(Duration.ofNanos(dueAt - clock.epochNanos() - 1));
        second.publish(Trade.of(5));
        sameStage.awaitCount(5);
        assertThat(again.count()).as("one nanosecond too early").isZero();
        clock.advance(Duration.ofNanos(1));
        assertThat(awaitFailure(2)).isEqualTo(dueAt + Duration.ofMinutes(1).toNanos());
        again.mend(2);
        clock.advance(Duration.ofMinutes(1));
        again.awaitCount(5);

        assertThat(again.ids()).containsExactly(2L, 2L, 3L, 4L, 5L);
        assertThat(again.attempts()).containsExactly(2, 3, 1, 1, 1);
        assertThat(again.deliveries()).extracting(RecordingHandler.Delivered::timestamp)
                .startsWith(ManualClock.START, ManualClock.START, ManualClock.START, ManualClock.START);
    }

    /** Nothing is published: then the timer is what wakes the stage. */
    @Test
    void shouldGoOnByItselfAfterARestart() throws Exception {
        EventEngine first = start(false, blocking(handler));
        first.publishAll(List.of(Trade.of(1), Trade.of(2), Trade.of(3)));
        awaitFailure(1);
        first.close(LONG);

        RecordingHandler again = new RecordingHandler();
        EventEngine second = start(false, blocking(again));
        clock.advance(Duration.ofMinutes(1));
        again.awaitCount(2);

        assertThat(again.ids()).containsExactly(2L, 3L);
        Eventually.until("recovered", () -> second.statistics().retries().pending() == 0);
    }

    @Test
    void shouldCloseAlthoughAHandlerFailsAtOnceForEver() throws Exception {
        EventEngine engine = start(false, blocking(handler).retry(RetryPolicy.exponential(Duration.ZERO)
                .maxAttempts(Integer.MAX_VALUE)));
        journal.dropsFailures(true);
        engine.publish(Trade.of(2));
        engine.publish(Trade.of(3));
        handler.awaitCount(10);

        CloseReport report = engine.close(LONG);

        assertThat(report.drained()).isTrue();
        assertThat(report.pending()).isEqualTo(2);
        assertThat(handler.ids()).containsOnly(2L);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTryTheLastOfABatchAgainWhoseEndFailed(boolean fused) throws Exception {
        handler.mend(2);
        EventEngine engine = start(fused, blocking(handler.failingBatchEnd()));
        long last = engine.publishAll(List.of(Trade.of(1), Trade.of(2)));
        awaitFailure(1);
        int given = handler.count();
        long next = engine.publish(Trade.of(3));
        clock.advance(Duration.ofMinutes(1));
        engine.await(Watermark.HANDLED, next, LONG);

        assertThat(handler.count()).isEqualTo(4);
        assertThat(handler.attempts().get(given)).isEqualTo(2);
        assertThat(handler.ids()).isSorted().endsWith(3L);
        assertThat(journal.outcomes(Outcome.Recovered.class)).hasSize(1);
        assertThat(last).isLessThan(next);
    }

    @Test
    void shouldTryAgainWhatItsFilterFailed() throws Exception {
        handler.mend(2);
        AtomicInteger throwing = new AtomicInteger(2);
        EventEngine engine = start(false, blocking(handler).filter(event -> {
            if (event.id() == 2 && throwing.getAndDecrement() > 0) {
                throw new IllegalStateException("no answer");
            }
            return true;
        }));
        long last = engine.publishAll(List.of(Trade.of(1), Trade.of(2), Trade.of(3)));
        awaitFailure(1);
        clock.advance(Duration.ofMinutes(1));
        awaitFailure(2);
        clock.advance(Duration.ofMinutes(1));
        engine.await(Watermark.HANDLED, last, LONG);

        assertThat(handler.ids()).containsExactly(1L, 2L, 3L);
        assertThat(handler.attempts()).containsExactly(1, 3, 1);
    }

    @Test
    void shouldKeepACopyOfAPreallocatedEvent() throws Exception {
        EventEngine engine = start(false, blocking(handler));
        EventType<Tick> ticks = Tick.TYPE;
        long last = 0;
        for (int i = 1; i <= 5; i++) {
            long id = i;
            last = engine.publish(ticks, tick -> tick.id = id);
        }
        awaitFailure(1);
        handler.mend(2);
        clock.advance(Duration.ofMinutes(1));
        engine.await(Watermark.HANDLED, last, LONG);

        assertThat(handler.ids()).containsExactly(1L, 2L, 2L, 3L, 4L, 5L);
    }

    @ParameterizedTest
    @EnumSource(value = RecoveryMode.class, names = {"RESUME", "LIVE"})
    void shouldFreeTheStageWhenUnsubscribedWhileItWaits(RecoveryMode mode) throws Exception {
        EventEngine engine = engines.make(new EventEngineConfig().clock(clock).journal(journal));
        Subscription subscription = engine.subscribe(blocking(handler).startAt(null).recovery(mode));
        engine.subscribe(all("same stage", sameStage));
        engine.start();
        long last = engine.publishAll(List.of(Trade.of(1), Trade.of(2), Trade.of(3)));
        awaitFailure(1);

        subscription.unsubscribe();
        engine.await(Watermark.HANDLED, last, LONG);

        assertThat(handler.ids()).containsExactly(1L, 2L);
        assertThat(sameStage.ids()).containsExactly(1L, 2L, 3L);
        assertThat(engine.statistics().retries().pending()).as("2, and 3, which came before it left").isEqualTo(2);
    }

    @Test
    void shouldLetTwoOfOneStageWaitInTurn() throws Exception {
        FailsAsTold other = new FailsAsTold(2L, 3L);
        EventEngine engine = start(false, blocking(handler));
        engine.close(LONG);
        EventEngine both = engines.make(new EventEngineConfig().clock(clock).journal(journal));
        both.subscribe(blocking(handler));
        both.subscribe(blocking(other).name("other"));
        both.start();
        long last = both.publishAll(List.of(Trade.of(1), Trade.of(2), Trade.of(3), Trade.of(4)));
        awaitFailure(2);
        handler.mend(2);
        other.mend(2);
        clock.advance(Duration.ofMinutes(1));
        awaitFailure(3);
        other.mend(3);
        clock.advance(Duration.ofMinutes(1));
        both.await(Watermark.HANDLED, last, LONG);

        assertThat(handler.ids()).containsExactly(1L, 2L, 2L, 3L, 4L);
        assertThat(other.ids()).containsExactly(1L, 2L, 2L, 3L, 3L, 4L);
    }
}
