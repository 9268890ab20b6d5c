package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.ringbus.engine.error.CalledFromHandlerException;
import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.error.TooManyWaitingException;
import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.retry.DeadLetterQuery;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.retry.WaitingOverflow;
import io.ringbus.engine.support.Background;
import io.ringbus.engine.support.Booking;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.Gate;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.ManualClock;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.Trade;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A paused subscription: its deliveries wait, in order, and nobody else's do. */
class PauseTest {

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final List<Long> paused = new CopyOnWriteArrayList<>();
    private final List<Long> other = new CopyOnWriteArrayList<>();
    private ListJournal journal = new ListJournal();

    private static SubscriptionConfig<Trade> to(String name, EventHandler<Trade> handler) {
        return SubscriptionConfig.to(Trade.class, handler).name(name).startAt(StartPosition.EARLIEST);
    }

    private static void publish(EventEngine engine, long from, long to) {
        LongStream.rangeClosed(from, to).forEach(id -> engine.publish(Trade.of(id)));
    }

    private static List<Long> ids(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    @ParameterizedTest
    @CsvSource({"FREE, false, 0", "FREE, true, 0", "PER_AGGREGATE, false, 0", "BLOCKING, false, 0", "BLOCKING, true, 0",
        "FREE, false, 1", "PER_AGGREGATE, false, 1"})
    void shouldLetDeliveriesWaitInOrderWhileOthersGoOn(RetryOrder order, boolean fused, int workers) throws Exception {
        EventEngine engine = engines.make(new EventEngineConfig().ringSize(4).fused(fused).journal(journal));
        Subscription subscription = engine.subscribe(to("paused", (trade, context) -> paused.add(trade.id()))
                .retryOrder(order).workers(workers));
        engine.subscribe(to("other", (trade, context) -> other.add(trade.id())));
        engine.start();
        publish(engine, 1, 10);

        long last = subscription.pause();
        assertThat(paused).containsExactlyElementsOf(ids(1, 10));
        publish(engine, 11, 100);
        Eventually.until("the other has all", () -> other.size() == 100);
        assertThat(subscription.isPaused()).isTrue();
        assertThat(paused).hasSize(10);
        assertThat(subscription.resume()).isGreaterThan(last);
        assertThat(paused).containsExactlyElementsOf(ids(1, 100));
        publish(engine, 101, 120);
        assertThat(engine.close(LONG).pending()).isZero();

        assertThat(paused).containsExactlyElementsOf(ids(1, 120));
        assertThat(journal.violations()).isEmpty();
    }

    @Test
    void shouldLetRetriesWaitToo() {
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        EventEngine engine = engines.make(new EventEngineConfig());
        Subscription subscription = engine.subscribe(to("paused", (trade, context) -> {
            attempts.add(context.attempt());
            if (context.attempt() == 1) {
                throw new IllegalStateException("as planned");
            }
        }).retry(RetryPolicy.exponential(Duration.ofMillis(1))));
        engine.start();
        subscription.pause();
        engine.publish(Trade.of(1));
        subscription.resume();
        Eventually.until("recovered", () -> attempts.size() == 2);
        assertThat(attempts).containsExactly(1, 2);
        Eventually.until("nothing pends", () -> engine.statistics().retries().pending() == 0);
    }

    /** Two letters of an aggregate: when the first is through, the timer brings the second once more. */
    @Test
    void shouldAttemptOnceWhatTheTimerBroughtTwiceMeanwhile() {
        TwoLetters letters = new TwoLetters();
        letters.driveFirstAgain();
        Eventually.until("one is left", () -> letters.engine.statistics().retries().pending() == 1);

        letters.subscription.pause();
        letters.clock.advance(Duration.ofMinutes(1));
        Eventually.until("all were brought", () -> letters.engine.statistics().retries().redelivered() == 3);
        letters.subscription.resume();

        assertThat(letters.attemptsOfSecond).containsExactly(1, 2);
    }

    /** A redelivery is in the ring when it resumes: what was held comes first, and has that attempt made as well. */
    @Test
    void shouldNotMakeTheNextAttemptBeforeItsTimeWhenItResumes() throws Exception {
        TwoLetters letters = new TwoLetters();
        letters.subscription.pause();
        letters.driveFirstAgain();
        Eventually.until("the first was brought", () -> letters.engine.statistics().retries().redelivered() == 1);
        letters.engine.publish(Trade.of(3));
        letters.stage.awaitArrival();
        letters.clock.advance(Duration.ofMinutes(1));
        Eventually.until("the second was brought", () -> letters.engine.statistics().retries().redelivered() == 2);

        CompletableFuture<Long> resumed = Background.call(letters.subscription::resume);
        Eventually.until("it resumes", () -> !letters.subscription.isPaused());
        letters.stage.open();
        resumed.get();

        assertThat(letters.attemptsOfSecond).containsExactly(1, 2);
    }

    /** Of two events of one aggregate the first was given up, until it is mended, and the second has failed once. */
    private final class TwoLetters {
        private final ManualClock clock = new ManualClock();
        private final AtomicBoolean mended = new AtomicBoolean();
        private final List<Integer> attemptsOfSecond = new CopyOnWriteArrayList<>();
        /** A trade stops the stage here. */
        private final Gate stage = new Gate();
        private final EventEngine engine = engines.make(new EventEngineConfig().clock(clock));
        private final Subscription subscription;

        TwoLetters() {
            engine.register(Booking.TYPE);
            engine.subscribe(to("stage", (trade, context) -> stage.pass()));
            subscription = engine.subscribe(SubscriptionConfig.to(Booking.class, this::handle).name("paused")
                    .retryOrder(RetryOrder.PER_AGGREGATE).retry(RetryPolicy.exponential(Duration.ofMinutes(1))
                            .jitter(0).maxAttempts(9).notWorthRetrying(IllegalArgumentException.class)));
            engine.start();
            engine.publish(new Booking(1, 7));
            engine.publish(new Booking(2, 7));
            Eventually.until("given up, and failed",
                    () -> engine.deadLetters().size() == 1 && engine.statistics().retries().pending() == 1);
        }

        private void handle(Booking booking, EventContext context) {
            if (booking.id() == 1 && !mended.get()) {
                throw new IllegalArgumentException("as planned");
            }
            if (booking.id() == 2) {
                attemptsOfSecond.add(context.attempt());
                throw new IllegalStateException("as planned");
            }
        }

        void driveFirstAgain() {
            mended.set(true);
            engine.deadLetterDesk().driveAgain(DeadLetterQuery.all());
        }
    }

    @Test
    void shouldDeliverAfterARestartWhatWaitedWhenItClosed() {
        EventEngine first = engines.make(new EventEngineConfig().journal(journal));
        Subscription subscription = first.subscribe(to("paused", (trade, context) -> paused.add(trade.id())));
        first.start();
        publish(first, 1, 3);
        subscription.pause();
        publish(first, 4, 9);
        assertThat(first.close(LONG).pending()).isEqualTo(6);

        EventEngine second = engines.make(new EventEngineConfig().journal(journal));
        second.subscribe(to("paused", (trade, context) -> paused.add(trade.id())));
        second.start();
        Eventually.until("all delivered", () -> paused.size() == 9);

        assertThat(paused).containsExactlyElementsOf(ids(1, 9));
    }

    @ParameterizedTest
    @EnumSource(WaitingOverflow.class)
    void shouldDoAsToldWhenTooManyWait(WaitingOverflow overflow) throws Exception {
        EventEngine engine = engines.make(new EventEngineConfig().ringSize(4).publishTimeout(LONG));
        Subscription subscription = engine.subscribe(to("paused", (trade, context) -> paused.add(trade.id()))
                .maxWaiting(3, overflow));
        engine.start();
        subscription.pause();

        CompletableFuture<Void> publisher = Background.call(() -> {
            publish(engine, 1, 20);
            return null;
        });
        if (overflow == WaitingOverflow.DEAD_LETTER) {
            publisher.get();
            Eventually.until("given up", () -> engine.deadLetters().size() == 17);
            assertThat(engine.deadLetters()).allMatch(l -> l.errorClass().equals(TooManyWaitingException.class.getName()));
            subscription.resume();
            assertThat(paused).containsExactlyElementsOf(ids(1, 3));
        } else {
            Eventually.until("the ring is full", () -> engine.statistics().ringOccupied() == 4);
            assertThat(paused).isEmpty();
            subscription.resume();
            publisher.get();
            Eventually.until("all delivered", () -> paused.size() == 20);
            assertThat(paused).containsExactlyElementsOf(ids(1, 20));
        }
    }

    @Test
    void shouldCloseWhileAStageWaitsForAPausedOne() {
        EventEngine engine = engines.make(new EventEngineConfig().ringSize(8).journal(journal));
        Subscription subscription = engine.subscribe(to("paused", (trade, context) -> paused.add(trade.id()))
                .maxWaiting(1, WaitingOverflow.BLOCK_STAGE));
        engine.start();
        subscription.pause();
        publish(engine, 1, 6);

        CloseReport report = engine.close(LONG);

        assertThat(report.drained()).isTrue();
        assertThat(report.pending()).isEqualTo(6);
    }

    @Test
    void shouldRefuseToBePausedByAHandlerOrWithoutARunningEngine() throws Exception {
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        AtomicReference<Subscription> handle = new AtomicReference<>();
        EventEngine engine = engines.make(new EventEngineConfig());
        handle.set(engine.subscribe(to("paused", (Trade trade, EventContext context) ->
                refusal.set(catchThrowable(() -> handle.get().pause())))));
        assertThatThrownBy(() -> handle.get().pause()).isInstanceOf(EngineStateException.class);
        engine.start();
        engine.await(Watermark.HANDLED, engine.publish(Trade.of(1)), LONG);
        assertThat(refusal.get()).isInstanceOf(CalledFromHandlerException.class);
        engine.close(LONG);
        assertThatThrownBy(() -> handle.get().resume()).isInstanceOf(EngineStateException.class);
    }
}
