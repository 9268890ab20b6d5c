package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.engine.error.EngineClosedException;
import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.error.JournalLockedException;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.retry.DeadLetter;
import io.ringbus.engine.retry.DeadLetterQuery;
import io.ringbus.engine.retry.DriveAgainReport;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.FailsUntilMended;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.ManualClock;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.Payment;
import io.ringbus.engine.support.Trade;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dead letters of a journal that no engine has open. */
class DeadLettersAtRestTest {

    private static final DeadLetterQuery ALL = DeadLetterQuery.all();

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final ManualClock clock = new ManualClock();
    private final ListJournal journal = new ListJournal().readsFromLastRestatement(true).restateEvery(2);
    private final FailsUntilMended handler = new FailsUntilMended();

    @Test
    void shouldReachEveryLetterAndItsEventsHeader() throws Exception {
        leaveLetters(10);

        try (DeadLettersAtRest desk = DeadLettersAtRest.open(journal, clock)) {
            assertThat(desk.list(ALL)).hasSize(10);
            assertThat(desk.list(ALL)).extracting(DeadLetter::eventType).containsOnly("payment", "trade");
            assertThat(desk.list(ALL.eventType("payment"))).hasSize(5).allSatisfy(letter -> {
                assertThat(letter.event()).isNull();
                assertThat(letter.aggregateType()).isEqualTo("customer");
                assertThat(letter.aggregateKey()).isEqualTo("ann");
                assertThat(letter.errorMessage()).startsWith("broken");
            });
            assertThat(desk.list(ALL.aggregate("account", 4))).singleElement().satisfies(letter -> {
                assertThat(letter.errorMessage()).isEqualTo("broken 4");
                assertThat(letter.aggregateId()).isEqualTo(4);
            });
            assertThat(desk.list(ALL.limit(4))).extracting(DeadLetter::errorMessage)
                    .containsExactly("broken 1", "broken 2", "broken 3", "broken 4");
            assertThat(desk.list(ALL.olderThan(Duration.ofDays(1)))).isEmpty();
            assertThat(desk.planDriveAgain(ALL).outOfReach()).isZero();
            assertThat(desk.journal().lastSequence()).isPositive();
        }
        assertThat(journal.openSessions()).isZero();
    }

    @Test
    void shouldGiveTheBytesOfALettersEvent() throws Exception {
        leaveLetters(1);
        List<String> texts = new ArrayList<>();

        try (DeadLettersAtRest desk = DeadLettersAtRest.open(journal, clock)) {
            desk.readEvent(desk.list(ALL).get(0), stored -> {
                byte[] text = new byte[stored.payloadLength() - Long.BYTES];
                stored.payload().get(Long.BYTES, text);
                texts.add(stored.typeName() + " " + stored.typeVersion() + " "
                        + new String(text, StandardCharsets.UTF_8));
            });
        }

        assertThat(texts).containsExactly("payment 1 ann");
    }

    @Test
    void shouldHaveTheNextEngineDeliverWhatWasDrivenAgain() throws Exception {
        leaveLetters(10);
        int documents = journal.documentCount();
        DriveAgainReport plan;
        DriveAgainReport report;
        try (DeadLettersAtRest desk = DeadLettersAtRest.open(journal, clock)) {
            plan = desk.planDriveAgain(ALL.limit(8), 2);
            assertThat(journal.documentCount()).as("a plan writes nothing").isEqualTo(documents);
            int syncs = journal.syncs();
            report = desk.driveAgain(ALL.limit(8), 2);
            assertThat(report).isEqualTo(plan);
            assertThat(journal.syncs()).as("forced when the call returns").isGreaterThan(syncs);
            int after = journal.documentCount();
            assertThat(desk.list(ALL)).hasSize(2);
            assertThat(desk.driveAgain(ALL.limit(8)).driven()).as("the two that were left").hasSize(2);
            assertThat(desk.driveAgain(ALL).driven()).as("repeated").isEmpty();
            assertThat(journal.documentCount()).isEqualTo(after + 1);
        }
        handler.mend();

        EventEngine next = start();
        assertThat(next.deadLetters()).isEmpty();
        clock.advance(Duration.ofSeconds(4));
        handler.awaitCount(20);
        awaitNothingPending(next);

        assertThat(handler.ids().subList(10, 20)).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
        assertThat(handler.attempts().subList(10, 20)).containsOnly(1);
        assertThat(next.statistics().retries().deadLetters()).isZero();
        assertThat(journal.violations()).isEmpty();
    }

