package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.engine.error.EngineClosedException;
import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.error.SubscriptionRefusedException;
import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.stats.EngineStatistics.StageStatistics;
import io.ringbus.engine.support.Background;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.FailsFirstAttempts;
import io.ringbus.engine.support.Gate;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.ManualClock;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.RecordingHandler;
import io.ringbus.engine.support.RecordingHandler.Delivered;
import io.ringbus.engine.support.Tick;
import io.ringbus.engine.support.WaitsAtGate;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a subscription that comes to a running engine is given of the past; what a restart knows of one that went. */
class ChangingJournaledChainTest {

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private static final int BURST = 500;

    private final ManualClock clock = new ManualClock();
    private ListJournal journal = new ListJournal();

    private EventEngine start(EventEngineConfig config, RecordingHandler handler) {
        return engines.start(config.journal(journal).clock(clock), handler);
    }

    private static SubscriptionConfig<Numbered> named(String name, EventHandler<Numbered> handler) {
        return SubscriptionConfig.to(Numbered.class, handler).name(name);
    }

    private static long publish(EventEngine engine, long from, long to) throws InterruptedException {
        long last = 0;
        for (long id = from; id <= to; id++) {
            last = engine.publish(new Note(id));
        }
        engine.await(Watermark.HANDLED, last, LONG);
        return last;
    }

    private static Long[] ids(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toArray(Long[]::new);
    }

