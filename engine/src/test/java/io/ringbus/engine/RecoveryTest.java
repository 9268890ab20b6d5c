package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.error.SubscriptionRefusedException;
import io.ringbus.engine.error.UnregisteredEventTypeException;
import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.retry.DeadLetter;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.stats.EngineState;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.FailsFirstAttempts;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.ManualClock;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.RecordingHandler;
import io.ringbus.engine.support.RecordingHandler.Delivered;
import io.ringbus.engine.support.Tick;
import io.ringbus.engine.support.Trade;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * From one start to the next. Promise 3: "An event that await(JOURNALED) returned for reaches every resuming
 * subscription, across any crash, until it is handled, dead-lettered, or discarded". Promise 4: "After recovery a
 * rebuilding handler has the state of an uninterrupted run".
 */
class RecoveryTest {

    private static final RetryPolicy AFTER_A_MINUTE = RetryPolicy.exponential(Duration.ofMinutes(1)).jitter(0)
            .maxAttempts(3);

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final ManualClock clock = new ManualClock();
    private ListJournal journal = new ListJournal();
    private RecoveryReport report;

    private EventEngine start(Consumer<EventEngine> subscriptions) {
        return start(config -> { }, subscriptions);
    }

    private EventEngine start(Consumer<EventEngineConfig> change, Consumer<EventEngine> subscriptions) {
        EventEngine engine = made(change, subscriptions);
        report = engine.start();
        return engine;
    }

    private EventEngine made(Consumer<EventEngineConfig> change, Consumer<EventEngine> subscriptions) {
        EventEngineConfig config = new EventEngineConfig().journal(journal).clock(clock);
        change.accept(config);
        EventEngine engine = engines.make(config);
        subscriptions.accept(engine);
        return engine;
    }

    private static SubscriptionConfig<Numbered> resuming(EventHandler<Numbered> handler) {
        return SubscriptionConfig.to(Numbered.class, handler).name("handler");
    }

    private static SubscriptionConfig<Numbered> rebuilding(EventHandler<Numbered> handler) {
        return resuming(handler).recovery(RecoveryMode.REBUILD);
    }

    private static long publish(EventEngine engine, long from, long to) throws InterruptedException {
        long last = 0;
        for (long id = from; id <= to; id++) {
            last = engine.publish(id % 2 == 0 ? Trade.of(id) : new Note(id));
        }
        engine.await(Watermark.HANDLED, last, LONG);
        return last;
    }

    /** Of the so-manieth event in the journal, from 0; a checkpoint in between takes a sequence as well. */
    private long sequenceOf(int index) {
        return journal.events().get(index).sequence();
    }

    private void crash(EventEngine engine) {
        journal = journal.afterCrashAt(journal.documentCount());
        engine.close(LONG);
    }

    @Test
    void shouldGiveARebuildingHandlerAllThereIsAndAResumingOneWhatItHasNot() throws Exception {
        RecordingHandler rebuilding = new RecordingHandler();
        RecordingHandler resuming = new RecordingHandler();
        RecordingHandler live = new RecordingHandler();
        EventEngine first = start(e -> e.subscribe(all("resuming", new RecordingHandler())));
        long last = publish(first, 1, 5);
        first.close(LONG);
        assertThat(report.journal().lastSequence()).isZero();

        EventEngine second = start(e -> {
            e.subscribe(rebuilding(rebuilding));
            e.subscribe(all("resuming", resuming));
            e.subscribe(SubscriptionConfig.to(Numbered.class, live).name("live").recovery(RecoveryMode.LIVE));
        });

        assertThat(rebuilding.ids()).as("when start returns").containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(rebuilding.deliveries()).allSatisfy(d -> {
            assertThat(d.replaying()).isTrue();
            assertThat(d.attempt()).isOne();
            assertThat(d.timestamp()).isEqualTo(ManualClock.START);
        });
        assertThat(report.eventsReplayed()).isEqualTo(5);
        assertThat(report.journal().lastSequence()).isEqualTo(last);
        assertThat(second.watermark(Watermark.HANDLED)).isEqualTo(last);
        assertThat(second.watermark(Watermark.PUBLISHED)).isEqualTo(last);
        assertThat(second.watermark(Watermark.JOURNALED)).isEqualTo(last);
        assertThat(second.statistics().published()).isZero();

        long next = second.publish(Trade.of(6));
        assertThat(next).isEqualTo(last + 1);
        second.await(Watermark.HANDLED, next, LONG);
        assertThat(resuming.ids()).containsExactly(6L);
        assertThat(live.ids()).containsExactly(6L);
        assertThat(rebuilding.deliveries().get(5).replaying()).isFalse();
    }

