package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.engine.error.DivergenceException;
import io.ringbus.engine.error.EncodingException;
import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.error.OutboxFullException;
import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.ListJournal.Origin;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.Tick;
import io.ringbus.engine.support.Trade;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Promises 4 and 5 for events that handlers publish: "comes out exactly once", "never stuck". */
class FollowUpTest {

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private ListJournal journal = new ListJournal();

    /** A note for each trade of an even id, two for each that four divides. */
    private static void publishNotes(Trade trade, EventContext context) {
        if (trade.id() % 2 == 0) {
            context.publish(new Note(1_000 + trade.id()));
        }
        if (trade.id() % 4 == 0) {
            context.publish(new Note(2_000 + trade.id()));
        }
    }

    private static SubscriptionConfig<Trade> publisher(RecoveryMode mode, EventHandler<Trade> handler) {
        SubscriptionConfig<Trade> config = SubscriptionConfig.to(Trade.class, handler).name("publisher").recovery(mode);
        return mode == RecoveryMode.RESUME ? config.startAt(StartPosition.EARLIEST) : config;
    }

    private EventEngine engine(EventEngineConfig config, SubscriptionConfig<?>... subscriptions) {
        EventEngine engine = engines.make(config);
        for (SubscriptionConfig<?> subscription : subscriptions) {
            engine.subscribe(subscription);
        }
        return engine;
    }

    private EventEngine journaled(SubscriptionConfig<?>... subscriptions) {
        return engine(new EventEngineConfig().journal(journal), subscriptions);
    }

    private List<Origin> causes() {
        return journal.events().stream().filter(e -> e.typeName().equals("note")).map(ListJournal.Entry::origin)
                .toList();
    }