    @ParameterizedTest
    @CsvSource({"false, 100", "false, 50", "false, 200", "true, 100", "true, 50"})
    void shouldGiveARebuildingSubscriptionAllThatWasAndThenAllThatComes(boolean fused, int priority) throws Exception {
        RecordingHandler old = new RecordingHandler();
        RecordingHandler added = new RecordingHandler();
        EventEngine engine = start(new EventEngineConfig().fused(fused), old);
        publish(engine, 1, 200);
        engine.publish(Tick.TYPE, Tick.FROM_CURSOR, new Tick.Cursor());

        Subscription subscription = engine.subscribe(named("added", added).recovery(RecoveryMode.REBUILD)
                .priority(priority));
        assertThat(added.count()).as("before the call returns").isEqualTo(201);
        publish(engine, 201, 210);

        assertThat(subscription.effectiveFrom()).isOne();
        assertThat(added.ids()).isEqualTo(old.ids());
        assertThat(added.sequences()).isEqualTo(old.sequences());
        assertThat(added.deliveries()).extracting(Delivered::timestamp)
                .isEqualTo(old.deliveries().stream().map(Delivered::timestamp).toList());
        assertThat(added.deliveries().stream().filter(Delivered::replaying)).hasSize(201);
        assertThat(added.calls()).containsSubsequence("start", "event 1", "batch end", "event 210");
        assertThat(added.deliveries().get(200).endOfBatch()).isTrue();
        assertThat(old.count()).isEqualTo(211);
        assertThat(journal.violations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeginWhereASubscriptionNewToTheJournalAsksFor(boolean fused) throws Exception {
        EventEngine engine = start(new EventEngineConfig().fused(fused), new RecordingHandler());
        long last = publish(engine, 1, 10);
        RecordingHandler unsaid = new RecordingHandler();
        RecordingHandler latest = new RecordingHandler();
        RecordingHandler earliest = new RecordingHandler();
        RecordingHandler live = new RecordingHandler();
        assertThat(engine.subscribe(named("unsaid", unsaid)).effectiveFrom()).isGreaterThan(last);
        assertThat(engine.subscribe(named("latest", latest).startAt(StartPosition.LATEST)).effectiveFrom())
                .isGreaterThan(last);
        assertThat(engine.subscribe(named("earliest", earliest).startAt(StartPosition.EARLIEST)).effectiveFrom())
                .isOne();
        assertThat(engine.subscribe(named("live", live).recovery(RecoveryMode.LIVE)).effectiveFrom())
                .isGreaterThan(last);
        publish(engine, 11, 12);

        assertThat(unsaid.ids()).containsExactly(11L, 12L);
        assertThat(latest.ids()).containsExactly(11L, 12L);
        assertThat(earliest.ids()).containsExactly(ids(1, 12));
        assertThat(live.ids()).containsExactly(11L, 12L);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGoOnWhereASubscriptionWasThatTheJournalKnows(boolean fused) throws Exception {
        EventEngine engine = start(new EventEngineConfig().fused(fused), new RecordingHandler());
        FailsFirstAttempts first = new FailsFirstAttempts(1, id -> id == 2, IllegalStateException::new);
        RetryPolicy later = RetryPolicy.exponential(Duration.ofMinutes(1)).jitter(0);
        Subscription subscription = engine.subscribe(named("guest", first).retry(later));
        publish(engine, 1, 3);
        long end = subscription.unsubscribe();
        assertThat(engine.statistics().retries().pending()).as("kept").isOne();
        publish(engine, 4, 6);
        clock.advance(Duration.ofHours(1));

        RecordingHandler again = new RecordingHandler();
        Subscription second = engine.subscribe(named("guest", again).retry(later));
        publish(engine, 7, 8);
        Eventually.until("the redelivery", () -> again.ids().contains(2L));

        assertThat(second.effectiveFrom()).isEqualTo(end + 1);
        assertThat(first.ids()).containsExactly(1L, 2L, 3L);
        assertThat(again.ids()).containsExactlyInAnyOrder(2L, 4L, 5L, 6L, 7L, 8L);
        assertThat(again.deliveries()).filteredOn(d -> d.id() == 2).singleElement()
                .satisfies(d -> assertThat(d.attempt()).isEqualTo(2));
        assertThat(again.deliveries().stream().filter(Delivered::replaying).map(Delivered::id))
                .containsExactly(4L, 5L, 6L);
        Eventually.until("recovered", () -> engine.statistics().retries().pending() == 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRetryWhatFailsInCatchingUp(boolean fused) throws Exception {
        EventEngine engine = start(new EventEngineConfig().fused(fused), new RecordingHandler());
        publish(engine, 1, 100);
        FailsFirstAttempts failing = new FailsFirstAttempts(1, id -> id % 10 == 0, IllegalStateException::new);
        RecordingHandler dying = FailsFirstAttempts.always(id -> id == 7);

        engine.subscribe(named("failing", failing).startAt(StartPosition.EARLIEST)
                .retry(RetryPolicy.exponential(Duration.ofSeconds(1)).jitter(0)));
        engine.subscribe(named("dying", dying).recovery(RecoveryMode.REBUILD));

        assertThat(engine.statistics().retries().pending()).isEqualTo(10);
        assertThat(engine.deadLetters()).singleElement().satisfies(dead -> assertThat(dead.subscription())
                .isEqualTo("dying"));
        clock.advance(Duration.ofSeconds(1));
        Eventually.until("all recovered", () -> engine.statistics().retries().recovered() == 10);
        assertThat(failing.count()).isEqualTo(110);
        assertThat(journal.violations()).isEmpty();
    }

    @Test
    void shouldHaveThePositionsInTheLogWhenACallReturns() throws Exception {
        EventEngine engine = start(new EventEngineConfig(), new RecordingHandler());
        publish(engine, 1, 3);
        Subscription one = engine.subscribe(named("one", new RecordingHandler()).priority(7));
        assertThat(journal.outcomes(Outcome.Subscribed.class)).last()
                .isEqualTo(new Outcome.Subscribed("one", one.effectiveFrom() - 1));
        publish(engine, 4, 5);
        long end = one.unsubscribe();
        assertThat(journal.outcomes(Outcome.Unsubscribed.class)).last().isEqualTo(new Outcome.Unsubscribed("one", end));
        Subscription all = engine.subscribe(named("all", new RecordingHandler()).startAt(StartPosition.EARLIEST));
        long cut = engine.subscribe(named("next", new RecordingHandler())).effectiveFrom() - 1;
        assertThat(journal.outcomes(Outcome.Subscribed.class)).filteredOn(s -> s.subscription().equals("all"))
                .singleElement().satisfies(s -> assertThat(s.handledThrough()).isBetween(end, cut));
        assertThat(all.effectiveFrom()).isOne();
    }

    /** As if the process had been killed at each single document. */
    @Test
    void shouldMissNothingWhereverACrashComesInCatchingUp() throws Exception {
        EventEngine engine = start(new EventEngineConfig(), new RecordingHandler());
        publish(engine, 1, 150);
        int before = journal.documentCount();
        FailsFirstAttempts failing = new FailsFirstAttempts(1, id -> id % 50 == 0, IllegalStateException::new);
        engine.subscribe(named("guest", failing).startAt(StartPosition.EARLIEST)
                .retry(RetryPolicy.exponential(Duration.ofSeconds(1)).jitter(0)));
        publish(engine, 151, 160);
        ListJournal whole = journal;
        engine.close(LONG);
        assertThat(whole.documentCount()).isGreaterThan(before + 3);

        for (int documents = before + 1; documents <= whole.documentCount(); documents++) {
            ListJournal crashed = whole.afterCrashAt(documents);
            boolean caughtUp = crashed.outcomes(Outcome.Subscribed.class).stream()
                    .anyMatch(s -> s.subscription().equals("guest") && s.handledThrough() > 0);
            RecordingHandler again = new RecordingHandler();
            EventEngine next = engines.make(new EventEngineConfig().journal(crashed).clock(clock));
            next.subscribe(named("guest", again).startAt(StartPosition.EARLIEST));
            next.start();
            clock.advance(Duration.ofHours(1));
            Eventually.until("nothing is pending", () -> next.statistics().retries().pending() == 0);
            assertThat(again.ids()).as("after " + documents + " documents, caught up: " + caughtUp)
                    .contains(caughtUp ? new Long[] {50L, 100L, 150L} : ids(1, crashed.events().size()));
            next.close(LONG);
            assertThat(crashed.violations()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldMissNothingWhenTheEngineIsClosedInCatchingUp(boolean fused) throws Exception {
        EventEngine engine = start(new EventEngineConfig().fused(fused), new RecordingHandler());
        publish(engine, 1, 20);
        Gate gate = engines.gate();
        WaitsAtGate waiting = WaitsAtGate.of(gate);
        CompletableFuture<Subscription> joining = engine.subscribeAsync(named("guest", waiting)
                .startAt(StartPosition.EARLIEST).retry(RetryPolicy.none()));
        waiting.awaitCount(1);

        CompletableFuture<CloseReport> close = Background.call(() -> engine.close(Duration.ofMillis(1)));

        assertThat(close.get(60, TimeUnit.SECONDS).failure()).isNull();
        assertThatThrownBy(() -> joining.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(EngineClosedException.class);
        gate.open();
        RecordingHandler again = new RecordingHandler();
        EventEngine next = engines.make(new EventEngineConfig().journal(journal).clock(clock));
        next.subscribe(named("guest", again).startAt(StartPosition.EARLIEST));
        next.subscribe(named("handler", new RecordingHandler()));
        next.start();
        // The first was interrupted, and is not retried: so the log has it as dead.
        assertThat(next.deadLetters()).singleElement().matches(dead -> dead.event().equals(new Note(1)));
        assertThat(again.ids()).containsExactly(ids(2, 20));
        assertThat(journal.violations()).isEmpty();
    }

    private static final class Undecodable implements EventCodec<Note> {

        private volatile boolean broken;

        @Override
        public void encode(Note event, ByteBuffer target) {
            target.putLong(event.id());
        }

        @Override
        public Note decode(ByteBuffer source, int version, Note reuse) {
            if (broken) {
                throw new IllegalStateException("no such version");
            }
            return new Note(source.getLong());
        }
    }

    @ParameterizedTest
    @CsvSource({"false, 100", "false, 200", "true, 100", "true, 200"})
    void shouldRefuseASubscriptionThatTheJournalCannotGiveItsPast(boolean fused, int priority) throws Exception {
        Undecodable codec = new Undecodable();
        EventEngine engine = new EventEngine(new EventEngineConfig().fused(fused).journal(journal));
        try {
            engine.register(EventType.named("note", Note.class).codec(codec));
            RecordingHandler old = new RecordingHandler();
            engine.subscribe(named("handler", old));
            engine.start();
            publish(engine, 1, 3);
            codec.broken = true;
            RecordingHandler refused = new RecordingHandler();

            assertThatThrownBy(() -> engine.subscribe(named("refused", refused).recovery(RecoveryMode.REBUILD)
                    .priority(priority))).isInstanceOf(SubscriptionRefusedException.class)
                    .hasMessageContaining("no such version").hasCauseInstanceOf(JournalException.class);

            publish(engine, 4, 5);
            assertThat(refused.calls()).containsExactly("start", "stop");
            assertThat(old.ids()).containsExactly(ids(1, 5));
            assertThat(engine.statistics().subscriptions()).hasSize(1);
            assertThat(engine.statistics().stages()).extracting(StageStatistics::name)
                    .containsExactly("journal", "priority 100", "retry");
            codec.broken = false;
            RecordingHandler mended = new RecordingHandler();
            engine.subscribe(named("refused", mended).recovery(RecoveryMode.REBUILD).priority(priority));
            assertThat(mended.ids()).containsExactly(ids(1, 5));
        } finally {
            engine.close(LONG);
        }
    }

    @Test
    void shouldResumeAfterARestartWhereASubscriptionLeftTheRunningChain() throws Exception {
        EventEngine engine = start(new EventEngineConfig(), new RecordingHandler());
        Subscription guest = engine.subscribe(named("guest", new RecordingHandler()).priority(1));
        publish(engine, 1, 3);
        guest.unsubscribe();
        publish(engine, 4, 6);
        engine.close(LONG);

        RecordingHandler again = new RecordingHandler();
        EventEngine next = engines.make(new EventEngineConfig().journal(journal).clock(clock));
        next.subscribe(named("handler", new RecordingHandler()));
        Subscription back = next.subscribe(named("guest", again));
        next.start();

        assertThat(again.ids()).containsExactly(4L, 5L, 6L);
        assertThat(back.effectiveFrom()).isGreaterThan(3);
    }

    private static EventHandler<Numbered> publishing(Gate gate) {
        return (event, context) -> {
            if (event.id() == 1) {
                gate.pass();
                context.publish(new Note(100));
            }
        };
    }

    /** The follow-up comes behind the slot of the change: as if the process had been killed at each single document. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotLoseWhatALeavingSubscriptionPublishedLast(boolean fused) throws Exception {
        Gate gate = engines.gate();
        EventEngine engine = start(new EventEngineConfig().fused(fused), new RecordingHandler());
        Subscription guest = engine.subscribe(named("guest", publishing(gate)).priority(200));
        engine.publish(new Note(1));
        gate.awaitArrival();
        long occupied = engine.statistics().ringOccupied();
        CompletableFuture<Long> leaving = guest.unsubscribeAsync();
        Eventually.until("the change is in the ring", () -> engine.statistics().ringOccupied() > occupied);
        gate.open();
        long last = leaving.get(1, TimeUnit.MINUTES);
        Eventually.until("the follow-up is out", () -> journal.events().size() == 2);
        ListJournal whole = journal;
        assertThat(whole.events().get(1).sequence()).isGreaterThan(last);

        engine.subscribe(named("guest", publishing(gate)).priority(200));
        publish(engine, 2, 2);
        engine.close(LONG);
        requireFollowUpWhereverACrashComes(whole, whole.documentOf(whole.events().get(0).sequence()) + 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotLoseWhatASubscriptionPublishedInCatchingUp(boolean fused) throws Exception {
        Gate gate = engines.gate();
        gate.open();
        EventEngine engine = start(new EventEngineConfig().fused(fused), new RecordingHandler());
        publish(engine, 1, 1);
        int before = journal.documentCount();
        engine.subscribe(named("guest", publishing(gate)).startAt(StartPosition.EARLIEST));
        publish(engine, 2, 2);
        engine.close(LONG);

        requireFollowUpWhereverACrashComes(journal, before);
    }

    /** It comes back while most of what it published last waits for the ring, or is in it, and not in the journal. */
    @ParameterizedTest
    @CsvSource({"false, REBUILD", "true, REBUILD", "false, RESUME", "true, RESUME"})
    void shouldPublishNothingTwiceThatIsOnItsWayWhenARebuildingSubscriptionComesBack(boolean fused, RecoveryMode before)
            throws Exception {
        EventEngine engine = start(new EventEngineConfig().fused(fused).ringSize(8).outboxSize(20_000),
                new RecordingHandler());
        Subscription guest = engine.subscribe(burstPublisher().recovery(before));
        engine.publish(new Note(1));
        for (int i = 0; i < 3; i++) {
            guest.unsubscribe();
            guest = engine.subscribe(burstPublisher().recovery(RecoveryMode.REBUILD));
        }
        engine.publish(new Note(2));
        Eventually.until("all follow-ups are out", () -> journal.events().size() >= 2 + 2 * BURST);
        engine.close(LONG);

        assertThat(journal.events()).hasSize(2 + 2 * BURST);
        assertThat(journal.events().stream().map(ListJournal.Entry::origin).distinct()).hasSize(1 + 2 * BURST);
    }

    private static SubscriptionConfig<Numbered> burstPublisher() {
        return named("guest", (event, context) -> {
            if (event.id() <= 2) {
                for (int i = 0; i < BURST; i++) {
                    context.publish(new Note(1_000 * event.id() + i));
                }
            }
        });
    }

    private void requireFollowUpWhereverACrashComes(ListJournal whole, int from) {
        for (int documents = from; documents <= whole.documentCount(); documents++) {
            ListJournal crashed = whole.afterCrashAt(documents);
            Gate open = engines.gate();
            open.open();
            EventEngine next = engines.make(new EventEngineConfig().journal(crashed).clock(clock));
            next.subscribe(named("guest", publishing(open)).startAt(StartPosition.EARLIEST));
            next.start();
            next.close(LONG);
            assertThat(crashed.events()).as("after " + documents + " documents")
                    .anyMatch(event -> event.origin().causeSubscription() != null);
        }
    }
}