    @Test
    void shouldDiscardForGood() throws Exception {
        leaveLetters(10);
        try (DeadLettersAtRest desk = DeadLettersAtRest.open(journal, clock)) {
            assertThat(desk.discard(ALL.limit(7), "paid by hand")).isEqualTo(7);
            assertThat(desk.discard(ALL.limit(3), "the rest")).isEqualTo(3);
            assertThat(desk.discard(ALL, "nothing left")).isZero();
        }

        assertThat(journal.outcomes(Outcome.Discarded.class)).extracting(Outcome.Discarded::reason)
                .containsOnly("paid by hand", "the rest").hasSize(10);
        EventEngine next = start();
        assertThat(next.statistics().retries().deadLetters()).isZero();
        assertThat(next.statistics().retries().pending()).isZero();
        assertThat(next.deadLetterDesk().list(ALL)).isEmpty();
    }

    @Test
    void shouldRefuseSubscriptionsThatDoNotResumeAndEventsThatAreGone() throws Exception {
        EventEngine engine = engines.make(config());
        engine.subscribe(all("resuming", handler).retry(RetryPolicy.none()));
        Subscription left = engine.subscribe(all("left", new FailsUntilMended()).retry(RetryPolicy.none()));
        engine.subscribe(all("live", new FailsUntilMended()).startAt(null).recovery(RecoveryMode.LIVE)
                .retry(RetryPolicy.none()));
        engine.start();
        publish(engine, Trade.of(1));
        left.unsubscribe();
        publish(engine, Trade.of(2));
        engine.close(LONG);
        ListJournal shortened = journal.withoutLastBatches(1);

        try (DeadLettersAtRest desk = DeadLettersAtRest.open(shortened, clock)) {
            DriveAgainReport report = desk.driveAgain(ALL);

            assertThat(report.driven()).extracting(driven -> driven.letter().subscription())
                    .containsExactly("resuming");
            assertThat(report.refused()).extracting(refused -> refused.letter().subscription() + ": "
                    + refused.reason()).satisfiesExactly(
                            reason -> assertThat(reason).startsWith("left: the subscription has left"),
                            reason -> assertThat(reason).startsWith("live: no subscription of this name ever"),
                            reason -> assertThat(reason).startsWith("live: no subscription of this name ever"),
                            reason -> assertThat(reason).startsWith("resuming: its event is not"));
            assertThat(desk.list(ALL)).hasSize(4);
            List<Long> read = new ArrayList<>();
            desk.list(ALL).forEach(letter -> desk.readEvent(letter, stored -> read.add(stored.sequence())));
            assertThat(read).as("of one event").containsExactly(1L, 1L);
            assertThat(desk.discard(ALL, "never mind")).isEqualTo(4);
        }
    }

    /** The outcome log does not say what a subscription is, so only the start can tell. */
    @ParameterizedTest
    @EnumSource(value = RecoveryMode.class, names = {"REBUILD", "LIVE"})
    void shouldReturnToTheDeadLettersWhatASubscriptionDoesNotTake(RecoveryMode mode) throws Exception {
        leaveLetters(4);
        try (DeadLettersAtRest desk = DeadLettersAtRest.open(journal, clock)) {
            assertThat(desk.driveAgain(ALL.limit(3)).driven()).hasSize(3);
        }
        handler.mend();

        for (int run = 1; run <= 2; run++) {
            EventEngine next = engines.make(config());
            next.register(Payment.TYPE);
            next.subscribe(all("handler", handler).startAt(null).recovery(mode));
            RecoveryReport report = next.start();

            assertThat(report.deadLetters()).isEqualTo(4);
            assertThat(report.findings().stream().filter(finding -> finding.contains("returned 3 deliver(ies)")))
                    .as("said once, in run " + run).hasSize(run == 1 ? 1 : 0);
            assertThat(next.deadLetterDesk().list(ALL)).hasSize(4);
            assertThat(next.statistics().retries().pending()).isZero();
            next.close(LONG);
        }
    }

