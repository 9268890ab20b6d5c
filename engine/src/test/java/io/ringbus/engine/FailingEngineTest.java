package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.ringbus.engine.error.EngineClosedException;
import io.ringbus.engine.error.EngineFailedException;
import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.error.JournalAccessException;
import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.error.JournalLockedException;
import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.stage.Chain;
import io.ringbus.engine.stats.EngineState;
import io.ringbus.engine.support.Background;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.FailsFirstAttempts;
import io.ringbus.engine.support.Gate;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.LogCapture;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.RecordingHandler;
import io.ringbus.engine.support.Trade;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What fails and what does not: a handler's error is one failed delivery; an error of the JVM or of the journal stops
 * the engine. Promise 6: "A failed append stops the engine; it never goes on without its log." Promise 2: "no handler
 * sees an event before it is in the journal".
 */
class FailingEngineTest {

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final LogCapture log = LogCapture.of(Chain.class);

    @AfterEach
    void stopCapturing() {
        log.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTakeAStackOverflowForAFailedDelivery(boolean fused) throws Exception {
        FailsFirstAttempts overflowing = new FailsFirstAttempts(1, id -> id == 1, StackOverflowError::new);
        RecordingHandler next = new RecordingHandler();
        EventEngine engine = engines.make(new EventEngineConfig().fused(fused));
        engine.subscribe(all("overflowing", overflowing).retry(RetryPolicy.none()));
        engine.subscribe(all("next", next).priority(200));
        engine.start();

        engine.publish(Trade.of(1));
        engine.await(Watermark.HANDLED, engine.publish(Trade.of(2)), LONG);

        assertThat(next.ids()).containsExactly(1L, 2L);
        assertThat(overflowing.ids()).containsExactly(1L, 2L);
        assertThat(engine.deadLetters()).singleElement().satisfies(dead ->
                assertThat(dead.errorClass()).isEqualTo("java.lang.StackOverflowError"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldStopWhenAHandlerThrowsAnErrorOfTheJvm(boolean fused) throws Exception {
        OutOfMemoryError cause = new OutOfMemoryError("as planned");
        ListJournal journal = new ListJournal();
        RecordingHandler next = new RecordingHandler();
        EventEngine engine = engines.make(new EventEngineConfig().fused(fused).journal(journal));
        engine.subscribe(all("hungry", new FailsFirstAttempts(1, id -> id == 2, () -> cause)));
        engine.subscribe(all("next", next).priority(200));
        engine.start();
        long first = engine.publish(Trade.of(1));
        engine.await(Watermark.HANDLED, first, LONG);

        long second = engine.publish(Trade.of(2));

        assertThatThrownBy(() -> engine.await(Watermark.HANDLED, second, LONG)).isInstanceOf(EngineFailedException.class)
                .hasCause(cause);
        assertThatThrownBy(() -> engine.publish(Trade.of(3))).isInstanceOf(EngineFailedException.class).hasCause(cause)
                .hasMessageContaining("as planned");
        assertThatThrownBy(() -> engine.tryPublish(Trade.of(3))).isInstanceOf(EngineFailedException.class);
        assertThatThrownBy(() -> engine.publishAll(List.of(Trade.of(3)))).isInstanceOf(EngineFailedException.class);
        assertThat(engine.state()).isEqualTo(EngineState.FAILED);

        CloseReport report = engine.close(LONG);
        assertThat(report.failure()).isSameAs(cause);
        assertThat(report.drained()).isFalse();
        assertThat(report.handledThrough()).isGreaterThanOrEqualTo(first).isLessThan(second);
        assertThat(next.ids()).containsExactly(1L);
        assertThat(journal.isLocked()).isFalse();
        assertThat(journal.violations()).isEmpty();

        // What was not handled comes after a restart.
        RecordingHandler again = new RecordingHandler();
        EventEngine restarted = engines.make(new EventEngineConfig().journal(journal));
        restarted.subscribe(all("hungry", new RecordingHandler()));
        restarted.subscribe(all("next", again).priority(200));
        restarted.start();
        assertThat(again.ids()).endsWith(2L);
    }

    @ParameterizedTest
    @EnumSource(WaitMode.class)
    void shouldStopWhenTheJournalFailsAndShowNoHandlerWhatIsNotInIt(WaitMode waitMode) throws Exception {
        ListJournal journal = new ListJournal();
        RecordingHandler handler = new RecordingHandler();
        EventEngine engine = engines.start(new EventEngineConfig().ringSize(4).waitMode(waitMode).journal(journal)
                .publishTimeout(LONG).checkpointInterval(Duration.ofDays(1)), handler);
        long good = engine.publish(Trade.of(1));
        awaitFirstCheckpoint(journal, good);
        Gate gate = engines.gate();
        journal.blockEventCommits(gate);
        JournalException cause = new JournalException("no space left");
        journal.failEventCommits(() -> cause);

        // The ring is full of what cannot be journaled, and publishers stand before it.
        for (int i = 2; i <= 5; i++) {
            engine.publish(Trade.of(i));
        }
        List<CompletableFuture<Throwable>> blocked = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            blocked.add(Background.call(() -> catchThrowable(() -> engine.publish(Trade.of(9)))));
        }
        CompletableFuture<Throwable> waiting = Background.call(() ->
                catchThrowable(() -> engine.await(Watermark.JOURNALED, 5, LONG)));
        gate.awaitArrival();
        gate.open();

        for (CompletableFuture<Throwable> each : blocked) {
            assertThat(each.get(60, TimeUnit.SECONDS)).isInstanceOf(EngineFailedException.class).hasCause(cause);
        }
        assertThat(waiting.get(60, TimeUnit.SECONDS)).isInstanceOf(EngineFailedException.class).hasCause(cause);
        CloseReport report = engine.close(LONG);
        assertThat(report.failure()).isSameAs(cause);
        assertThat(cause.getSuppressed()).isEmpty();
        assertThat(report.notHandled()).isEqualTo(4);
        assertThat(handler.ids()).containsExactly(1L);
        assertThat(engine.watermark(Watermark.JOURNALED)).isLessThan(engine.watermark(Watermark.PUBLISHED) - 3);
        assertThat(journal.events()).extracting(ListJournal.Entry::sequence).containsExactly(good);
        assertThat(journal.violations()).as("nothing is appended after a failure").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldStopWhenTheOutcomeLogFails(boolean fused) throws Exception {
        ListJournal journal = new ListJournal();
        EventEngine engine = engines.start(new EventEngineConfig().fused(fused).journal(journal)
                .checkpointInterval(Duration.ofDays(1)), new FailsFirstAttempts(1, id -> id == 2,
                        () -> new IllegalStateException("not yet")));
        long first = engine.publish(Trade.of(1));
        awaitFirstCheckpoint(journal, first);
        InternalError cause = new InternalError("a fault occurred in an unsafe memory access operation");
        journal.failOutcomeCommits(() -> cause);

        long second = engine.publish(Trade.of(2));

        assertThatThrownBy(() -> engine.await(Watermark.HANDLED, second, LONG)).isInstanceOf(EngineFailedException.class)
                .hasCause(cause);
        assertThat(engine.watermark(Watermark.HANDLED)).as("its failure is not noted").isLessThan(second);
        CloseReport report = engine.close(LONG);
        assertThat(report.failure()).isSameAs(cause);
        assertThat(journal.violations()).isEmpty();
        assertThat(journal.isLocked()).isFalse();
    }

    /** After it the timer leaves the ring alone until the interval is over. */
    private static void awaitFirstCheckpoint(ListJournal journal, long handledThrough) {
        Eventually.until("the first checkpoint", () -> journal.outcomes(Outcome.Checkpoint.class).stream()
                .anyMatch(c -> c.handledThrough() == handledThrough));
    }

    @Test
    void shouldSayWhenTheLastCheckpointFails() throws Exception {
        ListJournal journal = new ListJournal();
        EventEngine engine = engines.start(new EventEngineConfig().journal(journal), new RecordingHandler());
        engine.await(Watermark.HANDLED, engine.publish(Trade.of(1)), LONG);
        JournalException cause = new JournalException("no space left");
        // Not to be met by a checkpoint that the timer asks for in this moment.
        engine.publish(Trade.of(2));
        journal.failOutcomeCommits(() -> cause);

        CloseReport report = engine.close(LONG);

        assertThat(report.failure()).isSameAs(cause);
        assertThat(journal.isLocked()).isFalse();
        assertThat(engine.state()).isEqualTo(EngineState.CLOSED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldReportWhateverTheJournalsCloseThrows(boolean error) {
        ListJournal journal = new ListJournal();
        EventEngine engine = engines.start(new EventEngineConfig().journal(journal), new RecordingHandler());
        Throwable cause = error ? new InternalError("disk full") : new JournalException("disk full");
        journal.failClose(() -> cause);

        CloseReport report = engine.close(LONG);

        assertThat(report.failure()).isSameAs(cause);
        assertThat(engine.state()).isEqualTo(EngineState.CLOSED);
        assertThat(engine.close(LONG)).isSameAs(report);
    }

    @Test
    void shouldPassOnWhyTheJournalCannotBeHadAndLeaveNothingOpen() {
        ListJournal journal = new ListJournal();
        JournalAccessException cause = new JournalAccessException("not writable: directory=/x");
        journal.failOpen(() -> cause);
        EventEngine engine = engines.make(new EventEngineConfig().journal(journal));
        engine.subscribe(all("handler", new RecordingHandler()));

        assertThatThrownBy(engine::start).isSameAs(cause);

        assertThat(engine.state()).isEqualTo(EngineState.CLOSED);
        assertThatThrownBy(() -> engine.publish(Trade.of(1))).isInstanceOf(EngineFailedException.class).hasCause(cause);
        assertThat(engine.close(LONG).failure()).isSameAs(cause);
        journal.failOpen(null);
        engines.start(new EventEngineConfig().journal(journal), new RecordingHandler()).close(LONG);
    }

    @Test
    void shouldNotDisturbTheEngineThatHasTheJournal() throws Exception {
        ListJournal journal = new ListJournal();
        EventEngine owner = engines.start(new EventEngineConfig().journal(journal), new RecordingHandler());
        EventEngine second = engines.make(new EventEngineConfig().journal(journal));
        second.subscribe(all("handler", new RecordingHandler()));

        assertThatThrownBy(second::start).isInstanceOf(JournalLockedException.class);

        owner.await(Watermark.HANDLED, owner.publish(Trade.of(1)), LONG);
        assertThat(owner.close(LONG).drained()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldUndoAStartThatAHookRefuses(boolean fused) {
        ListJournal journal = new ListJournal();
        RecordingHandler good = new RecordingHandler();
        RecordingHandler late = new RecordingHandler();
        IllegalStateException cause = new IllegalStateException("no gateway");
        EventEngine engine = engines.make(new EventEngineConfig().fused(fused).journal(journal));
        engine.subscribe(all("good", good));
        engine.subscribe(all("refusing", new Hooks(null, cause, null)));
        engine.subscribe(all("late", late));

        assertThatThrownBy(engine::start).isInstanceOf(EngineFailedException.class).hasCause(cause)
                .hasMessageContaining("no gateway");

        assertThat(engine.state()).isEqualTo(EngineState.CLOSED);
        assertThat(journal.isLocked()).isFalse();
        assertThat(journal.violations()).isEmpty();
        assertThat(good.calls()).containsExactly("start", "stop");
        assertThat(late.calls()).as("never started, so never stopped").isEmpty();
    }

    @Test
    void shouldMakeTheLastDeliveryFailWhenABatchDoesNotEndWell() throws Exception {
        Hooks hooks = new Hooks(() -> new IllegalStateException("not flushed"), null, null);
        EventEngine engine = engines.make(new EventEngineConfig());
        engine.subscribe(all("flushing", hooks).retry(RetryPolicy.exponential(Duration.ZERO).maxAttempts(3)));
        engine.start();

        engine.await(Watermark.HANDLED, engine.publish(Trade.of(1)), LONG);
        Eventually.until("dead", () -> engine.statistics().retries().deadLetters() == 1);

        assertThat(hooks.attempts()).containsExactly(1, 2, 3);
        assertThat(engine.deadLetters().get(0).errorMessage()).isEqualTo("not flushed");
        hooks.batchError = null;
        engine.await(Watermark.HANDLED, engine.publish(Trade.of(2)), LONG);
        assertThat(engine.statistics().retries().deadLetters()).isOne();
    }

    @Test
    void shouldCountADeliveryOnceWhenItsHandlerAndItsBatchFail() throws Exception {
        Hooks hooks = new Hooks(() -> new IllegalStateException("not flushed"), null, null);
        hooks.eventError = () -> new IllegalStateException("not handled");
        EventEngine engine = engines.make(new EventEngineConfig());
        engine.subscribe(all("failing", hooks).retry(RetryPolicy.none()));
        engine.start();

        engine.await(Watermark.HANDLED, engine.publish(Trade.of(1)), LONG);

        assertThat(engine.deadLetters()).singleElement().satisfies(dead ->
                assertThat(dead.errorMessage()).isEqualTo("not handled"));
        assertThat(engine.statistics().subscription("failing").failed()).isOne();
    }

    @Test
    void shouldReportWhatStopHooksThrowAndRunTheOthers() throws Exception {
        RecordingHandler good = new RecordingHandler();
        EventEngine engine = engines.make(new EventEngineConfig());
        engine.subscribe(all("bad", new Hooks(null, null, new AssertionError("still open"))));
        engine.subscribe(all("good", good));
        engine.start();
        engine.await(Watermark.HANDLED, engine.publish(Trade.of(1)), LONG);

        CloseReport report = engine.close(LONG);

        assertThat(report.drained()).isTrue();
        assertThat(report.hookErrors()).singleElement().asString().contains("bad").contains("still open");
        assertThat(good.calls()).endsWith("stop");
    }

    @Test
    void shouldCallTheHooksInTheirOrder() throws Exception {
        RecordingHandler handler = new RecordingHandler();
        RecordingHandler idle = new RecordingHandler();
        EventEngine engine = engines.make(new EventEngineConfig());
        engine.subscribe(all("handler", handler));
        engine.subscribe(all("idle", idle).filter(event -> false));
        engine.start();
        for (int i = 1; i <= 2; i++) {
            engine.await(Watermark.HANDLED, engine.publish(Trade.of(i)), LONG);
        }
        engine.close(LONG);

        assertThat(handler.calls()).containsExactly("start", "event 1", "batch end", "event 2", "batch end", "stop");
        assertThat(idle.calls()).containsExactly("start", "stop");
        assertThat(handler.deliveries()).allSatisfy(d -> assertThat(d.endOfBatch()).isTrue());
    }

    @Test
    void shouldSurviveAnErrorThatCannotEvenSayWhatItIs() throws Exception {
        EventEngine engine = engines.make(new EventEngineConfig());
        RecordingHandler next = new RecordingHandler();
        engine.subscribe(all("mute", new FailsFirstAttempts(9, id -> id == 1, MuteException::new))
                .retry(RetryPolicy.none()));
        engine.subscribe(all("next", next));
        engine.start();

        engine.publish(Trade.of(1));
        engine.await(Watermark.HANDLED, engine.publish(Trade.of(2)), LONG);

        assertThat(next.ids()).containsExactly(1L, 2L);
        assertThat(engine.deadLetters()).singleElement().satisfies(dead ->
                assertThat(dead.errorMessage()).contains("AssertionError"));
    }

    private static final class MuteException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new AssertionError("no message");
        }
    }

    /** Hooks that throw what they are told to. */
    private static final class Hooks extends RecordingHandler {

        volatile Supplier<? extends Exception> batchError;
        volatile Supplier<? extends Exception> eventError;
        private final Exception startError;
        private final Error stopError;

        Hooks(Supplier<? extends Exception> batchError, Exception startError, Error stopError) {
            this.batchError = batchError;
            this.startError = startError;
            this.stopError = stopError;
        }

        @Override
        public void onEvent(Numbered event, EventContext context) throws Exception {
            super.onEvent(event, context);
            if (eventError != null) {
                throw eventError.get();
            }
        }

        @Override
        public void onStart() throws Exception {
            if (startError != null) {
                throw startError;
            }
        }

        @Override
        public void onBatchEnd() throws Exception {
            if (batchError != null) {
                throw batchError.get();
            }
        }

        @Override
        public void onStop() {
            if (stopError != null) {
                throw stopError;
            }
        }
    }

    /** Whatever the two threads do first, afterwards all is closed, and no publisher is let in. */
    @Test
    void shouldComeToTheSameEndHoweverAStartAndACloseMeet() throws Exception {
        for (int i = 0; i < 150; i++) {
            ListJournal journal = new ListJournal();
            EventEngine engine = engines.make(new EventEngineConfig().journal(journal).ringSize(4));
            engine.subscribe(all("handler", new RecordingHandler()));
            int delay = i % 60;
            CompletableFuture<Throwable> start = Background.call(() -> catchThrowable(engine::start));
            for (int spin = 0; spin < delay * 300; spin++) {
                Thread.onSpinWait();
            }
            CloseReport report = engine.close(LONG);

            assertThat(start.get(60, TimeUnit.SECONDS)).satisfiesAnyOf(
                    e -> assertThat(e).isNull(),
                    e -> assertThat(e).isInstanceOf(EngineClosedException.class),
                    e -> assertThat(e).isExactlyInstanceOf(EngineStateException.class).hasMessageContaining("state="));
            assertThat(report.failure()).isNull();
            assertThat(engine.state()).isEqualTo(EngineState.CLOSED);
            assertThat(journal.openSessions()).isZero();
            assertThat(journal.violations()).isEmpty();
            assertThatThrownBy(() -> engine.publish(new Note(1))).isInstanceOf(EngineClosedException.class);
        }
    }
}
