package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.engine.error.CalledFromHandlerException;
import io.ringbus.engine.error.EncodingException;
import io.ringbus.engine.error.EngineClosedException;
import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.error.InvalidConfigurationException;
import io.ringbus.engine.error.InvalidEventException;
import io.ringbus.engine.error.RingFullException;
import io.ringbus.engine.error.UnregisteredEventTypeException;
import io.ringbus.engine.error.WrongProducerThreadException;
import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.support.Background;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.Gate;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.ListJournal.Entry;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.RecordingHandler;
import io.ringbus.engine.support.Tick;
import io.ringbus.engine.support.Trade;
import io.ringbus.engine.support.WaitsAtGate;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * "When an event was published under the same id already, also before a restart, this publishes nothing and answers
 * with the first one's sequence."
 */
class MessageIdTest {

    private static final UUID ID = new UUID(7, 11);

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final RecordingHandler handler = new RecordingHandler();
    private ListJournal journal = new ListJournal();

    private EventEngineConfig config(int window) {
        return new EventEngineConfig().journal(journal).messageIdWindow(window);
    }

    /** Nothing is handled before the gate is opened, so no checkpoint takes a sequence from between the events. */
    private EventEngine startHeldBack(EventEngineConfig config, Gate gate) {
        return engines.start(config, (event, context) -> {
            gate.pass();
            handler.onEvent(event, context);
        });
    }

    private static UUID id(long low) {
        return new UUID(0, low);
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void shouldPublishTheSameIdOnce(ProducerMode mode) throws Exception {
        Gate gate = engines.gate();
        EventEngine engine = startHeldBack(config(100).producerMode(mode), gate);

        long first = engine.publish(Trade.of(1), ID);
        long other = engine.publish(Trade.of(2), id(2));
        long without = engine.publish(Trade.of(3));

        assertThat(List.of(first, other, without)).containsExactly(1L, 2L, 3L);
        assertThat(engine.publish(Trade.of(4), ID)).isEqualTo(first);
        assertThat(engine.publish(new Note(5), 7, 11)).isEqualTo(first);
        assertThat(engine.tryPublish(Trade.of(6), ID)).isEqualTo(first);
        assertThat(engine.tryPublish(Trade.of(7), 0, 2)).isEqualTo(other);
        assertThat(engine.publish(Tick.TYPE, Tick.FROM_CURSOR, new Tick.Cursor(), 7, 11)).isEqualTo(first);
        assertThat(engine.tryPublish(Tick.TYPE, Tick.FROM_CURSOR, new Tick.Cursor(), 7, 11)).isEqualTo(first);
        long last = engine.publish(Trade.of(8));
        assertThat(last).isEqualTo(4);
        gate.open();
        engine.await(Watermark.HANDLED, last, LONG);
        assertThat(handler.ids()).containsExactly(1L, 2L, 3L, 8L);
        assertThat(journal.events()).extracting(MessageIdTest::idOf).containsExactly(ID, id(2), id(0), id(0));
    }

    private static UUID idOf(Entry entry) {
        return new UUID(entry.origin().messageIdHigh(), entry.origin().messageIdLow());
    }

    @Test
    void shouldPublishPreallocatedEventsOnce() throws Exception {
        EventEngine engine = engines.start(config(100), handler);
        Tick.Cursor cursor = new Tick.Cursor();

        long filled = engine.publish(Tick.TYPE, Tick.FROM_CURSOR, cursor, 0, 1);
        long tried = engine.tryPublish(Tick.TYPE, Tick.FROM_CURSOR, cursor, 0, 2);

        assertThat(engine.publish(Tick.TYPE, Tick.FROM_CURSOR, cursor, 0, 1)).isEqualTo(filled);
        assertThat(engine.tryPublish(Tick.TYPE, Tick.FROM_CURSOR, cursor, 0, 2)).isEqualTo(tried);
        assertThat(cursor.next).as("the filler is not called for a known id").isEqualTo(3);
        engine.await(Watermark.HANDLED, tried, LONG);
        assertThat(handler.ids()).containsExactly(1L, 2L);
    }

    /** A slot that held an id holds another event the next time round. */
    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void shouldGiveTheIdToNoOtherEventOfItsSlot(ProducerMode mode) throws Exception {
        EventEngine engine = engines.start(config(100).ringSize(2).producerMode(mode).publishTimeout(LONG), handler);
        for (int i = 1; i <= 20; i++) {
            engine.publish(Trade.of(i), id(i));
            engine.publish(Trade.of(i));
            engine.publish(Trade.of(i));
        }
        engine.close(LONG);

        List<Entry> events = journal.events();
        assertThat(events).hasSize(60);
        for (int i = 0; i < 60; i++) {
            assertThat(idOf(events.get(i))).isEqualTo(id(i % 3 == 0 ? i / 3 + 1 : 0));
        }
    }

    @Test
    void shouldPublishOneOfManyThatComeAtOnce() throws Exception {
        int threads = 4;
        int messages = 2_000;
        EventEngine engine = engines.start(config(messages * 2).ringSize(64).publishTimeout(LONG), handler);
        CyclicBarrier together = new CyclicBarrier(threads);
        List<CompletableFuture<List<Long>>> answers = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            boolean tries = thread == 0;
            answers.add(Background.call(() -> {
                List<Long> sequences = new ArrayList<>();
                together.await();
                for (int i = 1; i <= messages; i++) {
                    sequences.add(tries ? tryUntilPublished(engine, i) : engine.publish(Trade.of(i), id(i)));
                    if (i % 10 == 0) {
                        engine.publish(new Note(i));
                    }
                }
                return sequences;
            }));
        }

        List<Long> first = answers.get(0).get(60, TimeUnit.SECONDS);
        for (CompletableFuture<List<Long>> answer : answers) {
            assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(first);
        }
        engine.close(LONG);
        assertThat(journal.events().stream().filter(event -> event.typeName().equals("trade")).map(Entry::sequence))
                .containsExactlyElementsOf(first);
        assertThat(journal.violations()).isEmpty();
    }

