package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.retry.DeadLetterQuery;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.FailsUntilMended;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.ManualClock;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.Payment;
import io.ringbus.engine.support.RecordingHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The order in which letters come that are driven again, and what waits behind them. */
class DeadLetterOrderTest {

    private static final DeadLetterQuery ALL = DeadLetterQuery.all();
    private static final RetryPolicy TWICE = RetryPolicy.exponential(Duration.ofSeconds(1)).jitter(0).maxAttempts(2);

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final ManualClock clock = new ManualClock();
    private final ListJournal journal = new ListJournal();

    /** Events of ann have odd ids, those of bob even ones. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKeepTheOrderOfAnAggregateWhenTheFirstOfItsLettersFailsOnceMore(boolean fused) throws Exception {
        FailsUntilMended handler = new FailsUntilMended();
        EventEngine engine = start(journal, handler, RetryOrder.PER_AGGREGATE, fused);
        leaveLetters(engine, 6);
        int before = handler.count();
        handler.failOn(id -> id == 1);

        engine.deadLetterDesk().driveAgain(ALL);
        handler.awaitCount(before + 4);
        Eventually.until("1 is pending again, 3 and 5 wait behind it", () -> pending(engine) == 3);
        handler.mend();
        publish(engine, 7);
        assertThat(ids(handler, before)).as("bob's pass, ann's wait, the new one of ann too")
                .containsExactlyInAnyOrder(1L, 2L, 4L, 6L).containsSubsequence(2L, 4L, 6L);
        clock.advance(Duration.ofSeconds(1));
        handler.awaitCount(before + 8);
        awaitNothingPending(engine);

        assertThat(ids(handler, before + 4)).containsExactly(1L, 3L, 5L, 7L);
        assertThat(handler.attempts().subList(before + 4, before + 8)).containsExactly(2, 1, 1, 1);
        assertThat(engine.deadLetters()).isEmpty();
        assertThat(journal.violations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKeepTheOrderOfAnAggregateAcrossACrashAnywhereInBetween(boolean fromLastRestatement) throws Exception {
        FailsUntilMended handler = new FailsUntilMended();
        EventEngine engine = start(journal, handler, RetryOrder.PER_AGGREGATE, false);
        leaveLetters(engine, 6);
        // A letter counts before it is committed.
        Eventually.until("they are in the log", () -> journal.afterCrashAt(journal.documentCount())
                .outcomes(Outcome.Dead.class).size() == 6);
        handler.failOn(id -> id == 1);
        int before = journal.documentCount();
        int deliveries = handler.count();
        engine.deadLetterDesk().driveAgain(ALL);
        handler.awaitCount(deliveries + 4);
        Eventually.until("1 is pending again", () -> pending(engine) == 3);
        handler.mend();
        clock.advance(Duration.ofSeconds(1));
        handler.awaitCount(deliveries + 7);
        awaitNothingPending(engine);
        engine.close(LONG);
        int after = journal.documentCount();

        for (int survivors = before; survivors <= after; survivors++) {
            ListJournal crashed = journal.afterCrashAt(survivors).readsFromLastRestatement(fromLastRestatement);
            // Six letters failed once each before they were given up.
            boolean firstIsOpen = crashed.outcomes(Outcome.Failed.class).size() == 6;
            FailsFirstOfAnn again = new FailsFirstOfAnn();
            EventEngine next = start(crashed, again, RetryOrder.PER_AGGREGATE, false);
            next.deadLetterDesk().driveAgain(ALL);
            Eventually.until("nothing pending, while time goes by", () -> {
                clock.advance(Duration.ofMillis(100));
                return pending(next) == 0;
            });
            next.close(LONG);

            List<Long> settled = crashed.outcomes(Outcome.Recovered.class).stream()
                    .map(recovered -> recovered.sequence()).toList();
            assertThat(settled).as("each once").hasSize(6).doesNotHaveDuplicates();
            List<Long> anns = crashed.events().stream().map(ListJournal.Entry::sequence).toList();
            assertThat(settled).as("ann's in their order").containsSubsequence(anns.get(0), anns.get(2), anns.get(4));
            assertThat(settled).as("bob's in their order").containsSubsequence(anns.get(1), anns.get(3), anns.get(5));
            assertThat(again.failures).as("the first one failed before the crash, or after it")
                    .isEqualTo(firstIsOpen ? 1 : 0);
            assertThat(crashed.violations()).isEmpty();
        }
        assertThat(after - before).isGreaterThanOrEqualTo(4);
    }

    /** Fails the first attempt of event 1. */
    private static final class FailsFirstOfAnn extends RecordingHandler {