    @Test
    void shouldGiveAResumingHandlerAgainWhatNoCheckpointSaysItHandled() throws Exception {
        RecordingHandler handler = new RecordingHandler();
        EventEngine first = start(c -> c.checkpointInterval(Duration.ofDays(1)), e -> e.subscribe(resuming(handler)));
        publish(first, 1, 1);
        Eventually.until("the first checkpoint", () -> journal.outcomes(Outcome.Checkpoint.class).stream()
                .anyMatch(c -> c.handledThrough() == 1));
        publish(first, 2, 4);
        crash(first);
        RecordingHandler again = new RecordingHandler();
        start(e -> e.subscribe(resuming(again)));

        assertThat(again.ids()).containsExactly(2L, 3L, 4L);
        assertThat(again.deliveries()).allSatisfy(d -> assertThat(d.replaying()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTakePendingRetriesUpAtTheirAttemptAndTheirTime(boolean crash) throws Exception {
        EventEngine first = start(e -> e.subscribe(resuming(new FailsFirstAttempts(9, id -> id == 2,
                () -> new IllegalStateException("never"))).retry(AFTER_A_MINUTE)));
        publish(first, 1, 3);
        if (crash) {
            crash(first);
        } else {
            assertThat(first.close(LONG).pending()).isOne();
        }

        clock.advance(Duration.ofSeconds(59));
        FailsFirstAttempts second = new FailsFirstAttempts(2, id -> id == 2, () -> new IllegalStateException("no"));
        long sequence = sequenceOf(1);
        EventEngine engine = start(e -> e.subscribe(resuming(second).retry(AFTER_A_MINUTE)));
        assertThat(report.retriesScheduled()).isOne();
        assertThat(engine.statistics().retries().pending()).isOne();
        assertThat(second.ids()).as("not before its time").doesNotContain(2L);
        clock.advance(Duration.ofSeconds(1));
        Eventually.until("attempt 2", () -> second.ids().contains(2L));
        Eventually.until("its failure", () -> journal.outcomes(Outcome.Failed.class).stream()
                .anyMatch(f -> f.sequence() == sequence && f.attempt() == 2));
        engine.close(LONG);

        clock.advance(Duration.ofMinutes(2));
        RecordingHandler third = new RecordingHandler();
        EventEngine last = start(e -> e.subscribe(resuming(third).retry(AFTER_A_MINUTE)));
        third.awaitCount(1);
        assertThat(third.deliveries()).singleElement().satisfies(d -> {
            assertThat(d.id()).isEqualTo(2);
            assertThat(d.sequence()).isEqualTo(sequence);
            assertThat(d.attempt()).isEqualTo(3);
            assertThat(d.replaying()).isFalse();
            assertThat(d.timestamp()).isEqualTo(ManualClock.START);
            assertThat(d.aggregate()).isEqualTo("account/2");
        });
        Eventually.until("recovered", () -> last.statistics().retries().pending() == 0);
        last.close(LONG);
        start(e -> e.subscribe(resuming(new RecordingHandler())));
        assertThat(report.retriesScheduled()).isZero();
    }

    @Test
    void shouldScheduleOnceWhatFailsDuringTheReplay() throws Exception {
        EventEngine first = start(c -> c.checkpointInterval(Duration.ofDays(1)),
                e -> e.subscribe(resuming(new RecordingHandler())));
        publish(first, 1, 3);
        // The checkpoint of the first start says nothing of these three.
        journal = journal.afterCrashAt(lastDocumentBefore(Outcome.Checkpoint.class, 3));
        first.close(LONG);
        FailsFirstAttempts failing = new FailsFirstAttempts(1);

        EventEngine second = start(e -> e.subscribe(resuming(failing).retry(RetryPolicy.exponential(Duration.ZERO))));
        Eventually.until("recovered", () -> second.statistics().retries().pending() == 0
                && second.statistics().retries().redelivered() == failing.count() / 2);

        assertThat(report.retriesScheduled()).isZero();
        assertThat(failing.attempts().stream().filter(a -> a == 2)).hasSameSizeAs(
                failing.attempts().stream().filter(a -> a == 1).toList());
    }

    /** How many documents stand before the checkpoint that covers a sequence; all when there is none. */
    private int lastDocumentBefore(Class<Outcome.Checkpoint> kind, long sequence) {
        List<ListJournal.Document> documents = journal.documents();
        for (int i = 0; i < documents.size(); i++) {
            if (documents.get(i) instanceof ListJournal.Outcomes outcomes && outcomes.outcomes().stream()
                    .anyMatch(o -> kind.isInstance(o) && kind.cast(o).handledThrough() >= sequence)) {
                return i;
            }
        }
        return documents.size();
    }

    @Test
    void shouldNoteTheDeadLettersOfARebuildingHandlerOnce() throws Exception {
        EventEngine engine = start(e -> e.subscribe(rebuilding(FailsFirstAttempts.always(id -> id == 2))));
        publish(engine, 1, 3);
        for (int generation = 0; generation < 3; generation++) {
            if (generation == 1) {
                crash(engine);
            } else {
                engine.close(LONG);
            }
            engine = start(e -> e.subscribe(rebuilding(FailsFirstAttempts.always(id -> id == 2))));
            assertThat(engine.deadLetters()).extracting(DeadLetter::sequence).containsExactly(sequenceOf(1));
            assertThat(report.findings()).singleElement().asString().startsWith("1 replayed event(s) failed again");
        }
    }

    @Test
    void shouldAskWhereANewSubscriptionBegins() throws Exception {
        EventEngine first = start(e -> e.subscribe(resuming(new RecordingHandler())));
        long last = publish(first, 1, 3);
        first.close(LONG);
        EventEngine refused = made(c -> { }, e -> e.subscribe(SubscriptionConfig.to(Numbered.class,
                new RecordingHandler()).name("new")));

        assertThatThrownBy(refused::start).isInstanceOf(SubscriptionRefusedException.class)
                .hasMessageContaining("startAt(EARLIEST)").hasMessageContaining("subscription=new")
                .hasMessageEndingWith("lastSequence=" + last);
        assertThat(refused.state()).isEqualTo(EngineState.CLOSED);
        assertThat(journal.isLocked()).isFalse();

        RecordingHandler earliest = new RecordingHandler();
        RecordingHandler latest = new RecordingHandler();
        EventEngine engine = start(e -> {
            e.subscribe(resuming(new RecordingHandler()));
            e.subscribe(resuming(earliest).name("earliest").startAt(StartPosition.EARLIEST));
            e.subscribe(resuming(latest).name("latest").startAt(StartPosition.LATEST));
        });
        publish(engine, 4, 4);
        engine.close(LONG);
        assertThat(earliest.ids()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(latest.ids()).containsExactly(4L);

        // Said once: now the journal knows where they are.
        RecordingHandler third = new RecordingHandler();
        EventEngine known = start(e -> e.subscribe(resuming(third).name("latest").startAt(StartPosition.EARLIEST)));
        publish(known, 5, 5);
        assertThat(third.ids()).containsExactly(5L);
    }

    @Test
    void shouldKeepTheCrashedFirstStartOfALatestSubscriptionWhereItWas() throws Exception {
        EventEngine first = start(e -> e.subscribe(resuming(new RecordingHandler())));
        long last = publish(first, 1, 3);
        first.close(LONG);
        EventEngine second = start(c -> c.checkpointInterval(Duration.ofDays(1)), e -> e.subscribe(
                resuming(new RecordingHandler()).name("latest").startAt(StartPosition.LATEST)));
        publish(second, 4, 5);
        // All event batches survive, and no outcome after the ones that the start wrote.
        journal = journal.afterCrashAt(lastDocumentBefore(Outcome.Checkpoint.class, last + 1));
        second.close(LONG);
        assertThat(journal.events()).hasSizeGreaterThanOrEqualTo(4);

        RecordingHandler again = new RecordingHandler();
        start(e -> e.subscribe(resuming(again).name("latest").startAt(StartPosition.LATEST)));
        assertThat(again.ids()).startsWith(4L).doesNotContain(3L);
    }

    @Test
    void shouldKeepWhatAnAbsentSubscriptionHasNotDone() throws Exception {
        EventEngine first = start(e -> {
            e.subscribe(resuming(FailsFirstAttempts.always(id -> id == 2)).name("away").retry(AFTER_A_MINUTE));
            e.subscribe(resuming(new RecordingHandler()));
        });
        long last = publish(first, 1, 3);
        first.close(LONG);
        for (int generation = 0; generation < 3; generation++) {
            EventEngine without = start(e -> e.subscribe(resuming(new RecordingHandler())));
            assertThat(report.findings()).singleElement().asString().contains("'away'")
                    .contains("it had come to sequence " + last).contains("1 pending");
            assertThat(without.statistics().retries().pending()).isOne();
            publish(without, 4 + generation, 4 + generation);
            clock.advance(Duration.ofHours(1));
            without.close(LONG);
        }

        RecordingHandler back = new RecordingHandler();
        EventEngine engine = start(e -> {
            e.subscribe(resuming(new RecordingHandler()));
            e.subscribe(resuming(back).name("away").retry(AFTER_A_MINUTE));
        });
        back.awaitCount(4);
        Eventually.until("recovered", () -> engine.statistics().retries().pending() == 0);
        assertThat(back.ids()).containsExactlyInAnyOrder(4L, 5L, 6L, 2L);
        assertThat(back.deliveries()).filteredOn(d -> d.id() == 2).extracting(Delivered::attempt).containsExactly(2);
        assertThat(report.findings()).isEmpty();
    }

    @Test
    void shouldNoteTheDeadLetterOfAPendingDeliveryThatFailsAgainAfterTheModeBecameRebuild() throws Exception {
        EventEngine first = start(e -> e.subscribe(resuming(FailsFirstAttempts.always(id -> id == 2))
                .retry(AFTER_A_MINUTE)));
        publish(first, 1, 3);
        first.close(LONG);

        EventEngine engine = start(e -> e.subscribe(resuming(FailsFirstAttempts.always(id -> id == 2))
                .recovery(RecoveryMode.REBUILD)));

        assertThat(engine.statistics().retries().pending()).isZero();
        assertThat(engine.deadLetters()).singleElement().extracting(DeadLetter::event).isEqualTo(Trade.of(2));
    }

    @ParameterizedTest
    @EnumSource(value = RecoveryMode.class, names = {"LIVE", "REBUILD"})
    void shouldDropAndReportPendingDeliveriesOfASubscriptionThatChangesItsMode(RecoveryMode mode) throws Exception {
        EventEngine first = start(e -> e.subscribe(resuming(FailsFirstAttempts.always(id -> id == 2))
                .retry(AFTER_A_MINUTE)));
        publish(first, 1, 3);
        first.close(LONG);

        RecordingHandler handler = new RecordingHandler();
        EventEngine engine = start(e -> e.subscribe(resuming(handler).recovery(mode)));
        clock.advance(Duration.ofHours(1));
        publish(engine, 4, 4);

        assertThat(report.findings()).singleElement().asString().contains("dropped 1 pending").contains("'handler'")
                .contains(mode.name());
        assertThat(engine.statistics().retries().pending()).isZero();
        assertThat(handler.ids()).isEqualTo(mode == RecoveryMode.LIVE ? List.of(4L) : List.of(1L, 2L, 3L, 4L));
        engine.close(LONG);

        RecordingHandler back = new RecordingHandler();
        EventEngine last = start(e -> e.subscribe(resuming(back)));
        publish(last, 5, 5);
        assertThat(back.ids()).containsExactly(5L);
    }

    @Test
    void shouldPassOverEventsOfRetiredTypesOnlyWhenTheyAreNamed() throws Exception {
        EventEngine first = start(e -> e.subscribe(resuming(new RecordingHandler())));
        publish(first, 1, 5);
        first.close(LONG);

        EventEngine refused = withoutNotes();
        refused.subscribe(rebuilding(new RecordingHandler()));
        assertThatThrownBy(refused::start).isInstanceOf(UnregisteredEventTypeException.class)
                .hasMessageContaining("retiredEventTypes").hasMessageContaining("type=note")
                .hasMessageEndingWith("sequence=1");
        assertThat(journal.isLocked()).isFalse();

        RecordingHandler handler = new RecordingHandler();
        EventEngine engine = withoutNotes("note", "never-was");
        engine.subscribe(rebuilding(handler));
        RecoveryReport own = engine.start();
        assertThat(handler.ids()).containsExactly(2L, 4L);
        assertThat(own.findings()).containsExactly("passed over 3 event(s) of the retired event type 'note'");
        assertThat(engine.publish(Trade.of(6))).isEqualTo(sequenceOf(4) + 1);
        engine.close(LONG);
    }

    private EventEngine withoutNotes(String... retired) {
        EventEngine engine = new EventEngine(new EventEngineConfig().journal(journal).clock(clock)
                .retiredEventTypes(retired));
        engine.register(Trade.TYPE);
        return engine;
    }

    @Test
    void shouldStartWhenAPendingDeliveryIsOfARetiredType() throws Exception {
        EventEngine first = start(e -> e.subscribe(resuming(FailsFirstAttempts.always(id -> id == 1))
                .retry(AFTER_A_MINUTE)));
        publish(first, 1, 2);
        first.close(LONG);

        EventEngine engine = withoutNotes("note");
        engine.subscribe(resuming(new RecordingHandler()));
        RecoveryReport own = engine.start();

        assertThat(own.retriesScheduled()).isZero();
        assertThat(own.findings()).singleElement().asString().contains("pending").contains("'note'");
        assertThat(engine.close(LONG).failure()).isNull();
    }

    @Test
    void shouldSayWhichEventCannotBeDecoded() throws Exception {
        EventEngine first = start(e -> e.subscribe(resuming(new RecordingHandler())));
        publish(first, 1, 3);
        first.close(LONG);
        EventEngine engine = new EventEngine(new EventEngineConfig().journal(journal));
        engine.register(Note.TYPE);
        engine.register(Trade.TYPE.codec(new Undecodable()));
        engine.subscribe(rebuilding(new RecordingHandler()));

        assertThatThrownBy(engine::start).isInstanceOf(JournalException.class).hasMessageContaining("type=trade")
                .hasMessageContaining("version=1").hasMessageContaining("sequence=" + sequenceOf(1))
                .hasMessageContaining("as planned");
        assertThat(journal.isLocked()).isFalse();
        assertThat(journal.violations()).isEmpty();
    }

    private static final class Undecodable implements EventCodec<Trade> {

        @Override
        public void encode(Trade event, ByteBuffer target) {
            throw new AssertionError("nothing is published");
        }

        @Override
        public Trade decode(ByteBuffer source, int version, Trade reuse) {
            throw new IllegalStateException("as planned");
        }
    }

    @Test
    void shouldTellTheCodecTheVersionThatAnEventWasWrittenUnder() throws Exception {
        EventEngine first = start(e -> e.subscribe(resuming(new RecordingHandler())));
        publish(first, 2, 2);
        first.close(LONG);
        List<Integer> versions = new ArrayList<>();
        EventEngine engine = new EventEngine(new EventEngineConfig().journal(journal));
        engine.register(EventType.named("trade", Trade.class).version(7).codec(new VersionNoting(versions)));
        engine.subscribe(rebuilding(new RecordingHandler()));
        engine.start();
        engine.publish(Trade.of(4));
        engine.close(LONG);

        assertThat(versions).containsExactly(1);
        assertThat(journal.events()).extracting(ListJournal.Entry::typeVersion).containsExactly(1, 7);
    }

    private record VersionNoting(List<Integer> versions) implements EventCodec<Trade> {

        @Override
        public void encode(Trade event, ByteBuffer target) {
            new Trade.Codec().encode(event, target);
        }

        @Override
        public Trade decode(ByteBuffer source, int version, Trade reuse) {
            versions.add(version);
            return new Trade.Codec().decode(source, version, reuse);
        }
    }

    @Test
    void shouldTellHowFarItHasCome() throws Exception {
        EventEngine first = start(c -> c.ringSize(1024), e -> e.subscribe(resuming(new RecordingHandler())));
        long last = publish(first, 1, 25);
        first.close(LONG);
        List<List<Long>> calls = new ArrayList<>();
        start(c -> c.recoveryProgress((sequence, from, to) -> calls.add(List.of(sequence, from, to))).ringSize(2),
                e -> e.subscribe(rebuilding(new RecordingHandler())));

        assertThat(calls).containsExactly(List.of(0L, 1L, last), List.of(last, 1L, last));
    }

    @Test
    void shouldPassTheJournalsFindingsOn() {
        journal.findings("the torn end was cut off: 17 bytes");
        start(e -> e.subscribe(resuming(new RecordingHandler())));

        assertThat(report.findings()).containsExactly("the torn end was cut off: 17 bytes");
    }

    /** As after the loss of the machine, when the outcomes were on disk and the newest events were not. */
    @Test
    void shouldNotTakeNewEventsForOldOnesWhenTheJournalLostItsEnd() throws Exception {
        EventEngine first = start(c -> c.ringSize(1024), e -> e.subscribe(resuming(new RecordingHandler())));
        for (int i = 1; i <= 5; i++) {
            publish(first, i, i);
        }
        first.close(LONG);
        journal = journal.withoutLastBatches(3);
        assertThat(journal.events()).hasSize(2);

        EventEngine second = start(e -> e.subscribe(resuming(new RecordingHandler())));
        assertThat(report.findings()).anySatisfy(finding -> assertThat(finding).contains("lost").contains("sequence"));
        long sequence = second.publish(Trade.of(6));
        second.await(Watermark.JOURNALED, sequence, LONG);
        // Killed before a checkpoint says that it was handled.
        journal = journal.afterCrashAt(journal.documentOf(sequence) + 1);
        second.close(LONG);

        RecordingHandler handler = new RecordingHandler();
        start(e -> e.subscribe(resuming(handler)));
        assertThat(handler.ids()).containsExactly(6L);
    }

    @Test
    void shouldGoOnThroughManyGenerations() throws Exception {
        journal.restateEvery(3).readsFromLastRestatement(true);
        long expected = 0;
        RecordingHandler all = new RecordingHandler();
        for (int generation = 1; generation <= 30; generation++) {
            RecordingHandler rebuilt = new RecordingHandler();
            EventEngine engine = start(c -> c.ringSize(4), e -> {
                e.subscribe(resuming(all));
                e.subscribe(rebuilding(rebuilt).name("rebuilding").priority(50));
            });
            assertThat(rebuilt.ids()).hasSize((int) expected);
            engine.publish(Tick.TYPE, Tick.FROM_CURSOR, new Tick.Cursor());
            expected += 1 + 3;
            publish(engine, 1, 3);
            if (generation % 3 == 0) {
                crash(engine);
            } else {
                assertThat(engine.close(LONG).drained()).isTrue();
            }
        }
        assertThat(journal.events()).extracting(ListJournal.Entry::sequence).isSorted().doesNotHaveDuplicates()
                .hasSize((int) expected);
        assertThat(all.sequences()).containsAll(journal.events().stream().map(ListJournal.Entry::sequence).toList());
        assertThat(journal.violations()).isEmpty();
    }
}
