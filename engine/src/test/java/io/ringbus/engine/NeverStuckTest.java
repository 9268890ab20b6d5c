package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.ringbus.engine.error.CalledFromHandlerException;
import io.ringbus.engine.error.EngineClosedException;
import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.error.RingFullException;
import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.stats.EngineState;
import io.ringbus.engine.support.Background;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.FailsFirstAttempts;
import io.ringbus.engine.support.Gate;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.RecordingHandler;
import io.ringbus.engine.support.Trade;
import io.ringbus.engine.support.WaitsAtGate;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Promise 5: "No failing handler, full ring, publish from inside a handler, blocked publisher at shutdown, or slow
 * retry
 * can stop the others for ever."
 */
class NeverStuckTest {

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldFailTheDeliveryOfAHandlerThatPublishesIntoItsOwnFullRing(boolean fused) throws Exception {
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        EventEngine engine = engines.make(new EventEngineConfig().ringSize(2).fused(fused));
        RecordingHandler others = new RecordingHandler();
        engine.subscribe(all("greedy", (event, context) -> {
            try {
                for (int i = 0; event instanceof Trade && i < 3; i++) {
                    engine.publish(new Note(i));
                }
            } catch (CalledFromHandlerException e) {
                refusal.set(e);
                throw e;
            }
        }).retry(RetryPolicy.none()));
        engine.subscribe(all("others", others).priority(200));
        engine.start();

        engine.publish(Trade.of(1));
        engine.await(Watermark.HANDLED, engine.publish(new Note(9)), LONG);

        assertThat(refusal.get()).isInstanceOf(CalledFromHandlerException.class).hasMessageContaining("ringSize=2");
        assertThat(engine.deadLetters()).singleElement()
                .satisfies(dead -> assertThat(dead.errorClass()).isEqualTo(CalledFromHandlerException.class.getName()));
        assertThat(others.ids()).contains(1L, 9L);
    }

    @Test
    void shouldAnswerAHandlerThatTriesToPublishIntoAFullRing() throws Exception {
        AtomicReference<Long> answer = new AtomicReference<>();
        EventEngine engine = engines.make(new EventEngineConfig().ringSize(2));
        engine.subscribe(all("greedy", (event, context) -> {
            while (event instanceof Trade && engine.tryPublish(new Note(1)) != EventEngine.RING_FULL) {
                answer.set(EventEngine.RING_FULL);
            }
        }));
        engine.start();

        engine.await(Watermark.HANDLED, engine.publish(Trade.of(1)), LONG);

        assertThat(answer.get()).isEqualTo(EventEngine.RING_FULL);
    }

    @Test
    void shouldRefuseAPublisherWhenTheRingStaysFullAndNameTheSlowestStage() throws Exception {
        Gate gate = engines.gate();
        WaitsAtGate slow = WaitsAtGate.of(gate);
        EventEngine engine = engines.start(new EventEngineConfig().ringSize(2).publishTimeout(Duration.ofMillis(20)), slow);
        engine.publish(Trade.of(1));
        engine.publish(Trade.of(2));

        assertThatThrownBy(() -> engine.publish(Trade.of(3))).isInstanceOf(RingFullException.class)
                .hasMessageContaining("priority 100").hasMessageEndingWith("ringSize=2");
        assertThat(engine.tryPublish(Trade.of(4))).isEqualTo(EventEngine.RING_FULL);
        assertThat(engine.tryPublishAll(List.of(Trade.of(5), Trade.of(6)))).isEqualTo(EventEngine.RING_FULL);

        gate.open();
        long next = awaitFreePlace(engine, Trade.of(7));
        engine.await(Watermark.HANDLED, next, LONG);
        assertThat(slow.ids()).containsExactly(1L, 2L, 7L);
        assertThat(slow.sequences()).startsWith(1L, 2L).endsWith(next);
    }

