package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.event.EventType;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.retry.DeadLetter;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.FailsFirstAttempts;
import io.ringbus.engine.support.Gate;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.ManualClock;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.RecordingHandler;
import io.ringbus.engine.support.RecordingHandler.Delivered;
import io.ringbus.engine.support.Tick;
import io.ringbus.engine.support.Trade;
import io.ringbus.engine.support.WaitsAtGate;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Failed deliveries: when they come again, to whom, and what becomes of them in the end. */
class RedeliveryTest {

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final ManualClock clock = new ManualClock();
    private final ListJournal journal = new ListJournal();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRedeliverOnTimeAndNotBefore(boolean fused) throws Exception {
        FailsFirstAttempts failing = new FailsFirstAttempts(3);
        EventEngine engine = engines.make(new EventEngineConfig().fused(fused).clock(clock).journal(journal));
        engine.subscribe(all("failing", failing).filter(event -> event instanceof Trade)
                .retry(RetryPolicy.exponential(Duration.ofMillis(100)).factor(3).maxDelay(Duration.ofMillis(500))
                        .jitter(0)));
        FailsFirstAttempts marker = new FailsFirstAttempts(1);
        engine.subscribe(all("marker", marker).filter(event -> event instanceof Note)
                .retry(RetryPolicy.exponential(Duration.ZERO)));
        engine.start();
        engine.await(Watermark.HANDLED, engine.publish(Trade.of(1)), LONG);

        long[] delays = {100, 300, 500};
        for (int attempt = 1; attempt <= 3; attempt++) {
            Outcome.Failed failed = awaitFailure(attempt);
            assertThat(failed.dueAt()).isEqualTo(clock.epochNanos() + delays[attempt - 1] * 1_000_000L);
            assertThat(failed.failedAt()).isEqualTo(clock.epochNanos());
            assertThat(failed.firstFailedAt()).isEqualTo(ManualClock.START);
            clock.advance(Duration.ofMillis(delays[attempt - 1]).minusNanos(1));
            letTheTimerLook(engine, marker);
            assertThat(failing.count()).as("one nanosecond too early").isEqualTo(attempt);
            clock.advance(Duration.ofNanos(1));
            failing.awaitCount(attempt + 1);
        }

        Eventually.until("recovered, and noted", () -> journal.outcomes(Outcome.Recovered.class).size() == 4);
        assertThat(failing.attempts()).containsExactly(1, 2, 3, 4);
        assertThat(failing.deliveries()).extracting(Delivered::timestamp).containsOnly(ManualClock.START);
        assertThat(failing.deliveries()).extracting(Delivered::aggregate).containsOnly("account/1");
        assertThat(journal.outcomes(Outcome.Recovered.class)).filteredOn(r -> r.subscription().equals("failing"))
                .singleElement().satisfies(r -> {
                    assertThat(r.attempt()).isEqualTo(4);
                    assertThat(r.sequence()).isOne();
                });
        assertThat(engine.statistics().retries().pending()).isZero();
        assertThat(engine.deadLetters()).isEmpty();
    }

    /** The failure is noted behind the handler, so it may take a moment. */
    private Outcome.Failed awaitFailure(int attempt) {
        Eventually.until("the failure of attempt " + attempt + " is noted", () -> failures().size() == attempt);
        return failures().get(attempt - 1);
    }

    private List<Outcome.Failed> failures() {
        return journal.outcomes(Outcome.Failed.class).stream().filter(f -> f.subscription().equals("failing")).toList();
    }

    /** A redelivery that is due at once shows that the timer has looked at what is due now. */
    private static void letTheTimerLook(EventEngine engine, FailsFirstAttempts marker) {
        int before = marker.count();
        engine.publish(new Note(1));
        marker.awaitCount(before + 2);
    }