    @Test
    void shouldHoldTheJournalUntilItIsClosed() throws Exception {
        EventEngine engine = start();
        assertThatThrownBy(() -> DeadLettersAtRest.open(journal)).isInstanceOf(JournalLockedException.class);
        engine.close(LONG);

        DeadLettersAtRest desk = DeadLettersAtRest.open(journal);
        assertThatThrownBy(this::start).isInstanceOf(JournalLockedException.class);
        desk.close();
        desk.close();

        assertThatThrownBy(() -> desk.list(ALL)).isInstanceOf(EngineClosedException.class)
                .hasMessageEndingWith("call=list");
        assertThatThrownBy(() -> desk.readEvent(null, stored -> { })).isInstanceOf(EngineClosedException.class);
        start();
    }

    @Test
    void shouldGiveTheJournalBackWhenItsOutcomesCannotBeRead() throws Exception {
        leaveLetters(1);

        assertThatThrownBy(() -> DeadLettersAtRest.open((types, now) -> withoutOutcomes(journal.open(types, now))))
                .hasMessage("damaged");

        assertThat(journal.openSessions()).isZero();
        assertThat(journal.isLocked()).isFalse();
    }

    private static JournalSession withoutOutcomes(JournalSession session) {
        return (JournalSession) Proxy.newProxyInstance(JournalSession.class.getClassLoader(),
                new Class<?>[] {JournalSession.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("outcomes")) {
                        throw new JournalException("damaged");
                    }
                    return method.invoke(session, arguments);
                });
    }

    @Test
    void shouldWriteNothingMoreWhenAnActWasNotNotedForCertain() throws Exception {
        leaveLetters(2);
        try (DeadLettersAtRest desk = DeadLettersAtRest.open(journal, clock)) {
            journal.failOutcomeCommits(() -> new JournalException("the disk is full"));
            assertThatThrownBy(() -> desk.discard(ALL, "known")).hasMessage("the disk is full");
            journal.failOutcomeCommits(null);

            assertThatThrownBy(() -> desk.discard(ALL, "known")).hasMessage("the disk is full");
        }
        assertThat(journal.violations()).isEmpty();
        assertThat(journal.outcomes(Outcome.Discarded.class)).isEmpty();
    }

    /** What is appended behind a half restatement would be passed over with it. */
    @Test
    void shouldMakeALogWholeThatEndsWithinARestatement() throws Exception {
        leaveLetters(6);
        write(log -> log.accept(new Outcome.RestatementBegun(1, 0)));
        int documents = journal.documentCount();

        try (DeadLettersAtRest desk = DeadLettersAtRest.open(journal, clock)) {
            assertThat(desk.list(ALL)).hasSize(6);
            assertThat(journal.documentCount()).as("looking writes nothing").isEqualTo(documents);
            assertThat(desk.discard(ALL.limit(1), "known")).isOne();
            assertThat(desk.driveAgain(ALL.limit(2)).driven()).hasSize(2);
            assertThat(desk.list(ALL)).hasSize(3);
        }

        handler.mend();
        EventEngine next = start();
        handler.awaitCount(8);
        awaitNothingPending(next);
        assertThat(next.statistics().retries().deadLetters()).isEqualTo(3);
        assertThat(next.deadLetterDesk().list(ALL)).hasSize(3);
        assertThat(handler.ids()).endsWith(2L, 3L);
    }

    /** Older files of the log may have been put away; what the first restatement says is all there is then. */
    @Test
    void shouldSayHowManyLettersTheLogNoLongerTellsOf() throws Exception {
        leaveLetters(10);
        ListJournal shortened = new ListJournal();
        JournalSession session = shortened.open(List.of(), clock);
        List<Outcome> whole = journal.outcomes();
        int begun = whole.size() - 1;
        while (!(whole.get(begun) instanceof Outcome.RestatementBegun)) {
            begun--;
        }
        whole.subList(begun, whole.size()).forEach(session.outcomes()::append);
        session.outcomes().commit();
        session.close();

        try (DeadLettersAtRest desk = DeadLettersAtRest.open(shortened, clock)) {
            assertThat(desk.list(ALL)).hasSize(3);
            assertThat(desk.planDriveAgain(ALL).outOfReach()).isEqualTo(7);
            assertThat(desk.discard(ALL, "known")).isEqualTo(3);
            assertThat(desk.planDriveAgain(ALL).outOfReach()).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLoseNoLetterInACrashDuringAnAct(boolean fromLastRestatement) throws Exception {
        int letters = 600;
        EventEngine engine = start();
        long last = 0;
        for (int i = 1; i <= letters; i++) {
            last = engine.publish(Trade.of(i));
        }
        engine.await(Watermark.HANDLED, last, LONG);
        engine.close(LONG);
        int before = journal.documentCount();
        try (DeadLettersAtRest desk = DeadLettersAtRest.open(journal, clock)) {
            assertThat(desk.driveAgain(ALL).driven()).hasSize(letters);
        }
        int after = journal.documentCount();
        assertThat(after - before).isEqualTo(3);

        for (int survivors = before; survivors <= after; survivors++) {
            ListJournal crashed = journal.afterCrashAt(survivors).readsFromLastRestatement(fromLastRestatement);
            try (DeadLettersAtRest desk = DeadLettersAtRest.open(crashed, clock)) {
                int driven = 256 * (survivors - before);
                assertThat(desk.list(ALL)).hasSize(Math.max(0, letters - driven));
                desk.driveAgain(ALL);
            }
            FailsUntilMended again = new FailsUntilMended(id -> false);
            EventEngine next = engines.make(config().journal(crashed));
            next.register(Payment.TYPE);
            next.subscribe(all("handler", again));
            next.start();
            again.awaitCount(letters);
            awaitNothingPending(next);

            assertThat(again.ids()).hasSize(letters).doesNotHaveDuplicates();
            assertThat(next.statistics().retries().deadLetters()).isZero();
            next.close(LONG);
            assertThat(crashed.violations()).isEmpty();
        }
    }

    private void write(Consumer<Consumer<Outcome>> writer) {
        JournalSession session = journal.open(List.of(), clock);
        writer.accept(session.outcomes()::append);
        session.outcomes().commit();
        session.close();
    }

    /** Odd ids are payments of one customer, even ones are trades. */
    private void leaveLetters(int count) throws InterruptedException {
        EventEngine engine = start();
        for (int i = 1; i <= count; i++) {
            publish(engine, i % 2 == 0 ? Trade.of(i) : new Payment(i, "ann"));
        }
        engine.close(LONG);
    }

    private EventEngineConfig config() {
        return new EventEngineConfig().journal(journal).clock(clock).deadLettersInMemory(3);
    }

    private EventEngine start() {
        EventEngine engine = engines.make(config());
        engine.register(Payment.TYPE);
        engine.subscribe(all("handler", handler).retry(RetryPolicy.none()));
        engine.start();
        return engine;
    }

    private static void publish(EventEngine engine, Numbered event) throws InterruptedException {
        engine.await(Watermark.HANDLED, engine.publish(event), LONG);
    }

    private static void awaitNothingPending(EventEngine engine) {
        Eventually.until("nothing pending", () -> engine.statistics().retries().pending() == 0);
    }
}
