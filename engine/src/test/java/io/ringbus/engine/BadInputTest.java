package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.ringbus.engine.error.EncodingException;
import io.ringbus.engine.error.EngineClosedException;
import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.error.EventTooLargeException;
import io.ringbus.engine.error.InvalidConfigurationException;
import io.ringbus.engine.error.InvalidEventException;
import io.ringbus.engine.error.RingFullException;
import io.ringbus.engine.error.SubscriptionRefusedException;
import io.ringbus.engine.error.UnregisteredEventTypeException;
import io.ringbus.engine.error.WatermarkTimeoutException;
import io.ringbus.engine.error.WrongProducerThreadException;
import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.support.Background;
import io.ringbus.engine.support.Gate;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.RecordingHandler;
import io.ringbus.engine.support.Tick;
import io.ringbus.engine.support.Trade;
import io.ringbus.engine.support.WaitsAtGate;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** "Bad input, and what it gets": a typed exception that names the value and the remedy, and nothing else disturbed. */
class BadInputTest {

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final RecordingHandler handler = new RecordingHandler();
    private final ListJournal journal = new ListJournal();

    @Test
    void shouldRefuseEventsBeforeTheStartAndAfterTheClose() throws Exception {
        EventEngine engine = engines.make(new EventEngineConfig().journal(journal));
        engine.subscribe(all("handler", handler));
        for (ThrowingCallable publish : waysToPublish(engine)) {
            assertThatThrownBy(publish).isExactlyInstanceOf(EngineStateException.class)
                    .hasMessageContaining("after start()").hasMessageEndingWith("state=NEW");
        }
        assertThatThrownBy(() -> engine.await(Watermark.HANDLED, 1, LONG)).isInstanceOf(EngineStateException.class);
        assertThatThrownBy(engine::statistics).isInstanceOf(EngineStateException.class);
        assertThatThrownBy(engine::clearDeadLetters).isInstanceOf(EngineStateException.class);

        engine.start();
        assertGoesOn(engine, 1);
        engine.close(LONG);

        for (ThrowingCallable publish : waysToPublish(engine)) {
            assertThatThrownBy(publish).isInstanceOf(EngineClosedException.class).hasMessageEndingWith("state=CLOSED");
        }
        assertThatThrownBy(() -> engine.await(Watermark.HANDLED, 99, LONG)).isInstanceOf(EngineClosedException.class);
        assertThatThrownBy(engine::clearDeadLetters).isInstanceOf(EngineClosedException.class);
        engine.await(Watermark.HANDLED, 1, LONG);
        assertThat(engine.statistics().subscription("handler").handled()).isOne();
    }

    private static List<ThrowingCallable> waysToPublish(EventEngine engine) {
        return List.of(() -> engine.publish(Trade.of(1)), () -> engine.tryPublish(Trade.of(1)),
                () -> engine.publish(Tick.TYPE, tick -> tick.id = 1),
                () -> engine.publish(Tick.TYPE, Tick.FROM_CURSOR, new Tick.Cursor()),
                () -> engine.tryPublish(Tick.TYPE, Tick.FROM_CURSOR, new Tick.Cursor()),
                () -> engine.publishAll(List.of(Trade.of(1), Trade.of(2))),
                () -> engine.tryPublishAll(List.of(Trade.of(1))));
    }

    @Test
    void shouldRefuseStartingTwiceAndTypesForARunningEngine() throws Exception {
        EventEngine engine = engines.start(new EventEngineConfig(), handler);

        assertThatThrownBy(engine::start).isInstanceOf(EngineStateException.class).hasMessageEndingWith("state=RUNNING");
        assertThatThrownBy(() -> engine.register(EventType.named("late", Late.class)))
                .isInstanceOf(EngineStateException.class).hasMessageContaining("before start()");
        assertThatThrownBy(() -> engine.subscribe(all("handler", new RecordingHandler())))
                .isInstanceOf(SubscriptionRefusedException.class).hasMessageContaining("exists");

        assertGoesOn(engine, 1);
        engine.close(LONG);
        assertThatThrownBy(() -> engine.subscribe(all("late", new RecordingHandler())))
                .isInstanceOf(EngineClosedException.class).hasMessageEndingWith("state=CLOSED");
        assertThatThrownBy(engine::start).isInstanceOf(EngineStateException.class).hasMessageEndingWith("state=CLOSED");
    }