    @Test
    void shouldRedeliverOnlyToTheFailedSubscription() throws Exception {
        FailsFirstAttempts failing = new FailsFirstAttempts(2, id -> id % 2 == 0, () -> new IOException("not now"));
        RecordingHandler sameStage = new RecordingHandler();
        RecordingHandler laterStage = new RecordingHandler();
        EventEngine engine = engines.make(new EventEngineConfig());
        engine.subscribe(all("failing", failing).retry(RetryPolicy.exponential(Duration.ZERO)));
        engine.subscribe(all("same", sameStage));
        engine.subscribe(all("later", laterStage).priority(200));
        engine.start();
        for (int i = 1; i <= 10; i++) {
            engine.publish(i % 3 == 0 ? Trade.of(i) : new Note(i));
        }
        Eventually.until("recovered", () -> engine.statistics().retries().recovered() == 5
                && engine.statistics().retries().redelivered() == 10);
        laterStage.awaitCount(10);

        assertThat(failing.count()).isEqualTo(20);
        assertThat(sameStage.ids()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
        assertThat(laterStage.ids()).isEqualTo(sameStage.ids());
    }

    @Test
    void shouldRedeliverAPreallocatedEventAsItWas() throws Exception {
        FailsFirstAttempts failing = new FailsFirstAttempts(1, id -> id == 1, () -> new IOException("not now"));
        EventEngine engine = engines.make(new EventEngineConfig().ringSize(2).clock(clock));
        engine.subscribe(all("failing", failing).retry(RetryPolicy.exponential(Duration.ofMillis(1)).jitter(0)));
        engine.start();
        long last = 0;
        for (int i = 1; i <= 10; i++) {
            long id = i;
            last = engine.publish(Tick.TYPE, tick -> tick.id = id);
        }
        engine.await(Watermark.HANDLED, last, LONG);
        clock.advance(Duration.ofMillis(1));
        failing.awaitCount(11);

        assertThat(failing.ids()).endsWith(1L);
        assertThat(failing.deliveries().get(10).aggregate()).isEqualTo("tick/1");
    }

    /** The copier is the user's, and runs where a failure is noted: it must not take the engine down. */
    @Test
    void shouldGiveUpADeliveryWhoseEventCannotBeCopied() throws Exception {
        EventEngine engine = new EventEngine(new EventEngineConfig().journal(journal));
        EventType<Tick> uncopyable = engine.register(Tick.TYPE.preallocated(Tick::new, (from, to) -> {
            throw new IllegalStateException("no copy");
        }));
        RecordingHandler next = new RecordingHandler();
        engine.subscribe(all("failing", new FailsFirstAttempts(1, id -> id == 1, () -> new IOException("not now"))));
        engine.subscribe(all("next", next).priority(200));
        engine.start();
        engine.publish(uncopyable, tick -> tick.id = 1);
        engine.await(Watermark.HANDLED, engine.publish(uncopyable, tick -> tick.id = 2), LONG);

        assertThat(next.ids()).containsExactly(1L, 2L);
        assertThat(engine.deadLetters()).singleElement().satisfies(dead -> {
            assertThat(dead.sequence()).isOne();
            assertThat(dead.event()).isNull();
            assertThat(dead.errorMessage()).contains("not now").contains("no copy");
        });
        assertThat(engine.close(LONG).failure()).isNull();
    }

    @Test
    void shouldMakeADeadLetterOfWhatIsGivenUp() throws Exception {
        FailsFirstAttempts failing = FailsFirstAttempts.always(id -> id == 1);
        EventEngine engine = engines.make(new EventEngineConfig().clock(clock).journal(journal));
        engine.subscribe(all("failing", failing).retry(RetryPolicy.exponential(Duration.ofSeconds(1)).jitter(0)
                .maxAttempts(2)));
        engine.start();
        long sequence = engine.publish(Trade.of(1));
        engine.await(Watermark.HANDLED, sequence, LONG);
        assertThat(engine.statistics().retries().pending()).isOne();
        clock.advance(Duration.ofSeconds(3));
        Eventually.until("dead", () -> engine.statistics().retries().deadLetters() == 1
                && engine.statistics().retries().pending() == 0 && engine.statistics().retries().redelivered() == 1);

        assertThat(engine.deadLetters()).containsExactly(new DeadLetter("failing", sequence, "trade",
                "account", 1, null, Trade.of(1), "java.lang.IllegalStateException", "never", 2, at(Duration.ZERO), at(Duration.ofSeconds(3))));
        assertThat(engine.statistics().retries().pending()).isZero();
        assertThat(engine.statistics().retries().meanLatenessNanos()).isEqualTo(Duration.ofSeconds(2).toNanos());
        assertThat(engine.statistics().retries().maxLatenessNanos()).isEqualTo(Duration.ofSeconds(2).toNanos());
    }

    private static Instant at(Duration sinceStart) {
        return Instant.ofEpochSecond(0, ManualClock.START).plus(sinceStart);
    }

    @Test
    void shouldGiveUpAtOnceWhatIsNotWorthRetrying() throws Exception {
        FailsFirstAttempts failing = new FailsFirstAttempts(9, id -> true, () -> new IOException("gone"));
        EventEngine engine = engines.make(new EventEngineConfig());
        engine.subscribe(all("failing", failing).retry(RetryPolicy.defaults().notWorthRetrying(IOException.class)));
        engine.start();

        engine.await(Watermark.HANDLED, engine.publish(Trade.of(1)), LONG);

        assertThat(engine.deadLetters()).singleElement().satisfies(dead -> assertThat(dead.attempts()).isOne());
    }

    @Test
    void shouldNeverRetryARebuildingSubscription() throws Exception {
        FailsFirstAttempts failing = new FailsFirstAttempts(1);
        EventEngine engine = engines.make(new EventEngineConfig());
        engine.subscribe(all("rebuilding", failing).startAt(null).recovery(RecoveryMode.REBUILD));
        engine.start();

        engine.await(Watermark.HANDLED, engine.publish(Trade.of(1)), LONG);

        assertThat(engine.deadLetters()).hasSize(1);
        assertThat(engine.statistics().retries().pending()).isZero();
    }

    @Test
    void shouldHoldTheNewestDeadLettersAndCountAll() throws Exception {
        EventEngine engine = engines.make(new EventEngineConfig().deadLettersInMemory(3).journal(journal));
        engine.subscribe(all("failing", FailsFirstAttempts.always(id -> true)).retry(RetryPolicy.none()));
        engine.start();
        List<Long> sequences = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            sequences.add(engine.publish(Trade.of(i)));
        }
        engine.await(Watermark.HANDLED, sequences.get(9), LONG);

        assertThat(engine.deadLetters()).extracting(DeadLetter::event)
                .containsExactly(Trade.of(8), Trade.of(9), Trade.of(10));
        assertThat(engine.statistics().retries().deadLetters()).isEqualTo(10);
        assertThat(engine.close(LONG).deadLetters()).isEqualTo(10);
        assertThat(journal.outcomes(Outcome.Dead.class)).extracting(Outcome.Dead::sequence).as("complete on disk")
                .startsWith(sequences.toArray(Long[]::new));
    }

