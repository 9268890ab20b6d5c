package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.engine.error.SubscriptionRefusedException;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.retry.WaitingOverflow;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.stats.EngineState;
import io.ringbus.engine.support.Background;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.FailsAsTold;
import io.ringbus.engine.support.FailsFirstAttempts;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.ManualClock;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.RecordingHandler;
import io.ringbus.engine.support.RecordingHandler.Delivered;
import io.ringbus.engine.support.Trade;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Retries of rebuilding subscriptions: blocking or none, and the same state after each replay. */
class RebuildRetryTest {

    private static final RetryPolicy AFTER_A_MINUTE = RetryPolicy.exponential(Duration.ofMinutes(1)).factor(1).jitter(0)
            .maxAttempts(3);

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final ManualClock clock = new ManualClock();
    private ListJournal journal = new ListJournal();

    private EventEngine make(EventHandler<Numbered> handler, RetryPolicy policy) {
        EventEngine engine = engines.make(new EventEngineConfig().clock(clock).journal(journal));
        engine.subscribe(all("rebuilding", handler).startAt(null).recovery(RecoveryMode.REBUILD).retry(policy)
                .retryOrder(RetryOrder.BLOCKING));
        return engine;
    }

    private static CompletableFuture<RecoveryReport> startInBackground(EventEngine engine) {
        return Background.call(engine::start);
    }