    private static long tryUntilPublished(EventEngine engine, int i) {
        long[] sequence = new long[1];
        Eventually.until("a free place", () ->
                (sequence[0] = engine.tryPublish(Trade.of(i), id(i))) != EventEngine.RING_FULL);
        return sequence[0];
    }

    @Test
    void shouldRememberAnIdExactlyAsFarAsTheWindowReaches() {
        EventEngine engine = startHeldBack(config(5), engines.gate());
        assertThat(engine.publish(Trade.of(1), id(1))).isEqualTo(1);
        for (int i = 2; i <= 9; i++) {
            // Events without an id move nothing.
            assertThat(engine.publish(Trade.of(i))).isEqualTo(i);
        }
        assertThat(engine.publish(Trade.of(99), id(1))).as("newest with an id: 1").isEqualTo(1);

        assertThat(engine.publish(Trade.of(10), id(10))).isEqualTo(10);
        for (int i = 11; i <= 13; i++) {
            engine.publish(Trade.of(i));
        }
        assertThat(engine.publish(Trade.of(14), id(14))).isEqualTo(14);
        assertThat(engine.publish(Trade.of(99), id(10))).as("10 > 14 - 5").isEqualTo(10);
        assertThat(engine.publish(Trade.of(15), id(15))).isEqualTo(15);
        assertThat(engine.publish(Trade.of(99), id(14))).as("14 > 15 - 5").isEqualTo(14);
        assertThat(engine.publish(Trade.of(16), id(10))).as("10 <= 15 - 5").isEqualTo(16);
        assertThat(engine.publish(Trade.of(17), id(1))).as("1 <= 16 - 5").isEqualTo(17);
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void shouldRememberIdsAcrossARestart(ProducerMode mode) throws Exception {
        Gate gate = engines.gate();
        EventEngine first = startHeldBack(config(5).producerMode(mode), gate);
        for (int i = 1; i <= 10; i++) {
            assertThat(first.publish(Trade.of(i), id(i))).isEqualTo(i);
        }
        gate.open();
        first.close(LONG);

        EventEngine second = engines.start(config(5).producerMode(mode), handler);

        for (int i = 6; i <= 10; i++) {
            assertThat(second.publish(Trade.of(99), id(i))).as("the last five").isEqualTo(i);
        }
        assertThat(second.publish(Trade.of(11), id(5))).as("the sixth last").isGreaterThan(10);
        second.close(LONG);
        assertThat(journal.events()).hasSize(11);
    }

    @Test
    void shouldBringBackOnlyTheIdsOfTheLastSequencesInTheJournal() throws Exception {
        Gate gate = engines.gate();
        EventEngine first = startHeldBack(config(5), gate);
        first.publish(Trade.of(1), id(1));
        first.publish(Trade.of(2), id(2));
        for (int i = 3; i <= 6; i++) {
            first.publish(Trade.of(i));
        }
        assertThat(first.publish(Trade.of(99), id(1))).isEqualTo(1);
        gate.open();
        first.close(LONG);

        EventEngine second = engines.start(config(5), handler);

        assertThat(second.publish(Trade.of(99), id(2))).isEqualTo(2);
        assertThat(second.publish(Trade.of(7), id(1))).isGreaterThan(6);
    }

    @Test
    void shouldAnswerWithTheNewerSequenceWhenAWiderWindowFindsAnIdTwice() throws Exception {
        Gate gate = engines.gate();
        EventEngine narrow = startHeldBack(config(1), gate);
        narrow.publish(Trade.of(1), id(1));
        narrow.publish(Trade.of(2), id(2));
        long again = narrow.publish(Trade.of(3), id(1));
        gate.open();
        narrow.close(LONG);

        EventEngine wide = engines.start(config(100), handler);

        assertThat(again).isEqualTo(3);
        assertThat(wide.publish(Trade.of(99), id(1))).isEqualTo(again);
    }

    /** At any instant: what survived is known, what did not is published anew, and once. */
    @Test
    void shouldForgetTheIdsOfEventsThatACrashLost() throws Exception {
        journal.batchBytes(1);
        EventEngine before = engines.start(config(100), handler);
        for (int i = 1; i <= 6; i++) {
            before.await(Watermark.HANDLED, before.publish(Trade.of(i), id(i)), LONG);
        }
        ListJournal whole = journal;
        int documents = whole.documentCount();
        before.close(LONG);

        for (int surviving = 0; surviving <= documents; surviving++) {
            journal = whole.afterCrashAt(surviving);
            List<Entry> survivors = journal.events();
            EventEngine after = engines.start(config(100), new RecordingHandler());
            for (int i = 1; i <= 6; i++) {
                long sequence = after.publish(Trade.of(i), id(i));
                if (i <= survivors.size()) {
                    assertThat(sequence).isEqualTo(survivors.get(i - 1).sequence());
                } else {
                    assertThat(sequence).isGreaterThan(survivors.size());
                    assertThat(after.publish(Trade.of(i), id(i))).isEqualTo(sequence);
                }
            }
            after.close(LONG);
            assertThat(journal.events()).extracting(MessageIdTest::idOf).as("after %s documents", surviving)
                    .containsExactly(id(1), id(2), id(3), id(4), id(5), id(6));
        }
    }

    /** Encodes while it is told to. */
    private static final class Moody implements EventCodec<Moody.Event> {

        final AtomicBoolean fails = new AtomicBoolean();
        volatile Runnable whileEncoding = () -> { };

        record Event(long id) {
        }

        @Override
        public void encode(Event event, ByteBuffer target) {
            whileEncoding.run();
            target.putLong(event.id);
            if (fails.get()) {
                throw new IllegalStateException("moody");
            }
        }

        @Override
        public Event decode(ByteBuffer source, int version, Event reuse) {
            return new Event(source.getLong());
        }
    }

    private EventEngine startMoody(EventEngineConfig config, Moody moody) {
        EventEngine engine = engines.make(config);
        engine.register(EventType.named("moody", Moody.Event.class).codec(moody));
        engine.subscribe(all("handler", handler));
        engine.start();
        return engine;
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void shouldLeaveTheIdUnusedWhenTheEventCannotBeMade(ProducerMode mode) throws Exception {
        Moody moody = new Moody();
        EventEngine engine = startMoody(config(100).ringSize(2).producerMode(mode), moody);
        moody.fails.set(true);
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> engine.publish(new Moody.Event(1), ID)).isInstanceOf(EncodingException.class);
            assertThatThrownBy(() -> engine.publish(Tick.TYPE, (tick, none) -> {
                throw new IllegalStateException("no filling");
            }, null, 7, 11)).hasMessage("no filling");
        }
        moody.fails.set(false);
        assertThat(journal.events()).isEmpty();

        long published = engine.publish(new Moody.Event(1), ID);

        assertThat(published).isGreaterThan(10);
        assertThat(engine.publish(new Moody.Event(2), ID)).isEqualTo(published);
        // The places that went by as void held the id; whoever comes into them does not.
        engine.publish(Trade.of(1));
        engine.publish(Trade.of(2));
        engine.close(LONG);
        assertThat(journal.events()).extracting(MessageIdTest::idOf).containsExactly(ID, id(0), id(0));
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void shouldRefusePublishingUnderAnIdFromWithinTheEncodingOfAnother(ProducerMode mode) {
        Moody moody = new Moody();
        EventEngine engine = startMoody(config(100).producerMode(mode), moody);
        AtomicReference<Throwable> inner = new AtomicReference<>();
        moody.whileEncoding = () -> {
            try {
                engine.publish(Trade.of(1), id(1));
            } catch (RuntimeException e) {
                inner.set(e);
            }
        };

        long outer = engine.publish(new Moody.Event(1), ID);

        assertThat(inner.get()).isInstanceOf(EngineStateException.class).hasMessageContaining("from within");
        moody.whileEncoding = () -> { };
        assertThat(engine.publish(new Moody.Event(1), ID)).isEqualTo(outer);
        assertThat(engine.publish(Trade.of(1), id(1))).isGreaterThan(outer);
    }

    @Test
    void shouldRefuseIdsThatCannotBe() throws Exception {
        EventEngine engine = engines.start(config(100), handler);

        for (ThrowingCallable zero : List.<ThrowingCallable>of(() -> engine.publish(Trade.of(1), new UUID(0, 0)),
                () -> engine.publish(Trade.of(1), 0, 0), () -> engine.tryPublish(Trade.of(1), 0, 0),
                () -> engine.publish(Tick.TYPE, Tick.FROM_CURSOR, new Tick.Cursor(), 0, 0),
                () -> engine.tryPublish(Tick.TYPE, Tick.FROM_CURSOR, new Tick.Cursor(), 0, 0))) {
            assertThatThrownBy(zero).isInstanceOf(InvalidEventException.class).hasMessageEndingWith("messageId=0/0");
        }
        assertThatThrownBy(() -> engine.publish(Trade.of(1), (UUID) null)).isInstanceOf(InvalidEventException.class)
                .hasMessageEndingWith("messageId=null");
        assertThatThrownBy(() -> engine.tryPublish(Trade.of(1), (UUID) null))
                .isInstanceOf(InvalidEventException.class);
        assertThatThrownBy(() -> engine.publish(null, ID)).isInstanceOf(InvalidEventException.class);
        assertThatThrownBy(() -> engine.publish(Tick.TYPE, null, null, 7, 11))
                .isInstanceOf(InvalidEventException.class).hasMessageEndingWith("filler=null");
        assertThatThrownBy(() -> engine.publish("text", ID)).isInstanceOf(UnregisteredEventTypeException.class);

        assertThat(engine.publish(Trade.of(1), ID)).as("nothing of it took a sequence").isEqualTo(1);
    }

    @Test
    void shouldRefuseIdsWhereNoneAreRemembered() throws Exception {
        EventEngine engine = engines.start(config(0), handler);

        for (ThrowingCallable publish : waysToPublish(engine)) {
            assertThatThrownBy(publish).isInstanceOf(InvalidConfigurationException.class)
                    .hasMessageEndingWith("messageIdWindow=0");
        }
        assertThat(engine.publish(Trade.of(1))).isOne();
    }

    private static List<ThrowingCallable> waysToPublish(EventEngine engine) {
        return List.of(() -> engine.publish(Trade.of(1), ID), () -> engine.tryPublish(Trade.of(1), ID),
                () -> engine.publish(Trade.of(1), 7, 11), () -> engine.tryPublish(Trade.of(1), 7, 11),
                () -> engine.publish(Tick.TYPE, Tick.FROM_CURSOR, new Tick.Cursor(), 7, 11),
                () -> engine.tryPublish(Tick.TYPE, Tick.FROM_CURSOR, new Tick.Cursor(), 7, 11));
    }

    @Test
    void shouldRefuseAnIdBeforeTheStartAndAfterTheCloseKnownOrNot() throws Exception {
        EventEngine engine = engines.make(config(100));
        for (ThrowingCallable publish : waysToPublish(engine)) {
            assertThatThrownBy(publish).isExactlyInstanceOf(EngineStateException.class)
                    .hasMessageEndingWith("state=NEW");
        }
        engine.start();
        engine.publish(Trade.of(1), ID);
        engine.close(LONG);
        for (ThrowingCallable publish : waysToPublish(engine)) {
            assertThatThrownBy(publish).isInstanceOf(EngineClosedException.class).hasMessageEndingWith("state=CLOSED");
        }
    }

    @Test
    void shouldRefuseASecondThreadOfASingleProducerEvenAKnownId() throws Exception {
        EventEngine engine = engines.start(config(100).producerMode(ProducerMode.SINGLE), handler);
        long first = engine.publish(Trade.of(1), ID);

        for (UUID id : List.of(ID, id(2))) {
            assertThatThrownBy(() -> Background.call(() -> engine.publish(Trade.of(2), id)).get(60, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class).hasCauseInstanceOf(WrongProducerThreadException.class);
        }
        assertThat(engine.publish(Trade.of(3), ID)).isEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void shouldAnswerAKnownIdAndRefuseANewOneWhileTheRingIsFull(ProducerMode mode) throws Exception {
        Gate gate = engines.gate();
        WaitsAtGate slow = WaitsAtGate.of(gate);
        EventEngine engine = engines.start(config(100).ringSize(2).producerMode(mode)
                .publishTimeout(Duration.ofMillis(20)), slow);
        engine.publish(Trade.of(1), id(1));
        engine.publish(Trade.of(2), id(2));

        assertThat(engine.publish(Trade.of(99), id(1))).isEqualTo(1);
        assertThat(engine.tryPublish(Trade.of(99), id(2))).isEqualTo(2);
        assertThat(engine.tryPublish(Trade.of(3), id(3))).isEqualTo(EventEngine.RING_FULL);
        assertThatThrownBy(() -> engine.publish(Trade.of(3), id(3))).isInstanceOf(RingFullException.class)
                .hasMessageContaining("priority 100").hasMessageEndingWith("ringSize=2");

        gate.open();
        long[] third = new long[1];
        Eventually.until("a free place", () ->
                (third[0] = engine.tryPublish(Trade.of(3), id(3))) != EventEngine.RING_FULL);
        assertThat(engine.publish(Trade.of(99), id(3))).isEqualTo(third[0]);
        engine.await(Watermark.HANDLED, third[0], LONG);
        assertThat(slow.ids()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void shouldLetOthersAskWhileOneWaitsForAFullRingAndThenPublishOnce() throws Exception {
        Gate gate = engines.gate();
        EventEngine engine = engines.start(config(100).ringSize(2).publishTimeout(LONG), WaitsAtGate.of(gate));
        engine.publish(Trade.of(1), id(1));
        engine.publish(Trade.of(2), id(2));
        List<CompletableFuture<Long>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(Background.call(() -> engine.publish(Trade.of(3), id(3))));
        }
        for (int i = 0; i < 100; i++) {
            assertThat(engine.publish(Trade.of(99), id(1))).isEqualTo(1);
        }
        assertThat(waiting).noneMatch(CompletableFuture::isDone);

        gate.open();

        long published = waiting.get(0).get(60, TimeUnit.SECONDS);
        assertThat(published).isGreaterThan(2);
        for (CompletableFuture<Long> each : waiting) {
            assertThat(each.get(60, TimeUnit.SECONDS)).isEqualTo(published);
        }
        engine.close(LONG);
        assertThat(journal.events()).hasSize(3);
    }

    @Test
    void shouldFreeAPublisherThatWaitsAtClose() throws Exception {
        Gate gate = engines.gate();
        WaitsAtGate slow = WaitsAtGate.of(gate);
        EventEngine engine = engines.start(config(100).ringSize(2).publishTimeout(LONG), slow);
        engine.publish(Trade.of(1), id(1));
        engine.publish(Trade.of(2), id(2));
        CompletableFuture<Long> waiting = Background.call(() -> engine.publish(Trade.of(3), id(3)));
        slow.awaitCount(1);

        CompletableFuture<CloseReport> report = engine.closeAsync(LONG);

        assertThatThrownBy(() -> waiting.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(EngineClosedException.class);
        gate.open();
        assertThat(report.get(60, TimeUnit.SECONDS).drained()).isTrue();
        assertThat(journal.events()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void shouldNotLetAHandlerWaitForItself(ProducerMode mode) throws Exception {
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        AtomicReference<Long> known = new AtomicReference<>();
        EventEngine engine = engines.make(config(100).ringSize(2).producerMode(mode));
        engine.subscribe(all("greedy", (event, context) -> {
            try {
                for (int i = 1; event instanceof Trade && i <= 3; i++) {
                    known.set(engine.publish(new Note(i), 0, 1));
                    engine.publish(new Note(i), 1, i);
                }
            } catch (RuntimeException e) {
                refusal.set(e);
            }
        }));
        engine.start();

        long sequence = mode == ProducerMode.SINGLE ? engine.publish(Trade.of(1)) : engine.publish(Trade.of(1), id(1));
        engine.await(Watermark.HANDLED, sequence, LONG);

        if (mode == ProducerMode.SINGLE) {
            assertThat(refusal.get()).isInstanceOf(WrongProducerThreadException.class);
        } else {
            assertThat(refusal.get()).isInstanceOf(CalledFromHandlerException.class);
            assertThat(known.get()).isEqualTo(sequence);
        }
    }
}