    private static Origin cause(long sequence, int ordinal) {
        return new Origin(sequence, "publisher", ordinal, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({"MULTI, false", "SINGLE, false", "MULTI, true", "SINGLE, true"})
    void shouldPublishFromAnyStageAtAnyOccupancyWithoutDeadlock(ProducerMode mode, boolean fused) throws Exception {
        AtomicLong notes = new AtomicLong();
        EventEngine engine = engine(
                new EventEngineConfig().ringSize(4).producerMode(mode).fused(fused).publishTimeout(LONG).journal(journal),
                SubscriptionConfig.to(Trade.class, (trade, context) -> {
                    context.publish(new Note(trade.id()));
                    context.publish(new Note(trade.id()));
                }).name("first").priority(1).startAt(StartPosition.EARLIEST),
                SubscriptionConfig.to(Trade.class, (trade, context) -> context.publish(new Note(trade.id())))
                        .name("last").priority(3).startAt(StartPosition.EARLIEST),
                SubscriptionConfig.to(Note.class, (note, context) -> notes.incrementAndGet()).name("notes").priority(2)
                        .startAt(StartPosition.EARLIEST));
        engine.start();

        for (int i = 1; i <= 2_000; i++) {
            engine.publish(Trade.of(i));
        }

        Eventually.until("all notes handled", () -> notes.get() == 6_000);
        assertThat(engine.close(LONG).drained()).isTrue();
        assertThat(journal.events()).hasSize(8_000);
        assertThat(journal.violations()).isEmpty();
    }

    @Test
    void shouldNameTheCauseOfEachEventInTheJournal() {
        EventEngine engine = journaled(publisher(RecoveryMode.RESUME, FollowUpTest::publishNotes));
        engine.start();

        long third = engine.publishAll(List.of(Trade.of(1), Trade.of(2), Trade.of(4)));
        engine.close(LONG);

        assertThat(causes()).containsExactly(cause(third - 1, 0), cause(third, 0), cause(third, 1));
    }

    @Test
    void shouldDrainWhatHandlersPublishedBeforeItCloses() {
        EventEngine engine = engine(new EventEngineConfig().ringSize(2).journal(journal),
                publisher(RecoveryMode.RESUME, FollowUpTest::publishNotes),
                SubscriptionConfig.to(Note.class, (note, context) -> {
                    if (note.id() < 10_000) {
                        context.publish(new Note(note.id() + 1_000));
                    }
                }).name("chained").startAt(StartPosition.EARLIEST));
        engine.start();

        engine.publish(Trade.of(4));

        assertThat(engine.close(LONG).drained()).isTrue();
        assertThat(causes()).hasSize(9 + 8 + 2);
    }

    @Test
    void shouldPublishNothingForADeliveryThatFailed() {
        AtomicInteger attempts = new AtomicInteger();
        EventEngine engine = journaled(publisher(RecoveryMode.RESUME, (trade, context) -> {
            publishNotes(trade, context);
            if (attempts.incrementAndGet() < 3) {
                throw new IllegalStateException("as planned");
            }
        }).retry(RetryPolicy.exponential(Duration.ofNanos(1_000))));
        engine.start();

        long sequence = engine.publish(Trade.of(4));
        Eventually.until("recovered", () -> engine.statistics().retries().pending() == 0 && attempts.get() == 3);
        engine.close(LONG);

        assertThat(causes()).containsExactly(cause(sequence, 0), cause(sequence, 1));
    }

    @Test
    void shouldFailADeliveryThatPublishesMoreThanTheOutboxHoldsEvenWhenItCatchesThat() {
        AtomicReference<Exception> caught = new AtomicReference<>();
        EventEngine engine = engine(new EventEngineConfig().outboxSize(3),
                publisher(RecoveryMode.RESUME, (trade, context) -> {
                    try {
                        for (int i = 0; i < 4; i++) {
                            context.publish(new Note(i));
                        }
                    } catch (OutboxFullException e) {
                        caught.set(e);
                    }
                }).retry(RetryPolicy.none()));
        engine.start();

        engine.publish(Trade.of(1));
        Eventually.until("dead", () -> engine.statistics().retries().deadLetters() == 1);

        assertThat(caught.get()).hasMessageContaining("outboxSize=3");
        assertThat(engine.deadLetters().get(0).errorClass()).isEqualTo(OutboxFullException.class.getName());
        assertThat(engine.statistics().published()).isEqualTo(1);
    }

    @Test
    void shouldFailADeliveryWhoseEventCannotBeEncoded() {
        EventEngine engine = journaled(publisher(RecoveryMode.RESUME,
                (trade, context) -> context.publish(new Trade(1, "x".repeat(5_000)))).retry(RetryPolicy.none()));
        engine.start();

        engine.publish(Trade.of(1));
        Eventually.until("dead", () -> engine.statistics().retries().deadLetters() == 1);

        assertThat(engine.deadLetters().get(0).errorClass()).isIn(EncodingException.class.getName(),
                "io.ringbus.engine.error.EventTooLargeException");
    }

    @Test
    void shouldRefuseToPublishAfterTheDelivery() {
        AtomicReference<EventContext> kept = new AtomicReference<>();
        EventEngine engine = journaled(publisher(RecoveryMode.RESUME, (trade, context) -> kept.set(context)));
        engine.start();
        engine.publish(Trade.of(1));
        engine.close(LONG);

        assertThatThrownBy(() -> kept.get().publish(new Note(1))).isInstanceOf(EngineStateException.class);
    }

    /** They share a thread and their link's state; the note would come out under the wrong name. */
    @Test
    void shouldRefuseToPublishForAnotherSubscriptionOfTheSamePriority() {
        AtomicReference<EventContext> ofFirst = new AtomicReference<>();
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        EventEngine engine = journaled(publisher(RecoveryMode.RESUME, (trade, context) -> ofFirst.set(context)),
                SubscriptionConfig.to(Trade.class, (trade, context) -> {
                    try {
                        ofFirst.get().publish(new Note(1));
                    } catch (EngineStateException e) {
                        refusal.set(e);
                    }
                }).name("second").startAt(StartPosition.EARLIEST));
        engine.start();
        engine.publish(Trade.of(1));
        assertThat(engine.close(LONG).drained()).isTrue();
        assertThat(refusal.get()).hasMessageContaining("subscription=publisher");
        assertThat(journal.events()).hasSize(1);
    }

    @Test
    void shouldCopyAPreallocatedEventThatAHandlerPublishes() {
        List<Long> seen = new ArrayList<>();
        Tick reused = new Tick();
        EventEngine engine = journaled(publisher(RecoveryMode.RESUME, (trade, context) -> {
            for (int i = 0; i < 3; i++) {
                reused.id = 10 * trade.id() + i;
                context.publish(reused);
            }
            context.publish(Tick.TYPE, (tick, id) -> tick.id = id, 10 * trade.id() + 9);
        }), SubscriptionConfig.to(Tick.class, (tick, context) -> seen.add(tick.id)).name("ticks")
                .startAt(StartPosition.EARLIEST));
        engine.start();

        engine.publish(Trade.of(1));
        engine.publish(Trade.of(2));
        engine.close(LONG);

        assertThat(seen).containsExactlyInAnyOrder(10L, 11L, 12L, 19L, 20L, 21L, 22L, 29L);
        assertThat(seen.stream().filter(id -> id < 20)).containsExactly(10L, 11L, 12L, 19L);
    }

    /** A run of a rebuilding publisher whose follow-ups are handled by a rebuilding publisher of their own. */
    private ListJournal whole() {
        EventEngine engine = chainOfTwo();
        engine.start();
        for (int i = 1; i <= 12; i++) {
            engine.publish(Trade.of(i));
        }
        engine.close(LONG);
        return journal;
    }

    private EventEngine chainOfTwo() {
        return journaled(publisher(RecoveryMode.REBUILD, FollowUpTest::publishNotes),
                SubscriptionConfig.to(Note.class, (note, context) -> {
                    if (note.id() % 3 == 0) {
                        context.publish(Tick.TYPE, (tick, id) -> tick.id = id, note.id());
                    }
                }).name("of notes").priority(1).recovery(RecoveryMode.REBUILD));
    }

    private List<Origin> followUps() {
        return journal.events().stream().map(ListJournal.Entry::origin).filter(o -> o.causeSequence() > 0).toList();
    }

    @Test
    void shouldBringOutEachEventOfARebuildingHandlerExactlyOnceAcrossACrashAtAnyDocument() {
        ListJournal complete = whole().batchBytes(1);
        for (int survivors = 1; survivors <= complete.documentCount(); survivors++) {
            journal = complete.afterCrashAt(survivors);
            long trades = journal.events().stream().filter(e -> e.typeName().equals("trade")).count();
            EventEngine engine = chainOfTwo();
            RecoveryReport report = engine.start();
            engine.close(LONG);

            List<Long> expectedNotes = new ArrayList<>();
            LongStream.rangeClosed(1, trades).forEach(id -> {
                if (id % 2 == 0) {
                    expectedNotes.add(1_000 + id);
                }
                if (id % 4 == 0) {
                    expectedNotes.add(2_000 + id);
                }
            });
            List<Long> notes = journal.events().stream().filter(e -> e.typeName().equals("note"))
                    .map(e -> java.nio.ByteBuffer.wrap(e.bytes()).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong())
                    .toList();
            assertThat(notes).as("after %d documents", survivors).containsExactlyElementsOf(expectedNotes);
            assertThat(followUps()).doesNotHaveDuplicates();
            long ticks = journal.events().stream().filter(e -> e.typeName().equals("tick")).count();
            assertThat(ticks).isEqualTo(expectedNotes.stream().filter(id -> id % 3 == 0).count());
            assertThat(report.followUps().diverged()).isZero();
            assertThat(journal.violations()).isEmpty();
        }
    }

    @Test
    void shouldNotCountWhatRecoveryFoundMissingAgainstTheBoundOfTheOutbox() {
        EventEngine withoutHandlers = journaled();
        withoutHandlers.start();
        for (int i = 1; i <= 60; i++) {
            withoutHandlers.publish(Trade.of(i));
        }
        withoutHandlers.close(LONG);

        EventEngine engine = engine(new EventEngineConfig().journal(journal).ringSize(2).outboxSize(10),
                publisher(RecoveryMode.REBUILD, FollowUpTest::publishNotes),
                SubscriptionConfig.to(Note.class, (note, context) -> {
                    if (note.id() % 30 == 0) {
                        context.publish(Tick.TYPE, (tick, id) -> tick.id = id, note.id());
                    }
                }).name("of notes").priority(1).recovery(RecoveryMode.REBUILD));
        RecoveryReport report = engine.start();
        engine.close(LONG);

        assertThat(report.followUps().published()).isEqualTo(30 + 15);
        assertThat(engine.statistics().retries().deadLetters()).isZero();
        assertThat(journal.events().stream().filter(e -> e.typeName().equals("tick"))).hasSizeGreaterThan(1);
        assertThat(journal.events().stream().filter(e -> e.typeName().equals("note"))).hasSize(45);
    }

    @Test
    void shouldPublishAtLeastOnceWhatAResumingHandlerPublishedWheneverACrashComes() {
        EventEngine first = journaled(publisher(RecoveryMode.RESUME, FollowUpTest::publishNotes));
        first.start();
        for (int i = 1; i <= 12; i++) {
            first.publish(Trade.of(i));
        }
        first.close(LONG);
        ListJournal complete = journal;
        for (int survivors = 1; survivors <= complete.documentCount(); survivors++) {
            journal = complete.afterCrashAt(survivors);
            EventEngine engine = journaled(publisher(RecoveryMode.RESUME, FollowUpTest::publishNotes));
            engine.start();
            engine.close(LONG);

            List<Origin> expected = new ArrayList<>();
            for (ListJournal.Entry entry : journal.events()) {
                if (entry.typeName().equals("trade")) {
                    long id = entry.aggregateId();
                    if (id % 2 == 0) {
                        expected.add(cause(entry.sequence(), 0));
                    }
                    if (id % 4 == 0) {
                        expected.add(cause(entry.sequence(), 1));
                    }
                }
            }
            assertThat(causes()).as("after %d documents", survivors).containsAll(expected);
        }
    }

    @Test
    void shouldNotCountACauseAsHandledBeforeTheJournalHasItsFollowUps() {
        EventEngine engine = engine(
                new EventEngineConfig().journal(journal).ringSize(4).checkpointInterval(Duration.ofNanos(1)),
                publisher(RecoveryMode.RESUME, (trade, context) -> {
                    for (int i = 0; i < 20; i++) {
                        context.publish(new Note(i));
                    }
                }));
        engine.start();
        for (int i = 1; i <= 200; i++) {
            engine.publish(Trade.of(i));
        }
        engine.close(LONG);

        for (int survivors = 1; survivors <= journal.documentCount(); survivors++) {
            ListJournal after = journal.afterCrashAt(survivors);
            long checkpoint = after.outcomes(Outcome.Checkpoint.class).stream()
                    .mapToLong(Outcome.Checkpoint::handledThrough).max().orElse(0);
            for (ListJournal.Entry entry : after.events()) {
                if (entry.typeName().equals("trade") && entry.sequence() <= checkpoint) {
                    long held = after.events().stream()
                            .filter(e -> e.origin().causeSequence() == entry.sequence()).count();
                    assertThat(held).as("of %d, checkpoint %d", entry.sequence(), checkpoint).isEqualTo(20);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(DivergencePolicy.class)
    void shouldNameBothEventsWhenARebuildingHandlerPublishesSomethingElse(DivergencePolicy policy) {
        whole();
        EventEngine engine = engine(new EventEngineConfig().journal(journal).onDivergence(policy),
                publisher(RecoveryMode.REBUILD, (trade, context) -> {
                    if (trade.id() != 6) {
                        publishNotes(trade.id() == 8 ? new Trade(12, "other") : trade, context);
                    }
                }));
        int before = journal.events().size();

        if (policy == DivergencePolicy.FAIL) {
            assertThatThrownBy(engine::start).isInstanceOf(DivergenceException.class)
                    .hasMessageContaining("divergences=3").hasMessageContaining("published nothing")
                    .hasMessageContaining("Note[id=1006]").hasMessageContaining("'publisher'");
        } else {
            RecoveryReport.FollowUps followUps = engine.start().followUps();
            assertThat(followUps.diverged()).isEqualTo(3);
            assertThat(followUps.divergences()).anySatisfy(text -> assertThat(text)
                    .contains("published Note[id=1012], and the journal holds Note[id=1008]"));
        }
        engine.close(LONG);
        assertThat(journal.events()).hasSize(before);
    }

    @Test
    void shouldLetPublishersFromOutsideWaitBehindTheOutbox() throws Exception {
        ConcurrentLinkedQueue<Long> order = new ConcurrentLinkedQueue<>();
        EventEngine engine = engine(new EventEngineConfig().ringSize(2).publishTimeout(LONG),
                publisher(RecoveryMode.LIVE, (trade, context) -> {
                    for (int i = 0; i < 50; i++) {
                        context.publish(new Note(trade.id()));
                    }
                }), SubscriptionConfig.to(Note.class, (note, context) -> order.add(note.id())).name("notes")
                        .recovery(RecoveryMode.LIVE));
        engine.start();

        for (int i = 1; i <= 100; i++) {
            engine.publish(Trade.of(i));
        }

        Eventually.until("all notes", () -> order.size() == 5_000);
        assertThat(engine.statistics().retries().deadLetters()).isZero();
    }
}