    private void awaitFailures(int failures) {
        Eventually.until(failures + " failures are noted", () -> journal.failures().size() == failures);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGoOnAtItsAttemptAndTimeWhenTheReplayComesToIt(boolean crash) throws Exception {
        EventEngine first = make(new FailsAsTold(2L), AFTER_A_MINUTE);
        first.start();
        first.publishAll(List.of(Trade.of(1), Trade.of(2), Trade.of(3)));
        awaitFailures(1);
        if (crash) {
            journal = journal.afterCrashAt(journal.documentCount());
        }
        CloseReport report = first.close(LONG);
        assertThat(report.drained()).isTrue();

        FailsAsTold again = new FailsAsTold(2L);
        EventEngine second = make(again, AFTER_A_MINUTE);
        clock.advance(Duration.ofMinutes(1).minusNanos(1));
        CompletableFuture<RecoveryReport> started = startInBackground(second);
        again.awaitCount(1);
        clock.advance(Duration.ofNanos(1));
        awaitFailures(2);
        again.mend(2);
        clock.advance(Duration.ofMinutes(1));
        started.get(60, TimeUnit.SECONDS);

        assertThat(again.ids()).containsExactly(1L, 2L, 2L, 3L);
        assertThat(again.attempts()).containsExactly(1, 2, 3, 1);
        assertThat(again.deliveries()).allMatch(Delivered::replaying);
        assertThat(second.statistics().retries().pending()).isZero();
        assertThat(second.publish(Trade.of(4))).isPositive();
        again.awaitCount(5);
        assertThat(again.deliveries().get(4).replaying()).isFalse();
    }

    @Test
    void shouldCloseWhileAReplayWaitsAndLoseNothing() throws Exception {
        EventEngine first = make(new FailsAsTold(2L), AFTER_A_MINUTE);
        first.start();
        first.publishAll(List.of(Trade.of(1), Trade.of(2), Trade.of(3)));
        awaitFailures(1);
        first.close(LONG);

        EventEngine second = make(new FailsAsTold(2L), AFTER_A_MINUTE);
        CompletableFuture<RecoveryReport> started = startInBackground(second);
        Eventually.until("it recovers", () -> second.state() == EngineState.RECOVERING);
        second.close(LONG);
        assertThat(started).failsWithin(60, TimeUnit.SECONDS);

        clock.advance(Duration.ofMinutes(1));
        RecordingHandler third = new RecordingHandler();
        make(third, AFTER_A_MINUTE).start();
        assertThat(third.ids()).containsExactly(1L, 2L, 3L);
        assertThat(third.attempts()).containsExactly(1, 2, 1);
    }

    /** What failed at first and was handled then belongs to the state: a replay that fails there has to try again too. */
    @Test
    void shouldComeToTheSameStateWhenWhatWasRecoveredFailsAgain() throws Exception {
        RetryPolicy atOnce = RetryPolicy.exponential(Duration.ZERO).maxAttempts(3);
        FailsFirstAttempts handler = new FailsFirstAttempts(1, id -> id == 2, () -> new IOException("at first"));
        EventEngine first = make(handler, atOnce);
        first.start();
        first.await(Watermark.HANDLED, first.publishAll(List.of(Trade.of(1), Trade.of(2), Trade.of(3))), LONG);
        first.close(LONG);
        List<Outcome> before = journal.outcomes();

        FailsFirstAttempts again = new FailsFirstAttempts(1, id -> id == 2, () -> new IOException("at first"));
        EventEngine second = make(again, atOnce);
        second.start();

        assertThat(again.ids()).isEqualTo(handler.ids()).containsExactly(1L, 2L, 2L, 3L);
        assertThat(again.attempts()).isEqualTo(handler.attempts());
        assertThat(again.deliveries()).allMatch(Delivered::replaying);
        assertThat(journal.outcomes().subList(before.size(), journal.outcomes().size())).as("nothing is noted twice")
                .noneMatch(outcome -> outcome instanceof Outcome.Failed || outcome instanceof Outcome.Recovered);
    }

    @Test
    void shouldNoteADeadLetterOnceAlthoughEachReplayGivesItUpAgain() throws Exception {
        RetryPolicy atOnce = RetryPolicy.exponential(Duration.ZERO).maxAttempts(2);
        EventEngine first = make(FailsFirstAttempts.always(id -> id == 2), atOnce);
        first.start();
        first.await(Watermark.HANDLED, first.publishAll(List.of(Trade.of(1), Trade.of(2), Trade.of(3))), LONG);
        first.close(LONG);

        FailsFirstAttempts again = FailsFirstAttempts.always(id -> id == 2);
        RecoveryReport report = make(again, atOnce).start();

        assertThat(again.ids()).containsExactly(1L, 2L, 2L, 3L);
        assertThat(report.deadLetters()).isOne();
        assertThat(report.findings()).anyMatch(finding -> finding.startsWith("1 replayed event(s) failed again"));
    }

    @Test
    void shouldRefuseEveryOrderThatWouldLetLaterEventsPass() {
        EventEngine engine = engines.make(new EventEngineConfig());
        SubscriptionConfig<Numbered> perAggregate = rebuilding().retryOrder(RetryOrder.PER_AGGREGATE);
        SubscriptionConfig<Numbered> free = rebuilding().retry(RetryPolicy.defaults());

        assertThatThrownBy(() -> engine.subscribe(perAggregate)).isInstanceOf(SubscriptionRefusedException.class)
                .hasMessageContaining("depend on the clock").hasMessageContaining("retryOrder=PER_AGGREGATE")
                .hasMessageContaining("subscription=x").hasMessageContaining("BLOCKING");
        assertThatThrownBy(() -> engine.subscribe(free)).isInstanceOf(SubscriptionRefusedException.class)
                .hasMessageContaining("retryOrder=FREE");
        engine.subscribe(rebuilding());
        engine.subscribe(rebuilding().name("y").retry(RetryPolicy.none()));
        engine.subscribe(rebuilding().name("z").retryOrder(RetryOrder.BLOCKING));
    }

    /** Given up while it was paused, an event would be missing in its state until a restart replays it. */
    @Test
    void shouldRefuseToGiveUpWhatWaitsForARebuildingSubscription() {
        EventEngine engine = engines.make(new EventEngineConfig());

        assertThatThrownBy(() -> engine.subscribe(rebuilding().maxWaiting(3, WaitingOverflow.DEAD_LETTER)))
                .isInstanceOf(SubscriptionRefusedException.class).hasMessageContaining("subscription=x")
                .hasMessageContaining("waitingOverflow=DEAD_LETTER").hasMessageContaining("BLOCK_STAGE");
        engine.subscribe(rebuilding().maxWaiting(3, WaitingOverflow.BLOCK_STAGE));
    }

    @Test
    void shouldRefuseThatNothingMayWait() {
        EventEngine engine = engines.make(new EventEngineConfig());

        assertThatThrownBy(() -> engine.subscribe(all("x", new RecordingHandler())
                .retryOrder(RetryOrder.PER_AGGREGATE).maxWaiting(0, WaitingOverflow.DEAD_LETTER)))
                .isInstanceOf(SubscriptionRefusedException.class).hasMessageContaining("maxWaiting=0");
    }

    private static SubscriptionConfig<Numbered> rebuilding() {
        return all("x", new RecordingHandler()).startAt(null).recovery(RecoveryMode.REBUILD);
    }
}