    private record Late(long id) {
    }

    @Test
    void shouldCloseAnEngineThatNeverStarted() {
        EventEngine engine = engines.make(new EventEngineConfig().journal(journal));

        assertThat(engine.close(LONG).drained()).isTrue();

        assertThatThrownBy(engine::start).isInstanceOf(EngineStateException.class).hasMessageEndingWith("state=CLOSED");
        assertThat(journal.isLocked()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void shouldRefuseWhatIsNotRegistered(ProducerMode mode) throws Exception {
        EventEngine engine = engines.start(new EventEngineConfig().producerMode(mode).journal(journal), handler);

        assertThatThrownBy(() -> engine.publish("text")).isInstanceOf(UnregisteredEventTypeException.class)
                .hasMessageContaining("engine.register").hasMessageEndingWith("class=java.lang.String");
        assertThatThrownBy(() -> engine.publishAll(List.of(Trade.of(1), "text")))
                .isInstanceOf(UnregisteredEventTypeException.class);
        assertThatThrownBy(() -> engine.publish(Tick.TYPE.version(2), tick -> tick.id = 1))
                .isInstanceOf(UnregisteredEventTypeException.class).hasMessageContaining("tick v2");
        assertThatThrownBy(() -> engine.publish(Note.TYPE, note -> { }))
                .isInstanceOf(UnregisteredEventTypeException.class).hasMessageContaining("preallocated")
                .hasMessageContaining("note v1");

        assertGoesOn(engine, 1);
    }

    @Test
    void shouldRefuseAnEventThatItsCopierFailsOn() throws Exception {
        EventEngine engine = new EventEngine(new EventEngineConfig().journal(journal));
        engine.register(EventType.named("fragile", Tick.class).codec(new Tick.Codec()).preallocated(Tick::new,
                (from, to) -> {
                    throw new IllegalStateException("no copy");
                }));
        engine.register(Trade.TYPE);
        engine.register(Note.TYPE);
        engine.subscribe(all("handler", handler));
        engine.start();

        assertThatThrownBy(() -> engine.publish(new Tick())).isInstanceOf(EncodingException.class)
                .hasMessageContaining("no copy").hasMessageContaining("type=fragile");

        assertGoesOn(engine, 1);
        engine.close(LONG);
    }

    @Test
    void shouldRefuseNull() throws Exception {
        EventEngine engine = engines.start(new EventEngineConfig().journal(journal), handler);

        for (ThrowingCallable publish : List.<ThrowingCallable>of(() -> engine.publish(null),
                () -> engine.tryPublish(null), () -> engine.publishAll(null), () -> engine.tryPublishAll(null),
                () -> engine.publishAll(Arrays.asList(Trade.of(1), null)))) {
            assertThatThrownBy(publish).isInstanceOf(InvalidEventException.class)
                    .hasMessageContaining("null cannot be published");
        }
        assertThatThrownBy(() -> engine.publish((EventType<Tick>) null, tick -> { }))
                .isInstanceOf(InvalidEventException.class).hasMessageEndingWith("type=null");

        assertGoesOn(engine, 1);
        assertThat(engine.publishAll(List.of())).as("nothing to publish").isZero();
        assertGoesOn(engine, 2);
    }

    /** These tests run with assertions; {@code SecondPublisherTest} sees to it without them. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRefuseASecondThreadOnASingleProducer(boolean fused) throws Exception {
        EventEngine engine = engines.start(new EventEngineConfig().producerMode(ProducerMode.SINGLE).fused(fused)
                .journal(journal), handler);
        long first = engine.publish(Trade.of(1));

        for (ThrowingCallable publish : waysToPublish(engine)) {
            Throwable refusal = Background.call(() -> catchThrowable(publish)).get();
            assertThat(refusal).isInstanceOf(WrongProducerThreadException.class).hasMessageContaining("MULTI")
                    .hasMessageContaining("owner=" + Thread.currentThread().getName()).hasMessageContaining("thread=");
        }

        long second = engine.publish(Trade.of(2));
        engine.await(Watermark.HANDLED, second, LONG);
        assertThat(handler.ids()).containsExactly(1L, 2L);
        assertThat(second).isGreaterThan(first);
    }

    @Test
    void shouldRefuseAHandlerThatPublishesBesideASingleProducer() throws Exception {
        EventEngine[] engine = new EventEngine[1];
        engine[0] = engines.make(new EventEngineConfig().producerMode(ProducerMode.SINGLE));
        engine[0].subscribe(all("publishing", (event, context) -> engine[0].tryPublish(new Note(1)))
                .retry(RetryPolicy.none()));
        engine[0].start();

        engine[0].await(Watermark.HANDLED, engine[0].publish(Trade.of(1)), LONG);

        assertThat(engine[0].deadLetters()).singleElement().satisfies(dead ->
                assertThat(dead.errorClass()).isEqualTo(WrongProducerThreadException.class.getName()));
    }

    @Test
    void shouldRefusePublishingFromWithinAFillerOfASingleProducer() throws Exception {
        EventEngine engine = engines.start(new EventEngineConfig().producerMode(ProducerMode.SINGLE).journal(journal),
                handler);

        assertThatThrownBy(() -> engine.publish(Tick.TYPE, tick -> engine.publish(Trade.of(1))))
                .isInstanceOf(EngineStateException.class).hasMessageEndingWith("producerMode=SINGLE");

        assertGoesOn(engine, 1);
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void shouldRefuseWhatIsTooLarge(ProducerMode mode) throws Exception {
        journal.maxBytes(100, 300);
        EventEngine engine = engines.start(new EventEngineConfig().ringSize(4).slotBytes(16).producerMode(mode)
                .journal(journal), handler);

        assertThatThrownBy(() -> engine.publish(new Trade(1, "x".repeat(93)))).isInstanceOf(EventTooLargeException.class)
                .hasMessageContaining("type=trade").hasMessageContaining("more than 100 bytes").hasMessageEndingWith("maxEventBytes=100");
        assertThatThrownBy(() -> engine.publish(new Trade(1, "x".repeat(10_000))))
                .isInstanceOf(EventTooLargeException.class).hasMessageEndingWith("maxEventBytes=100");
        assertThatThrownBy(() -> engine.publishAll(Collections.nCopies(5, new Note(1))))
                .isInstanceOf(EventTooLargeException.class).hasMessageContaining("events=5")
                .hasMessageEndingWith("ringSize=4");
        assertThatThrownBy(() -> engine.publishAll(Collections.nCopies(2, new Trade(1, "x".repeat(80)))))
                .isInstanceOf(EventTooLargeException.class).hasMessageContaining("bytes=378")
                .hasMessageEndingWith("maximum=300");

        Trade largest = new Trade(1, "x".repeat(92));
        engine.await(Watermark.HANDLED, engine.publish(largest), LONG);
        assertGoesOn(engine, 2);
        assertThat(journal.events().get(0).bytes()).hasSize(100);
    }

    @ParameterizedTest
    @MethodSource("codecErrors")
    void shouldPassOnWhatACodecThrows(Supplier<Throwable> error) throws Exception {
        EventEngine engine = new EventEngine(new EventEngineConfig().ringSize(4).journal(journal));
        engine.register(EventType.named("bad", Trade.class).codec(new ThrowingCodec(error)));
        engine.register(Note.TYPE);
        engine.subscribe(all("handler", handler));
        engine.start();

        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> engine.publish(Trade.of(1))).isInstanceOf(EncodingException.class)
                    .hasMessageContaining("type=bad").hasMessageContaining("as planned").hasCauseInstanceOf(
                            error.get().getClass());
            assertThatThrownBy(() -> engine.publishAll(List.of(new Note(5), Trade.of(1), new Note(6))))
                    .isInstanceOf(EncodingException.class);
        }

        assertGoesOn(engine, 1);
        assertThat(journal.events()).hasSize(1);
        assertThat(engine.statistics().published()).isOne();
        engine.close(LONG);
    }

    static Stream<Named<Supplier<Throwable>>> codecErrors() {
        return Stream.of(Named.of("an exception", () -> new IllegalStateException("as planned")),
                Named.of("a stack overflow", () -> new StackOverflowError("as planned")),
                Named.of("a failed assertion", () -> new AssertionError("as planned")),
                Named.of("a missing class", () -> new NoClassDefFoundError("as planned")));
    }

    private record ThrowingCodec(Supplier<Throwable> error) implements EventCodec<Trade> {

        @Override
        public void encode(Trade event, ByteBuffer target) {
            target.putLong(event.id());
            Throwable thrown = error.get();
            if (thrown instanceof Error fatal) {
                throw fatal;
            }
            throw (RuntimeException) thrown;
        }

        @Override
        public Trade decode(ByteBuffer source, int version, Trade reuse) {
            throw new AssertionError("nothing of this type is in the journal");
        }
    }

    /** A codec may set the byte order of the buffer it is given; the next one to use it must not notice. */
    @Test
    void shouldGiveEachCodecALittleEndianBuffer() throws Exception {
        EventEngine engine = new EventEngine(new EventEngineConfig().ringSize(2).journal(journal));
        engine.register(EventType.named("big", Trade.class).codec(new BigEndianCodec()));
        engine.register(Note.TYPE);
        engine.subscribe(all("handler", handler));
        engine.start();
        for (int i = 1; i <= 6; i++) {
            engine.await(Watermark.HANDLED, engine.publish(i % 3 == 0 ? Trade.of(i) : new Note(i)), LONG);
        }
        engine.close(LONG);

        assertThat(journal.events()).filteredOn(e -> e.typeName().equals("note"))
                .extracting(e -> ByteBuffer.wrap(e.bytes()).order(ByteOrder.LITTLE_ENDIAN).getLong())
                .containsExactly(1L, 2L, 4L, 5L);
    }

    private static final class BigEndianCodec implements EventCodec<Trade> {

        @Override
        public void encode(Trade event, ByteBuffer target) {
            target.order(ByteOrder.BIG_ENDIAN).putLong(event.id());
        }

        @Override
        public Trade decode(ByteBuffer source, int version, Trade reuse) {
            return Trade.of(source.order(ByteOrder.BIG_ENDIAN).getLong());
        }
    }

    @Test
    void shouldPassOnWhatAFillerOrAnAggregateFunctionThrows() throws Exception {
        EventEngine engine = new EventEngine(new EventEngineConfig());
        engine.register(Tick.TYPE);
        engine.register(Note.TYPE);
        engine.register(Trade.TYPE.aggregateKey("account", trade -> {
            throw new IllegalStateException("no account");
        }));
        engine.subscribe(all("handler", handler));
        engine.start();
        IllegalArgumentException own = new IllegalArgumentException("not a tick");

        assertThatThrownBy(() -> engine.publish(Tick.TYPE, tick -> {
            throw own;
        })).isSameAs(own);
        assertThatThrownBy(() -> engine.publish(Trade.of(1))).isInstanceOf(EncodingException.class)
                .hasMessageContaining("no account").hasMessageContaining("type=trade");

        assertGoesOn(engine, 1);
        assertThat(engine.statistics().published()).isOne();
        engine.close(LONG);
    }

    @Test
    void shouldRefuseAnAggregateThatTheJournalHasNoRoomFor() throws Exception {
        EventEngine engine = new EventEngine(new EventEngineConfig().journal(new ListJournal()));
        engine.register(Tick.TYPE);
        engine.register(Note.TYPE);
        engine.register(Trade.TYPE.aggregateKey("account", trade -> "\u20ac".repeat((int) trade.id())));
        engine.subscribe(all("handler", handler));
        engine.start();

        assertThatThrownBy(() -> engine.publish(Trade.of(21_846))).isInstanceOf(EventTooLargeException.class)
                .hasMessageContaining("aggregate key").hasMessageEndingWith("bytes=65538");
        assertThat(engine.publish(Trade.of(21_845))).isEqualTo(2);

        engine.close(LONG);
        assertThat(handler.sequences()).containsExactly(2L);
    }

    @ParameterizedTest
    @MethodSource("badConfigurations")
    void shouldRefuseAConfigurationThatCannotWork(Consumer<EventEngineConfig> change, String ending) {
        EventEngineConfig config = new EventEngineConfig();
        change.accept(config);

        assertThatThrownBy(() -> new EventEngine(config)).isInstanceOf(InvalidConfigurationException.class)
                .hasMessageEndingWith(ending);
    }

    static Stream<Arguments> badConfigurations() {
        return Stream.of(bad(c -> c.ringSize(0), "ringSize=0"), bad(c -> c.ringSize(1), "ringSize=1"),
                bad(c -> c.ringSize(-4), "ringSize=-4"), bad(c -> c.ringSize(1_000), "ringSize=1000"),
                bad(c -> c.ringSize(1 << 25), "ringSize=33554432"), bad(c -> c.slotBytes(15), "slotBytes=15"),
                bad(c -> c.slotBytes(65_537), "slotBytes=65537"),
                bad(c -> c.ringSize(1 << 24).slotBytes(65_536), "ringSize*slotBytes=1099511627776"),
                bad(c -> c.name(" "), "name= "), bad(c -> c.name(null), "name=null"),
                bad(c -> c.producerMode(null), "producerMode=null"), bad(c -> c.waitMode(null), "waitMode=null"),
                bad(c -> c.publishTimeout(Duration.ofMillis(-1)), "publishTimeout=PT-0.001S"),
                bad(c -> c.publishTimeout(null), "publishTimeout=null"),
                bad(c -> c.publishTimeout(Duration.ofDays(366)), "publishTimeout=PT8784H"),
                bad(c -> c.checkpointInterval(Duration.ZERO), "checkpointInterval=PT0S"),
                bad(c -> c.checkpointInterval(null), "checkpointInterval=null"),
                bad(c -> c.deadLettersInMemory(0), "deadLettersInMemory=0"),
                bad(c -> c.timeEvery(0), "timeEvery=0"),
                bad(c -> c.messageIdWindow(-1), "messageIdWindow=-1"),
                bad(c -> c.messageIdWindow((1 << 24) + 1), "messageIdWindow=16777217"),
                bad(c -> c.journal(null), "journal=null"), bad(c -> c.clock(null), "clock=null"),
                bad(c -> c.recoveryProgress(null), "recoveryProgress=null"));
    }

    private static Arguments bad(Consumer<EventEngineConfig> change, String ending) {
        return Arguments.of(Named.of(ending, change), ending);
    }

    @Test
    void shouldRefuseRetryPoliciesThatCannotWork() {
        RetryPolicy policy = RetryPolicy.defaults();
        assertRefused(() -> RetryPolicy.exponential(Duration.ofMillis(-1)), "initialDelay=PT-0.001S");
        assertRefused(() -> RetryPolicy.exponential(null), "initialDelay=null");
        assertRefused(() -> policy.factor(0.99), "factor=0.99");
        assertRefused(() -> policy.factor(Double.NaN), "factor=NaN");
        assertRefused(() -> policy.factor(Double.POSITIVE_INFINITY), "factor=Infinity");
        assertRefused(() -> policy.jitter(1.01), "jitter=1.01");
        assertRefused(() -> policy.jitter(-0.01), "jitter=-0.01");
        assertRefused(() -> policy.jitter(Double.NaN), "jitter=NaN");
        assertRefused(() -> policy.maxAttempts(0), "maxAttempts=0");
        assertRefused(() -> policy.maxDelay(Duration.ofMillis(9)), "maxDelay=PT0.009S");
        assertRefused(() -> policy.maxDelay(null), "maxDelay=null");
        assertRefused(() -> policy.maxTotalTime(Duration.ofMillis(-1)), "maxTotalTime=PT-0.001S");
        assertRefused(() -> policy.maxTotalTime(null), "maxTotalTime=null");
    }

    private static void assertRefused(ThrowingCallable call, String ending) {
        assertThatThrownBy(call).isInstanceOf(InvalidConfigurationException.class).hasMessageEndingWith(ending);
    }

    @Test
    void shouldRefuseEventTypesThatCannotBeTold() {
        EventEngine engine = engines.make(new EventEngineConfig());

        assertThatThrownBy(() -> engine.register(EventType.named("trade", Late.class)))
                .isInstanceOf(InvalidConfigurationException.class).hasMessageContaining("trade");
        assertThatThrownBy(() -> engine.register(EventType.named("other", Trade.class)))
                .isInstanceOf(InvalidConfigurationException.class).hasMessageContaining("other");
        for (String name : Arrays.asList("", "-x", "a b", "ü", "x".repeat(129), null)) {
            assertThatThrownBy(() -> EventType.named(name, Late.class)).hasMessageEndingWith("name=" + name);
        }
        assertThatThrownBy(() -> Trade.TYPE.version(0)).hasMessageEndingWith("version=0");
        assertThatThrownBy(() -> Trade.TYPE.version(65_536)).hasMessageEndingWith("version=65536");
    }

    @Test
    void shouldRefuseSubscriptionsThatCannotWork() throws Exception {
        EventEngine engine = engines.make(new EventEngineConfig());
        engine.subscribe(all("handler", handler));

        for (String name : Arrays.asList("", " ", "x".repeat(129), null)) {
            assertThatThrownBy(() -> engine.subscribe(all(name, handler)))
                    .isInstanceOf(SubscriptionRefusedException.class).hasMessageEndingWith("name=" + name);
        }
        assertThatThrownBy(() -> engine.subscribe(all("handler", new RecordingHandler())))
                .isInstanceOf(SubscriptionRefusedException.class).hasMessageEndingWith("name=handler");
        assertThatThrownBy(() -> engine.subscribe(SubscriptionConfig.to(Late.class, (e, c) -> { }).name("x")))
                .isInstanceOf(SubscriptionRefusedException.class).hasMessageContaining(Late.class.getName());
        assertThatThrownBy(() -> engine.subscribe(all("x", handler).startAt(null).recovery(RecoveryMode.REBUILD)
                .retry(RetryPolicy.defaults()))).isInstanceOf(SubscriptionRefusedException.class)
                .hasMessageContaining("depend on the clock").hasMessageContaining("subscription=x");
        for (RecoveryMode mode : List.of(RecoveryMode.REBUILD, RecoveryMode.LIVE)) {
            assertThatThrownBy(() -> engine.subscribe(all("x", handler).recovery(mode).startAt(StartPosition.LATEST)))
                    .isInstanceOf(SubscriptionRefusedException.class).hasMessageEndingWith("startAt=LATEST");
        }

        engine.subscribe(all("x", new RecordingHandler()).startAt(null).recovery(RecoveryMode.REBUILD)
                .retry(RetryPolicy.none()));
        engine.start();
        assertGoesOn(engine, 1);
    }

    @Test
    void shouldRefuseToWaitForWhatNeverComes() throws Exception {
        EventEngine inMemory = engines.start(new EventEngineConfig(), handler);
        long sequence = inMemory.publish(Trade.of(1));

        assertThatThrownBy(() -> inMemory.await(Watermark.JOURNALED, sequence, LONG))
                .isInstanceOf(EngineStateException.class).hasMessageEndingWith("watermark=JOURNALED");
        assertThatThrownBy(() -> inMemory.await(Watermark.SYNCED, sequence, LONG))
                .isInstanceOf(EngineStateException.class).hasMessageEndingWith("watermark=SYNCED");
        assertThatThrownBy(() -> inMemory.await(Watermark.HANDLED, sequence + 1_000, Duration.ofMillis(1)))
                .isInstanceOf(WatermarkTimeoutException.class).hasMessageContaining("watermark=HANDLED")
                .hasMessageContaining("sequence=" + (sequence + 1_000)).hasMessageContaining("reached=");
        assertThatThrownBy(() -> inMemory.await(Watermark.HANDLED, 1_000, Duration.ofSeconds(-1)))
                .isInstanceOf(WatermarkTimeoutException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> inMemory.await(Watermark.HANDLED, sequence + 1_000, LONG))
                .isInstanceOf(InterruptedException.class);

        EventEngine unsynced = engines.start(new EventEngineConfig().journal(journal), new RecordingHandler());
        assertThatThrownBy(() -> unsynced.await(Watermark.SYNCED, 1, LONG))
                .isInstanceOf(EngineStateException.class).hasMessageContaining("BATCH");
    }

    @Test
    void shouldRefuseToClearDeadLettersWhileTheRingIsFull() {
        Gate gate = engines.gate();
        WaitsAtGate waiting = WaitsAtGate.of(gate);
        EventEngine engine = engines.start(new EventEngineConfig().ringSize(2).publishTimeout(Duration.ofMillis(20)),
                waiting);
        engine.publish(Trade.of(1));
        engine.publish(Trade.of(2));

        assertThatThrownBy(engine::clearDeadLetters)
                .isInstanceOf(RingFullException.class).hasMessageEndingWith("ringSize=2");

        gate.open();
        waiting.awaitCount(2);
    }

    /** The next good event is published, has the next higher sequence, and comes to the handler. */
    private void assertGoesOn(EventEngine engine, long id) throws InterruptedException {
        int before = handler.count();
        long sequence = engine.publish(new Note(id));
        engine.await(Watermark.HANDLED, sequence, LONG);
        assertThat(handler.count()).isEqualTo(before + 1);
        assertThat(handler.ids()).endsWith(id);
        assertThat(handler.sequences()).isSorted().endsWith(sequence);
        assertThat(journal.violations()).isEmpty();
    }
}