        private volatile int failures;

        @Override
        public void onEvent(Numbered event, EventContext context) throws Exception {
            super.onEvent(event, context);
            if (event.id() == 1 && context.attempt() == 1) {
                failures++;
                throw new IllegalStateException("not yet");
            }
        }
    }

    @Test
    void shouldGiveALetterItsPlaceAmongWhatIsPendingOfItsAggregate() throws Exception {
        FailsUntilMended handler = new FailsUntilMended();
        EventEngine engine = start(journal, handler, RetryOrder.PER_AGGREGATE, false);
        leaveLetters(engine, 3);
        handler.failOn(id -> id == 5);
        publish(engine, 5);
        publish(engine, 7);
        int before = handler.count();

        engine.deadLetterDesk().driveAgain(ALL.aggregate("customer", "ann"));
        Eventually.until("redelivered", () -> engine.statistics().retries().redelivered() == 5);
        publish(engine, 8);
        assertThat(ids(handler, before)).as("ann's earlier ones, and bob's").containsExactly(1L, 3L, 8L);
        handler.mend();
        clock.advance(Duration.ofSeconds(1));
        handler.awaitCount(before + 5);

        assertThat(ids(handler, before + 3)).as("ann's later one waits behind the one that failed")
                .containsExactly(5L, 7L);
        awaitNothingPending(engine);
    }

    /** Nothing waits behind a letter while the engine runs, until it has failed again; nor after a restart. */
    @ParameterizedTest
    @EnumSource(value = RetryOrder.class)
    void shouldHoldNobodyUpForALetterWhoseTimeHasNotComeAcrossARestart(RetryOrder order) throws Exception {
        FailsUntilMended handler = new FailsUntilMended();
        EventEngine engine = start(journal, handler, order, false, RetryPolicy.none());
        for (int i = 1; i <= 3; i++) {
            publish(engine, i);
        }
        handler.mend();
        engine.deadLetterDesk().driveAgain(ALL, 0.001);
        handler.awaitCount(4);
        Eventually.until("two wait for their time", () -> pending(engine) == 2);
        engine.close(LONG);

        EventEngine next = start(journal, handler, order, false, RetryPolicy.none());
        publish(next, 4);
        publish(next, 5);

        assertThat(ids(handler, 3)).containsExactly(1L, 4L, 5L);
        clock.advance(Duration.ofSeconds(1_000));
        handler.awaitCount(7);
        clock.advance(Duration.ofSeconds(1_000));
        handler.awaitCount(8);
        awaitNothingPending(next);
        assertThat(ids(handler, 3)).containsExactly(1L, 4L, 5L, 2L, 3L);
        assertThat(journal.violations()).isEmpty();
    }

    private EventEngine start(ListJournal used, EventHandler<Numbered> handler, RetryOrder order, boolean fused) {
        return start(used, handler, order, fused, TWICE);
    }

    private EventEngine start(ListJournal used, EventHandler<Numbered> handler, RetryOrder order, boolean fused,
            RetryPolicy policy) {
        EventEngine engine = engines.make(new EventEngineConfig().journal(used).clock(clock).fused(fused));
        engine.register(Payment.TYPE);
        engine.subscribe(all("handler", handler).retry(policy).retryOrder(order));
        engine.start();
        return engine;
    }

    /** Each event fails twice and is given up before the next one comes. */
    private void leaveLetters(EventEngine engine, int count) throws InterruptedException {
        for (int i = 1; i <= count; i++) {
            publish(engine, i);
            clock.advance(Duration.ofSeconds(1));
            int letters = i;
            Eventually.until(letters + " dead letters", () -> pending(engine) == 0
                    && engine.statistics().retries().deadLetters() == letters);
        }
    }

    private static void publish(EventEngine engine, long id) throws InterruptedException {
        engine.await(Watermark.HANDLED, engine.publish(new Payment(id, id % 2 == 0 ? "bob" : "ann")), LONG);
    }

    private static long pending(EventEngine engine) {
        return engine.statistics().retries().pending();
    }

    private static void awaitNothingPending(EventEngine engine) {
        Eventually.until("nothing pending", () -> pending(engine) == 0);
    }

    private static List<Long> ids(RecordingHandler handler, int from) {
        List<Long> ids = new ArrayList<>(handler.ids());
        return ids.subList(from, ids.size());
    }
}
