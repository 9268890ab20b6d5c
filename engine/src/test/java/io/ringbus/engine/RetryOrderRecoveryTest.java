package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.retry.WaitingOverflow;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.support.Booking;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.FailsAsTold;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.ManualClock;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.RecordingHandler;
import io.ringbus.engine.support.RecordingHandler.Delivered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Retry orders from one start to the next: what waited waits again, in the same order, and attempts keep their number
 * and their time.
 */
class RetryOrderRecoveryTest {

    private static final RetryPolicy AFTER_A_MINUTE = RetryPolicy.exponential(Duration.ofMinutes(1)).factor(1).jitter(0)
            .maxAttempts(9);
    private static final long A = 1;
    private static final long B = 2;

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final ManualClock clock = new ManualClock();
    private ListJournal journal = new ListJournal();

    private EventEngine start(EventHandler<Numbered> handler) {
        EventEngine engine = engines.make(new EventEngineConfig().clock(clock).journal(journal));
        engine.register(Booking.TYPE);
        engine.subscribe(all("ordered", handler).retry(AFTER_A_MINUTE).retryOrder(RetryOrder.PER_AGGREGATE));
        engine.start();
        return engine;
    }

    private static void publish(EventEngine engine, Object... events) throws InterruptedException {
        long last = 0;
        for (Object event : events) {
            last = engine.publish(event);
        }
        engine.await(Watermark.HANDLED, last, LONG);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLetWaitWhatWaitedBeforeInTheSameOrder(boolean crash) throws Exception {
        EventEngine first = start(new FailsAsTold(1L));
        publish(first, new Booking(1, A), new Booking(2, B), new Booking(3, A), new Booking(4, A));
        if (crash) {
            journal = journal.afterCrashAt(journal.documentCount());
        }
        assertThat(first.close(LONG).pending()).isEqualTo(3);

        clock.advance(Duration.ofMinutes(1).minusNanos(1));
        FailsAsTold again = new FailsAsTold(1L);
        EventEngine second = start(again);
        publish(second, new Booking(5, A), new Booking(6, B));
        assertThat(again.ids()).as("2 is handled again only after a crash").endsWith(6L).doesNotContain(1L, 3L, 4L, 5L);
        clock.advance(Duration.ofNanos(1));
        Eventually.until("attempt 2 is noted", () -> journal.failures().size() == 2);
        if (crash) {
            journal = journal.afterCrashAt(journal.documentCount());
        }
        second.close(LONG);

        RecordingHandler third = new RecordingHandler();
        EventEngine last = start(third);
        assertThat(third.ids()).doesNotContain(1L, 3L, 4L, 5L);
        clock.advance(Duration.ofMinutes(1));
        Eventually.until("all are through", () -> last.statistics().retries().pending() == 0);
        List<Delivered> ofA = third.deliveries().stream().filter(d -> d.aggregate().equals("account/1")).toList();
        assertThat(ofA).extracting(Delivered::id).containsExactly(1L, 3L, 4L, 5L);
        assertThat(ofA).extracting(Delivered::attempt).containsExactly(3, 1, 1, 1);
    }

    /** What was handled before the failed one, and is repeated after a crash, is repeated before it. */
    @Test
    void shouldRepeatWhatCameBeforeTheFailedOneBeforeIt() throws Exception {
        EventEngine first = engines.make(new EventEngineConfig().clock(clock).journal(journal)
                .checkpointInterval(Duration.ofDays(1)));
        first.register(Booking.TYPE);
        first.subscribe(all("ordered", new FailsAsTold(2L)).retry(AFTER_A_MINUTE)
                .retryOrder(RetryOrder.PER_AGGREGATE));
        first.start();
        publish(first, new Booking(9, B));
        Eventually.until("the first checkpoint, and for long the last", () -> journal.outcomes(Outcome.Checkpoint.class)
                .stream().anyMatch(checkpoint -> checkpoint.handledThrough() == 1));
        publish(first, new Booking(1, A), new Booking(2, A), new Booking(3, A));
        journal = journal.afterCrashAt(journal.documentCount());
        first.close(LONG);

        clock.advance(Duration.ofMinutes(1));
        RecordingHandler again = new RecordingHandler();
        EventEngine second = start(again);
        Eventually.until("all are through", () -> second.statistics().retries().pending() == 0);

        assertThat(again.ids()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void shouldPutADeadLetterThatIsDrivenAgainInItsPlaceBeforeWhatIsPending() throws Exception {
        RetryPolicy policy = AFTER_A_MINUTE.notWorthRetrying(IllegalStateException.class);
        EventEngine first = engines.make(new EventEngineConfig().clock(clock).journal(journal));
        first.register(Booking.TYPE);
        first.subscribe(all("ordered", new FailsAsTold(1L)).retry(policy).retryOrder(RetryOrder.PER_AGGREGATE));
        first.start();
        publish(first, new Booking(1, A));
        assertThat(first.close(LONG).deadLetters()).isOne();
        EventEngine second = start(new FailsAsTold(2L));
        publish(second, new Booking(2, A), new Booking(3, A));
        assertThat(second.close(LONG).pending()).isEqualTo(2);
        try (JournalSession session = journal.open(List.of(Booking.TYPE), clock)) {
            session.outcomes().append(new Outcome.DrivenAgain("ordered", journal.events().get(0).sequence(),
                    clock.epochNanos(), clock.epochNanos()));
            session.outcomes().commit();
        }

        FailsAsTold again = new FailsAsTold();
        EventEngine third = start(again);
        again.awaitCount(1);
        publish(third, new Booking(4, A));
        assertThat(again.ids()).as("2 keeps its time").containsExactly(1L);
        clock.advance(Duration.ofMinutes(1));
        again.awaitCount(4);

        assertThat(again.ids()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(again.attempts()).containsExactly(1, 2, 1, 1);
    }

    /** Two failed ones of an aggregate, as a free order leaves them: the second waits for the first, and for its time. */
    @Test
    void shouldKeepTheTimeOfOneThatHasFailedItselfAndMovesUp() throws Exception {
        EventEngine first = engines.make(new EventEngineConfig().clock(clock).journal(journal));
        first.register(Booking.TYPE);
        first.subscribe(all("ordered", new FailsAsTold(1L, 2L)).retry(AFTER_A_MINUTE));
        first.start();
        publish(first, new Booking(1, A));
        clock.advance(Duration.ofSeconds(30));
        publish(first, new Booking(2, A));
        first.close(LONG);

        RecordingHandler again = new RecordingHandler();
        EventEngine second = start(again);
        clock.advance(Duration.ofSeconds(30));
        again.awaitCount(1);
        Eventually.until("1 is through", () -> second.statistics().retries().pending() == 1);
        publish(second, new Booking(3, A));
        assertThat(again.ids()).containsExactly(1L);
        clock.advance(Duration.ofSeconds(30));
        again.awaitCount(3);

        assertThat(again.ids()).containsExactly(1L, 2L, 3L);
        assertThat(again.attempts()).containsExactly(2, 2, 1);
    }

    /** Fails by id and attempt, so that each run of it would take the same way. */
    private static final class Failing extends RecordingHandler {

        static final int MAX_ATTEMPTS = 4;

        @Override
        public void onEvent(Numbered event, EventContext context) throws Exception {
            super.onEvent(event, context);
            if (fails(event.id(), context.attempt())) {
                throw new JournalException("attempt " + context.attempt() + " of " + event.id());
            }
        }

        static boolean fails(long id, int attempt) {
            return id % 3 == 0 && attempt <= id % 5 + 1;
        }
    }

    @ParameterizedTest
    @CsvSource({"PER_AGGREGATE, false", "PER_AGGREGATE, true", "BLOCKING, false", "BLOCKING, true"})
    void shouldKeepOrderAndAttemptsWhereverACrashComes(RetryOrder order, boolean fused) throws Exception {
        int events = 24;
        journal.restateEvery(7);
        Failing uninterrupted = new Failing();
        EventEngine first = startFailing(order, fused, uninterrupted);
        for (int id = 1; id <= events; id++) {
            first.publish(new Booking(id, id % 3 == 0 ? id % 2 : id % 4));
        }
        Eventually.until("all are through", () -> uninterrupted.deliveries().stream().map(Delivered::id).distinct()
                .count() == events && first.statistics().retries().pending() == 0);
        first.close(LONG);
        requireOrder(order, uninterrupted, "without a crash");
        ListJournal whole = journal;
        assertThat(whole.documentCount()).isGreaterThan(10);

        for (int survivors = 1; survivors <= whole.documentCount(); survivors++) {
            journal = whole.afterCrashAt(survivors);
            List<Outcome> before = journal.outcomes();
            Failing handler = new Failing();
            EventEngine second = startFailing(order, fused, handler);
            publish(second, new Booking(100, 1), new Booking(101, 2), new Booking(104, 0));
            Eventually.until("all are through", () -> second.statistics().retries().pending() == 0);
            CloseReport report = second.close(LONG);

            String crash = "crash after " + survivors + " documents, " + before;
            assertThat(report.pending()).as(crash).isZero();
            requireOrder(order, handler, crash);
            requireAttempts(before, handler, crash);
            requireAllSettled(before, handler, crash);
            assertThat(journal.failures().stream().map(f -> f.sequence() + "/" + f.attempt()).toList()).as(crash)
                    .doesNotHaveDuplicates();
            assertThat(journal.violations()).isEmpty();
        }
    }

    private EventEngine startFailing(RetryOrder order, boolean fused, Failing handler) {
        EventEngine engine = engines.make(new EventEngineConfig().journal(journal).fused(fused)
                .checkpointInterval(Duration.ofMillis(1)));
        engine.register(Booking.TYPE);
        engine.subscribe(all("ordered", handler).retryOrder(order).maxWaiting(3, WaitingOverflow.BLOCK_STAGE)
                .retry(RetryPolicy.exponential(Duration.ofMillis(1)).factor(1).jitter(0.5)
                        .maxAttempts(Failing.MAX_ATTEMPTS)));
        engine.start();
        return engine;
    }

    /** No attempt comes after one of a later event: of the aggregate, or of all. */
    private static void requireOrder(RetryOrder order, RecordingHandler handler, String when) {
        Map<String, List<Long>> sequences = new HashMap<>();
        handler.deliveries().forEach(d -> sequences.computeIfAbsent(order == RetryOrder.BLOCKING ? "all" : d.aggregate(),
                key -> new ArrayList<>()).add(d.sequence()));
        assertThat(sequences).as(when).allSatisfy((aggregate, of) -> assertThat(of).isSorted());
    }

    /** Attempts are counted on from what the log says, and none comes twice. */
    private static void requireAttempts(List<Outcome> before, RecordingHandler handler, String when) {
        Map<Long, Integer> made = new HashMap<>();
        before.forEach(outcome -> {
            if (outcome instanceof Outcome.Failed failed) {
                made.put(failed.sequence(), failed.attempt());
            }
        });
        handler.deliveries().forEach(d -> {
            int last = made.getOrDefault(d.sequence(), 0);
            assertThat(d.attempt()).as(d + ", " + when).isEqualTo(last + 1);
            made.put(d.sequence(), d.attempt());
        });
    }

    /** Each event that survived is handled now, or given up, or was handled before. */
    private void requireAllSettled(List<Outcome> before, RecordingHandler handler, String when) {
        long checkpoint = 0;
        Set<Long> pendingBefore = new HashSet<>();
        Set<Long> settled = new HashSet<>();
        for (Outcome outcome : before) {
            if (outcome instanceof Outcome.Checkpoint made) {
                checkpoint = Math.max(checkpoint, made.handledThrough());
            } else if (outcome instanceof Outcome.Pending pending) {
                pendingBefore.add(pending.sequence());
            } else if (outcome instanceof Outcome.Recovered recovered) {
                settled.add(recovered.sequence());
            } else if (outcome instanceof Outcome.Dead dead) {
                settled.add(dead.sequence());
            }
        }
        handler.deliveries().stream().filter(d -> !Failing.fails(d.id(), d.attempt())
                || d.attempt() == Failing.MAX_ATTEMPTS).forEach(d -> settled.add(d.sequence()));
        for (ListJournal.Entry event : journal.events()) {
            if (event.sequence() > checkpoint || pendingBefore.contains(event.sequence())) {
                assertThat(settled).as("event " + event.sequence() + ", " + when).contains(event.sequence());
            }
        }
    }
}