    private static long awaitFreePlace(EventEngine engine, Object event) {
        long[] sequence = {EventEngine.RING_FULL};
        Eventually.until("a free place", () -> (sequence[0] = engine.tryPublish(event)) != EventEngine.RING_FULL);
        return sequence[0];
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldFreeABlockedPublisherAtClose(boolean interrupted) throws Exception {
        Gate gate = engines.gate();
        WaitsAtGate slow = WaitsAtGate.of(gate);
        EventEngine engine = engines.start(new EventEngineConfig().ringSize(2).publishTimeout(LONG), slow);
        engine.publish(Trade.of(1));
        engine.publish(Trade.of(2));
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        Thread publisher = new Thread(() -> {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            try {
                engine.publish(Trade.of(3));
                refusal.complete(null);
            } catch (Throwable e) {
                refusal.complete(Thread.interrupted() == interrupted ? e : new AssertionError("the flag was lost", e));
            }
        });
        publisher.start();
        slow.awaitCount(1);

        CompletableFuture<CloseReport> report = engine.closeAsync(LONG);

        assertThat(refusal.get(60, TimeUnit.SECONDS)).isInstanceOf(EngineClosedException.class)
                .hasMessageContaining("state=CLOS");
        gate.open();
        assertThat(report.get().drained()).isTrue();
        assertThat(slow.ids()).containsExactly(1L, 2L);
    }

    @Test
    void shouldRefuseCallsThatWouldWaitForTheirOwnThread() throws Exception {
        AtomicReference<List<Throwable>> refusals = new AtomicReference<>();
        EventEngine engine = engines.make(new EventEngineConfig());
        engine.subscribe(all("caller", (event, context) -> refusals.set(List.of(
                thrownBy(() -> engine.close(LONG)),
                thrownBy(engine::close),
                thrownBy(() -> engine.await(Watermark.HANDLED, context.sequence(), LONG)),
                thrownBy(engine::clearDeadLetters)))));
        engine.start();

        engine.await(Watermark.HANDLED, engine.publish(Trade.of(1)), LONG);

        assertThat(refusals.get()).hasSize(4).allSatisfy(e -> assertThat(e)
                .isInstanceOf(CalledFromHandlerException.class).hasMessageContaining("another thread"));
        assertThat(engine.state()).isEqualTo(EngineState.RUNNING);
    }

    private static Throwable thrownBy(ThrowingCallable call) {
        return catchThrowable(call);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeClosedByAHandlerThroughAThreadOfItsOwn(boolean fused) throws Exception {
        CompletableFuture<CloseReport> report = new CompletableFuture<>();
        ListJournal journal = new ListJournal();
        EventEngine engine = engines.make(new EventEngineConfig().fused(fused).journal(journal));
        engine.subscribe(all("closer", (event, context) -> {
            if (event.id() == 2) {
                engine.closeAsync(LONG).thenAccept(report::complete);
            }
        }));
        engine.start();

        engine.publish(Trade.of(1));
        engine.publish(Trade.of(2));

        assertThat(report.get(60, TimeUnit.SECONDS).drained()).isTrue();
        assertThat(engine.state()).isEqualTo(EngineState.CLOSED);
        assertThat(journal.isLocked()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldInterruptAHandlerThatIsStillAtWorkWhenTheTimeIsUp(boolean fused) throws Exception {
        ListJournal journal = new ListJournal();
        WaitsAtGate waiting = WaitsAtGate.of(engines.gate());
        EventEngine engine = engines.start(new EventEngineConfig().fused(fused).journal(journal), waiting);
        engine.publish(Trade.of(1));
        waiting.awaitCount(1);

        CloseReport report = engine.close(Duration.ofMillis(1));

        assertThat(report.drained()).isFalse();
        assertThat(report.failure()).isNull();
        assertThat(report.hookErrors()).isEmpty();
        assertThat(engine.state()).isEqualTo(EngineState.CLOSED);
        assertThat(journal.isLocked()).isFalse();
        assertThat(waiting.calls()).endsWith("stop");

        // Whether the interrupt counted as a failed attempt or the event was left, it comes again.
        RecordingHandler again = new RecordingHandler();
        EventEngine next = engines.start(new EventEngineConfig().journal(journal), again);
        again.awaitCount(1);
        assertThat(again.ids()).containsExactly(1L);
        next.close();
    }

    @Test
    void shouldComeBackFromClosingOverAHandlerThatNeverEnds() {
        ListJournal journal = new ListJournal();
        WaitsAtGate deaf = WaitsAtGate.deafly(engines.gate());
        EventEngine engine = engines.start(new EventEngineConfig().journal(journal), deaf);
        engine.publish(Trade.of(1));
        engine.publish(Trade.of(2));
        deaf.awaitCount(1);

        CloseReport report = engine.close(Duration.ofMillis(1));

        assertThat(report.drained()).isFalse();
        assertThat(report.notHandled()).isEqualTo(2);
        assertThat(report.handledThrough()).isZero();
        assertThat(report.hookErrors()).singleElement().asString().contains("did not come back");
        assertThat(engine.close(LONG)).isSameAs(report);
        assertThat(journal.isLocked()).as("a thread may still write").isTrue();
    }

    /** A thread pool that is shut down interrupts its threads, and then they close what they have. */
    @Test
    void shouldCloseInFullOnAnInterruptedThread() throws Exception {
        ListJournal journal = new ListJournal();
        RecordingHandler handler = new RecordingHandler();
        EventEngine engine = engines.start(new EventEngineConfig().journal(journal), handler);
        long last = engine.publish(Trade.of(1));

        Thread.currentThread().interrupt();
        CloseReport report = engine.close(LONG);

        assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
        assertThat(report.drained()).isTrue();
        assertThat(report.hookErrors()).isEmpty();
        assertThat(report.handledThrough()).isGreaterThanOrEqualTo(last);
        assertThat(journal.isLocked()).isFalse();
        assertThat(journal.openSessions()).isZero();
        assertThat(handler.calls()).endsWith("stop");
    }

    @Test
    void shouldCloseInFullWhenInterruptedWhileItDrains() throws Exception {
        ListJournal journal = new ListJournal();
        Gate gate = engines.gate();
        WaitsAtGate waiting = WaitsAtGate.of(gate);
        EventEngine engine = engines.start(new EventEngineConfig().journal(journal), waiting);
        engine.publish(Trade.of(1));
        waiting.awaitCount(1);
        CompletableFuture<CloseReport> report = new CompletableFuture<>();
        Thread closer = new Thread(() -> {
            CloseReport own = engine.close(LONG);
            report.complete(Thread.currentThread().isInterrupted() ? own : null);
        });
        closer.start();
        Eventually.until("closing", () -> engine.state() == EngineState.CLOSING);

        closer.interrupt();
        gate.open();

        assertThat(report.get(60, TimeUnit.SECONDS)).as("the flag is kept").isNotNull();
        assertThat(report.get().drained()).isTrue();
        assertThat(journal.isLocked()).isFalse();
    }

    @Test
    void shouldCloseWithATimeoutOfAnyLength() throws Exception {
        EventEngine engine = engines.start(new EventEngineConfig().publishTimeout(Duration.ofDays(365)),
                new RecordingHandler());
        long last = engine.publish(Trade.of(1));
        engine.await(Watermark.HANDLED, last, Duration.ofSeconds(Long.MAX_VALUE));

        assertThat(engine.close(Duration.ofSeconds(Long.MAX_VALUE)).drained()).isTrue();
    }

    @Test
    void shouldLetOthersPublishWhileOnePublisherEncodesSlowly() throws Exception {
        Gate gate = engines.gate();
        EventEngine engine = new EventEngine(new EventEngineConfig().ringSize(8).journal(new ListJournal()));
        engine.register(EventType.named("slow", Trade.class).codec(new GatedCodec(gate)));
        engine.register(Note.TYPE);
        RecordingHandler handler = new RecordingHandler();
        engine.subscribe(all("handler", handler));
        engine.start();
        CompletableFuture<Long> slow = Background.call(() -> engine.publish(Trade.of(1)));
        gate.awaitArrival();

        long second = engine.publish(new Note(2));
        long third = engine.tryPublish(new Note(3));
        assertThat(engine.watermark(Watermark.PUBLISHED)).as("not past the one that is being encoded").isZero();
        gate.open();
        engine.await(Watermark.HANDLED, third, LONG);

        assertThat(List.of(slow.get(), second, third)).containsExactly(1L, 2L, 3L);
        assertThat(handler.ids()).containsExactly(1L, 2L, 3L);
        engine.close(LONG);
    }

    private record GatedCodec(Gate gate) implements EventCodec<Trade> {

        @Override
        public void encode(Trade event, ByteBuffer target) {
            gate.passUninterruptibly();
            new Trade.Codec().encode(event, target);
        }

        @Override
        public Trade decode(ByteBuffer source, int version, Trade reuse) {
            return new Trade.Codec().decode(source, version, reuse);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MULTI", "SINGLE"})
    void shouldGetThroughAStormOfRetriesWithAFullRing(ProducerMode mode) throws Exception {
        EventEngine engine = engines.make(new EventEngineConfig().ringSize(4).producerMode(mode).publishTimeout(LONG)
                .deadLettersInMemory(10).journal(new ListJournal()));
        RecordingHandler good = new RecordingHandler();
        engine.subscribe(all("bad", FailsFirstAttempts.always(id -> true))
                .retry(RetryPolicy.exponential(Duration.ZERO).maxAttempts(4)));
        engine.subscribe(all("good", good));
        engine.start();
        long last = 0;
        for (int i = 0; i < 500; i++) {
            last = engine.publish(new Note(i));
        }
        engine.await(Watermark.HANDLED, last, LONG);
        Eventually.until("all dead", () -> engine.statistics().retries().deadLetters() == 500
                && engine.statistics().retries().pending() == 0);

        assertThat(good.count()).isEqualTo(500);
        assertThat(engine.deadLetters()).hasSize(10).allSatisfy(dead -> assertThat(dead.attempts()).isEqualTo(4));
        assertThat(engine.statistics().subscription("bad").failed()).isEqualTo(2_000);
        assertThat(engine.statistics().published()).isEqualTo(500);
    }

    /** Redeliveries that are always due must leave the timer time for what else it does. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTakeCheckpointsDuringAStormOfRetries(boolean fused) throws Exception {
        ListJournal journal = new ListJournal().dropsFailures(true);
        EventEngine engine = engines.make(new EventEngineConfig().ringSize(4_096).fused(fused)
                .checkpointInterval(Duration.ofMillis(1)).journal(journal));
        engine.subscribe(all("bad", FailsFirstAttempts.always(id -> id < 2_000))
                .retry(RetryPolicy.exponential(Duration.ZERO).maxAttempts(Integer.MAX_VALUE)));
        engine.start();
        for (int i = 0; i < 2_000; i++) {
            engine.publish(new Note(i));
        }
        for (int i = 0; i < 5; i++) {
            long sequence = engine.publish(new Note(2_000 + i));
            Eventually.until("a checkpoint", () -> journal.outcomes(Outcome.Checkpoint.class).stream()
                    .anyMatch(c -> c.handledThrough() >= sequence));
        }
        assertThat(engine.close(Duration.ofSeconds(30)).pending()).isEqualTo(2_000);
    }

    /** Interrupts are for the handler that is interrupted, and not for what its thread does next. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotPassTheInterruptFlagOfAHandlerOn(boolean fused) throws Exception {
        ListJournal journal = new ListJournal();
        RecordingHandler next = new RecordingHandler();
        EventEngine engine = engines.make(new EventEngineConfig().fused(fused).waitMode(WaitMode.YIELDING)
                .journal(journal));
        engine.subscribe(all("interrupter", (event, context) -> Thread.currentThread().interrupt()));
        engine.subscribe(all("next", next).priority(200));
        engine.start();
        for (int i = 1; i <= 100; i++) {
            engine.await(Watermark.HANDLED, engine.publish(Trade.of(i)), LONG);
        }

        engine.close(LONG);
        assertThat(next.count()).isEqualTo(100);
        assertThat(journal.violations()).isEmpty();
    }

    @Test
    void shouldGiveUpAStartThatHangsInAHookWhenItIsClosed() throws Exception {
        Gate gate = engines.gate();
        ListJournal journal = new ListJournal();
        EventEngine engine = engines.make(new EventEngineConfig().journal(journal));
        engine.subscribe(all("hanging", new HangsAtStart(gate)));
        CompletableFuture<Throwable> start = Background.call(() -> thrownBy(engine::start));
        gate.awaitArrival();

        CompletableFuture<CloseReport> close = Background.call(() -> engine.close(Duration.ofMillis(1)));

        assertThat(close.get(60, TimeUnit.SECONDS).drained()).isFalse();
        assertThat(start.get(60, TimeUnit.SECONDS)).isInstanceOf(EngineClosedException.class);
        assertThat(journal.isLocked()).isFalse();
    }

    private record HangsAtStart(Gate gate) implements EventHandler<Numbered> {

        @Override
        public void onStart() throws Exception {
            gate.pass();
        }

        @Override
        public void onEvent(Numbered event, EventContext context) {
            // Never comes to that.
        }
    }

    @Test
    void shouldGiveUpAStartThatHangsInAReplayWhenItIsClosed() throws Exception {
        ListJournal journal = new ListJournal();
        engines.start(new EventEngineConfig().journal(journal), new RecordingHandler()).close(LONG);
        EventEngine first = engines.start(new EventEngineConfig().journal(journal), new RecordingHandler());
        first.publish(Trade.of(1));
        first.close(LONG);
        WaitsAtGate waiting = WaitsAtGate.of(engines.gate());
        EventEngine engine = engines.make(new EventEngineConfig().journal(journal));
        engine.subscribe(all("rebuilding", waiting).startAt(null).recovery(RecoveryMode.REBUILD));
        CompletableFuture<Throwable> start = Background.call(() -> thrownBy(engine::start));
        waiting.awaitCount(1);
        assertThatThrownBy(() -> engine.publish(Trade.of(2))).isInstanceOf(EngineStateException.class)
                .hasMessageEndingWith("state=RECOVERING");

        CompletableFuture<CloseReport> close = Background.call(() -> engine.close(Duration.ofMillis(1)));

        assertThat(close.get(60, TimeUnit.SECONDS).drained()).isFalse();
        assertThat(start.get(60, TimeUnit.SECONDS)).isInstanceOf(EngineClosedException.class);
        assertThat(journal.isLocked()).isFalse();
        assertThat(journal.violations()).isEmpty();
    }
}