    @Test
    void shouldKeepDeadLettersAcrossRestartsUntilTheyAreCleared() throws Exception {
        EventEngine first = withDeadLetters();
        assertThat(first.close(LONG).deadLetters()).isEqualTo(5);

        EventEngine second = engines.make(new EventEngineConfig().deadLettersInMemory(3).journal(journal));
        second.subscribe(all("failing", new RecordingHandler()));
        assertThat(second.start().deadLetters()).isEqualTo(5);
        assertThat(second.deadLetters()).extracting(DeadLetter::event)
                .containsExactly(Trade.of(3), Trade.of(4), Trade.of(5));
        assertThat(second.clearDeadLetters()).isEqualTo(5);
        assertThat(second.deadLetters()).isEmpty();
        assertThat(second.clearDeadLetters()).isZero();
        second.close(LONG);

        EventEngine third = engines.make(new EventEngineConfig().journal(journal));
        third.subscribe(all("failing", new RecordingHandler()));
        assertThat(third.start().deadLetters()).isZero();
    }

    @Test
    void shouldHaveClearedDeadLettersForGoodWhenTheCallReturns() throws Exception {
        EventEngine engine = withDeadLetters();

        engine.clearDeadLetters();
        ListJournal afterCrash = journal.afterCrashAt(journal.documentCount());

        EventEngine next = engines.make(new EventEngineConfig().journal(afterCrash));
        next.subscribe(all("failing", new RecordingHandler()));
        assertThat(next.start().deadLetters()).isZero();
    }

    private EventEngine withDeadLetters() throws InterruptedException {
        EventEngine engine = engines.make(new EventEngineConfig().deadLettersInMemory(3).journal(journal));
        engine.subscribe(all("failing", FailsFirstAttempts.always(id -> true)).retry(RetryPolicy.none()));
        engine.start();
        long last = 0;
        for (int i = 1; i <= 5; i++) {
            last = engine.publish(Trade.of(i));
        }
        engine.await(Watermark.HANDLED, last, LONG);
        return engine;
    }

    @Test
    void shouldMakeARetryLateWhenTheRingIsFullAndNeverLoseIt() throws Exception {
        Gate gate = engines.gate();
        FailsFirstAttempts failing = new FailsFirstAttempts(1, id -> id == 1, () -> new IOException("not now"));
        WaitsAtGate waiting = WaitsAtGate.of(gate);
        EventEngine engine = engines.make(new EventEngineConfig().ringSize(2).clock(clock));
        engine.subscribe(all("failing", failing).retry(RetryPolicy.exponential(Duration.ofSeconds(1)).jitter(0)));
        engine.subscribe(all("waiting", waiting).priority(200).filter(event -> event.id() > 1));
        engine.start();
        engine.await(Watermark.HANDLED, engine.publish(Trade.of(1)), LONG);
        engine.publish(Trade.of(2));
        Eventually.until("the ring is full", () -> engine.tryPublish(Trade.of(3)) == EventEngine.RING_FULL);
        int before = failing.count();
        clock.advance(Duration.ofSeconds(5));
        waiting.awaitCount(1);
        assertThat(failing.attempts()).doesNotContain(2);

        gate.open();
        Eventually.until("recovered", () -> engine.statistics().retries().recovered() == 1
                && engine.statistics().retries().redelivered() == 1);

        assertThat(failing.count()).isGreaterThan(before);
        assertThat(failing.attempts()).containsOnlyOnce(2);
        // Counted by the timer's thread after the redelivery is in the ring, so perhaps behind its success.
        Eventually.until("four seconds late",
                () -> engine.statistics().retries().maxLatenessNanos() == Duration.ofSeconds(4).toNanos());
    }

    @Test
    void shouldKeepPendingDeliveriesOfACancelledSubscription() throws Exception {
        FailsFirstAttempts failing = new FailsFirstAttempts(1);
        EventEngine engine = engines.make(new EventEngineConfig().clock(clock).journal(journal));
        Subscription subscription = engine.subscribe(all("failing", failing)
                .retry(RetryPolicy.exponential(Duration.ofSeconds(1))));
        RecordingHandler other = new RecordingHandler();
        engine.subscribe(all("other", other));
        engine.start();
        engine.await(Watermark.HANDLED, engine.publish(Trade.of(1)), LONG);
        assertThat(subscription.isActive()).isTrue();

        subscription.unsubscribe();
        subscription.unsubscribe();
        engine.await(Watermark.HANDLED, engine.publish(Trade.of(2)), LONG);
        clock.advance(Duration.ofHours(1));

        assertThat(subscription.isActive()).isFalse();
        assertThat(engine.close(LONG).pending()).isOne();
        assertThat(failing.ids()).containsExactly(1L);
        assertThat(other.ids()).containsExactly(1L, 2L);
        assertThat(journal.outcomes(Outcome.Unsubscribed.class)).extracting(Outcome.Unsubscribed::subscription)
                .contains("failing");
    }
}
