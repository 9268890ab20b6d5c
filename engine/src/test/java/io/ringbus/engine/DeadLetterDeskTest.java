package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import io.ringbus.engine.error.CalledFromHandlerException;
import io.ringbus.engine.error.EngineClosedException;
import io.ringbus.engine.error.EngineFailedException;
import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.error.InvalidConfigurationException;
import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.retry.DeadLetter;
import io.ringbus.engine.retry.DeadLetterQuery;
import io.ringbus.engine.retry.DriveAgainReport;
import io.ringbus.engine.retry.DriveAgainReport.Driven;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.stats.EngineState;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.FailsFirstAttempts;
import io.ringbus.engine.support.FailsUntilMended;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.ManualClock;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.Payment;
import io.ringbus.engine.support.RecordingHandler;
import io.ringbus.engine.support.Trade;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dead letters of a running engine: listed, driven again, discarded. */
class DeadLetterDeskTest {

    private static final DeadLetterQuery ALL = DeadLetterQuery.all();

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final ManualClock clock = new ManualClock();
    private final ListJournal journal = new ListJournal();
    private final FailsUntilMended handler = new FailsUntilMended();
    private final FailsUntilMended other = new FailsUntilMended(id -> false);

    @Test
    void shouldListWhatIsAskedFor() throws Exception {
        handler.failingWith(id -> id == 2 ? new IOException("gone") : new IllegalStateException("broken"));
        EventEngine engine = start(config().clock(clock));
        long first = publish(engine, Trade.of(1));
        publish(engine, new Payment(2, "ann"));
        clock.advance(Duration.ofMinutes(1));
        long third = publish(engine, new Payment(3, "bob"));
        publish(engine, Trade.of(4));
        DeadLetterDesk desk = engine.deadLetterDesk();

        assertThat(desk.list(ALL)).isEqualTo(engine.deadLetters());
        assertThat(desk.list(ALL)).hasSize(4).first().isEqualTo(new DeadLetter("handler", first, "trade", "account", 1,
                null, Trade.of(1), "java.lang.IllegalStateException", "broken", 1, instant(0), instant(0)));
        assertThat(ids(desk.list(ALL.subscription("handler")))).containsExactly(1L, 2L, 3L, 4L);
        assertThat(desk.list(ALL.subscription("other"))).isEmpty();
        assertThat(ids(desk.list(ALL.sequence(third)))).containsExactly(3L);
        assertThat(ids(desk.list(ALL.eventType("payment")))).containsExactly(2L, 3L);
        assertThat(ids(desk.list(ALL.aggregate("account", 4)))).containsExactly(4L);
        assertThat(ids(desk.list(ALL.aggregate("customer", "bob")))).containsExactly(3L);
        assertThat(ids(desk.list(ALL.errorClass("java.io.IOException")))).containsExactly(2L);
        assertThat(ids(desk.list(ALL.olderThan(Duration.ofMinutes(1))))).containsExactly(1L, 2L);
        assertThat(ids(desk.list(ALL.limit(3)))).containsExactly(1L, 2L, 3L);
        assertThat(ids(desk.list(ALL.eventType("payment").limit(1)))).containsExactly(2L);
    }

    @Test
    void shouldDriveALetterAgainToTheSubscriptionThatGaveItUpAlone() throws Exception {
        EventEngine engine = start(config(), RetryPolicy.exponential(Duration.ZERO).maxAttempts(2));
        long sequence = publish(engine, Trade.of(1));
        publish(engine, Trade.of(2));
        awaitDead(engine, 2);
        handler.mend();

        DriveAgainReport report = engine.deadLetterDesk().driveAgain(ALL.sequence(sequence));

        assertThat(report.driven()).extracting(driven -> id(driven.letter())).containsExactly(1L);
        assertThat(report.refused()).isEmpty();
        assertThat(report.outOfReach()).isZero();
        assertThat(journal.outcomes(Outcome.DrivenAgain.class)).as("noted when the call returns").hasSize(1);
        handler.awaitCount(5);
        awaitNothingPending(engine);
        assertThat(handler.ids()).endsWith(1L);
        assertThat(handler.attempts()).as("a first attempt").endsWith(1);
        assertThat(other.ids()).containsExactly(1L, 2L);
        assertThat(ids(engine.deadLetters())).containsExactly(2L);
        assertThat(journal.outcomes(Outcome.Recovered.class)).extracting(Outcome.Recovered::sequence)
                .containsExactly(sequence);
    }

    @Test
    void shouldGiveALetterItsWholeRetryPolicyAgain() throws Exception {
        EventEngine engine = start(config().clock(clock),
                RetryPolicy.exponential(Duration.ofSeconds(1)).jitter(0).maxAttempts(2)
                        .maxTotalTime(Duration.ofSeconds(5)));
        publish(engine, Trade.of(1));
        clock.advance(Duration.ofSeconds(1));
        awaitDead(engine, 1);
        clock.advance(Duration.ofHours(1));

        engine.deadLetterDesk().driveAgain(ALL);
        handler.awaitCount(3);
        Eventually.until("failed again", () -> journal.outcomes(Outcome.Failed.class).size() == 2);
        clock.advance(Duration.ofSeconds(1));
        handler.awaitCount(4);
        awaitDead(engine, 1);

        assertThat(handler.attempts()).containsExactly(1, 2, 1, 2);
        assertThat(engine.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.event()).isEqualTo(Trade.of(1));
            assertThat(letter.attempts()).isEqualTo(2);
            assertThat(letter.firstFailedAt()).isEqualTo(instant(3601));
            assertThat(letter.lastFailedAt()).isEqualTo(instant(3602));
        });
    }

    @Test
    void shouldDoNothingToALetterThatWasActedOn() throws Exception {
        EventEngine engine = start(config().clock(clock));
        publish(engine, Trade.of(1));
        publish(engine, Trade.of(2));
        DeadLetterDesk desk = engine.deadLetterDesk();
        handler.mend();
        // One in a hundred seconds: the second waits for its time.
        assertThat(desk.driveAgain(ALL, 0.01).driven()).hasSize(2);
        handler.awaitCount(3);

        assertThat(desk.driveAgain(ALL).driven()).isEmpty();
        assertThat(desk.discard(ALL, "too late")).isZero();
        assertThat(desk.list(ALL)).isEmpty();

        clock.advance(Duration.ofSeconds(100));
        handler.awaitCount(4);
        awaitNothingPending(engine);
        assertThat(handler.ids()).containsExactly(1L, 2L, 1L, 2L);
        assertThat(journal.outcomes(Outcome.DrivenAgain.class)).hasSize(2);
        assertThat(journal.outcomes(Outcome.Discarded.class)).isEmpty();
    }

    @Test
    void shouldDriveAgainAtTheRateThatIsAskedFor() throws Exception {
        other.failOn(id -> id == 2);
        EventEngine engine = start(config().clock(clock));
        long first = publish(engine, Trade.of(1));
        long second = publish(engine, Trade.of(2));
        long third = publish(engine, Trade.of(3));
        handler.mend();
        other.mend();

        engine.deadLetterDesk().driveAgain(ALL, 4);

        assertThat(journal.outcomes(Outcome.DrivenAgain.class)).containsExactly(
                driven("handler", first, 0), driven("handler", second, 250), driven("other", second, 500),
                driven("handler", third, 750));
        handler.awaitCount(4);
        clock.advance(Duration.ofMillis(250));
        handler.awaitCount(5);
        clock.advance(Duration.ofMillis(500));
        handler.awaitCount(6);
        awaitNothingPending(engine);
        assertThat(handler.ids()).containsExactly(1L, 2L, 3L, 1L, 2L, 3L);
        assertThat(other.ids()).endsWith(2L);
        assertThat(engine.statistics().retries().redelivered()).isEqualTo(4);
    }

    private static Outcome.DrivenAgain driven(String subscription, long sequence, long afterMillis) {
        return new Outcome.DrivenAgain(subscription, sequence, ManualClock.START,
                ManualClock.START + afterMillis * 1_000_000);
    }

    @Test
    void shouldSayBeforehandExactlyWhatDrivingAgainDoes() throws Exception {
        other.failOn(id -> id == 2);
        EventEngine engine = engines.make(config().clock(clock));
        engine.subscribe(all("handler", handler).retry(RetryPolicy.none()));
        engine.subscribe(all("other", other).startAt(null).recovery(RecoveryMode.REBUILD));
        engine.start();
        for (int i = 1; i <= 3; i++) {
            publish(engine, Trade.of(i));
        }
        DeadLetterDesk desk = engine.deadLetterDesk();
        handler.mend();

        DriveAgainReport plan = desk.planDriveAgain(ALL.limit(3), 2);
        DriveAgainReport planAtOnce = desk.planDriveAgain(ALL.limit(3));

        assertThat(journal.outcomes(Outcome.DrivenAgain.class)).as("nothing is written").isEmpty();
        assertThat(desk.list(ALL)).hasSize(4);
        assertThat(plan.driven()).extracting(Driven::dueAt).containsExactly(instant(0), instant(0).plusMillis(500));
        assertThat(planAtOnce.driven()).extracting(Driven::dueAt).containsExactly(instant(0), instant(0));
        assertThat(plan.refused()).singleElement().satisfies(refused -> {
            assertThat(refused.letter().subscription()).isEqualTo("other");
            assertThat(refused.reason()).contains("rebuilds");
        });
        assertThat(desk.driveAgain(ALL.limit(3), 2)).isEqualTo(plan);
        assertThat(handler.count()).as("delivered by the timer, not by the plan").isLessThanOrEqualTo(4);
    }

    @Test
    void shouldRefuseToDriveAgainWhatCannotBeDelivered() throws Exception {
        other.failOn(id -> true);
        EventEngine first = engines.make(config());
        first.register(Payment.TYPE);
        first.subscribe(all("away", handler).retry(RetryPolicy.none()));
        first.subscribe(all("narrowed", other).retry(RetryPolicy.none()));
        first.start();
        publish(first, Trade.of(1));
        publish(first, new Payment(2, "ann"));
        first.close(LONG);

        EventEngine engine = engines.make(config().retiredEventTypes("payment"));
        engine.subscribe(narrow("narrowed"));
        FailsUntilMended cancelled = new FailsUntilMended();
        Subscription subscription = engine.subscribe(all("cancelled", cancelled).startAt(StartPosition.LATEST)
                .retry(RetryPolicy.none()));
        engine.start();
        publish(engine, new Note(3));
        subscription.unsubscribe();
        long before = journal.outcomes(Outcome.DrivenAgain.class).size();

        DriveAgainReport report = engine.deadLetterDesk().driveAgain(ALL);

        assertThat(report.driven()).isEmpty();
        assertThat(report.refused()).extracting(refused -> refused.letter().subscription() + " "
                + refused.letter().eventType() + ": " + refused.reason()).satisfiesExactly(
                        reason -> assertThat(reason).startsWith("away trade: no subscription"),
                        reason -> assertThat(reason).startsWith("narrowed trade: the subscription does not take"),
                        reason -> assertThat(reason).startsWith("away null: no subscription"),
                        reason -> assertThat(reason).startsWith("narrowed null: its event is not"),
                        reason -> assertThat(reason).startsWith("cancelled note: no subscription"));
        assertThat(engine.deadLetterDesk().list(ALL)).hasSize(5);
        assertThat(journal.outcomes(Outcome.DrivenAgain.class)).hasSize((int) before);
        assertThat(engine.deadLetterDesk().discard(ALL, "nobody needs them")).isEqualTo(5);
    }

    private SubscriptionConfig<Note> narrow(String name) {
        return SubscriptionConfig.to(Note.class, (note, context) -> { }).name(name);
    }

    @Test
    void shouldDiscardForAReason() throws Exception {
        EventEngine engine = start(config());
        long first = publish(engine, Trade.of(1));
        long second = publish(engine, Trade.of(2));
        publish(engine, Trade.of(3));
        DeadLetterDesk desk = engine.deadLetterDesk();

        assertThat(desk.discard(ALL.limit(2), "paid by hand")).isEqualTo(2);
        ListJournal afterCrash = journal.afterCrashAt(journal.documentCount());
        assertThat(desk.discard(ALL.sequence(first), "again")).isZero();

        assertThat(ids(desk.list(ALL))).containsExactly(3L);
        assertThat(journal.outcomes(Outcome.Discarded.class)).extracting(Outcome.Discarded::sequence,
                Outcome.Discarded::reason).containsExactly(tuple(first, "paid by hand"),
                        tuple(second, "paid by hand"));
        EventEngine next = start(config().journal(afterCrash));
        assertThat(ids(next.deadLetters())).containsExactly(3L);
        assertThat(next.statistics().retries().pending()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldReachLettersThatAreNoLongerInMemory(boolean afterRestart) throws Exception {
        journal.readsFromLastRestatement(true).restateEvery(3);
        EventEngine engine = start(config().deadLettersInMemory(3));
        for (int i = 1; i <= 10; i++) {
            publish(engine, i % 2 == 0 ? Trade.of(i) : new Payment(i, "ann"));
        }
        if (afterRestart) {
            engine.close(LONG);
            engine = start(config().deadLettersInMemory(3));
        }
        DeadLetterDesk desk = engine.deadLetterDesk();
        assertThat(engine.deadLetters()).hasSize(3);

        assertThat(ids(desk.list(ALL))).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
        assertThat(ids(desk.list(ALL.aggregate("customer", "ann").limit(2)))).containsExactly(1L, 3L);
        assertThat(desk.discard(ALL.eventType("trade").limit(1), "known")).isOne();
        handler.mend();
        int before = handler.count();
        DriveAgainReport report = desk.driveAgain(ALL.eventType("payment"));
        handler.awaitCount(before + 5);

        assertThat(report.outOfReach()).isZero();
        assertThat(handler.ids().subList(before, before + 5)).containsExactly(1L, 3L, 5L, 7L, 9L);
        awaitNothingPending(engine);
        assertThat(ids(desk.list(ALL))).containsExactly(4L, 6L, 8L, 10L);
        assertThat(engine.statistics().retries().deadLetters()).isEqualTo(4);
        engine.close(LONG);
        EventEngine next = start(config().deadLettersInMemory(1));
        assertThat(ids(next.deadLetterDesk().list(ALL))).containsExactly(4L, 6L, 8L, 10L);
        assertThat(next.statistics().retries().deadLetters()).isEqualTo(4);
        assertThat(journal.violations()).isEmpty();
    }

    @Test
    void shouldSayHowManyLettersAreOutOfReachWithoutAJournal() throws Exception {
        EventEngine engine = start(new EventEngineConfig().deadLettersInMemory(3));
        for (int i = 1; i <= 10; i++) {
            publish(engine, Trade.of(i));
        }
        handler.mend();

        DriveAgainReport report = engine.deadLetterDesk().driveAgain(ALL);

        assertThat(report.driven()).extracting(driven -> id(driven.letter())).containsExactly(8L, 9L, 10L);
        assertThat(report.outOfReach()).isEqualTo(7);
        handler.awaitCount(13);
        assertThat(engine.deadLetterDesk().planDriveAgain(ALL).driven()).isEmpty();
        assertThat(engine.clearDeadLetters()).isEqualTo(7);
        assertThat(engine.deadLetterDesk().planDriveAgain(ALL).outOfReach()).isZero();
    }

    /** 600 letters are three documents of the log; each is there as a whole or not at all. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLoseNoLetterInACrashDuringAnAct(boolean fromLastRestatement) throws Exception {
        int letters = 600;
        EventEngine engine = start(config().deadLettersInMemory(50));
        long last = 0;
        for (int i = 1; i <= letters; i++) {
            last = engine.publish(Trade.of(i));
        }
        engine.await(Watermark.HANDLED, last, LONG);
        handler.mend();
        int before = journal.documentCount();
        engine.deadLetterDesk().driveAgain(ALL);
        handler.awaitCount(2 * letters);
        engine.close(LONG);
        int after = journal.documentCount();

        for (int survivors = before; survivors <= after; survivors++) {
            ListJournal crashed = journal.afterCrashAt(survivors).readsFromLastRestatement(fromLastRestatement);
            FailsUntilMended again = new FailsUntilMended(id -> false);
            long recovered = crashed.outcomes(Outcome.Recovered.class).size();
            EventEngine next = engines.make(config().journal(crashed).deadLettersInMemory(50));
            next.register(Payment.TYPE);
            next.subscribe(all("handler", again).retry(RetryPolicy.none()));
            next.subscribe(all("other", other));
            next.start();
            long dead = next.statistics().retries().deadLetters();
            assertThat(next.deadLetterDesk().list(ALL)).hasSize((int) dead);
            next.deadLetterDesk().driveAgain(ALL);
            long wanted = letters - recovered;
            again.awaitCount((int) wanted);
            awaitNothingPending(next);

            assertThat(again.ids()).as("survivors " + survivors).doesNotHaveDuplicates().hasSize((int) wanted);
            assertThat(next.statistics().retries().deadLetters()).isZero();
            next.close(LONG);
            assertThat(crashed.violations()).isEmpty();
        }
        assertThat(after - before).isGreaterThanOrEqualTo(3);
    }

    @Test
    void shouldWorkWhileAStageWaitsForWhatFails() throws Exception {
        EventEngine engine = engines.make(config().clock(clock));
        engine.subscribe(all("handler", handler).filter(event -> event.id() == 1).retry(RetryPolicy.none()));
        engine.subscribe(all("blocking", FailsFirstAttempts.always(id -> id == 2)).priority(200)
                .retry(RetryPolicy.exponential(Duration.ofHours(1))).retryOrder(RetryOrder.BLOCKING));
        engine.start();
        publish(engine, Trade.of(1));
        engine.publish(Trade.of(2));
        Eventually.until("the stage waits", () -> journal.outcomes(Outcome.Failed.class).size() == 1);
        handler.mend();

        engine.deadLetterDesk().driveAgain(ALL);

        handler.awaitCount(2);
        assertThat(handler.ids()).containsExactly(1L, 1L);
    }

    @Test
    void shouldGiveALetterOfALiveSubscriptionWhileTheProcessLivesAndKeepItOtherwise() throws Exception {
        EventEngine engine = live();
        engine.start();
        publish(engine, Trade.of(1));
        publish(engine, Trade.of(2));
        handler.mend();
        engine.deadLetterDesk().driveAgain(ALL, 0.001);
        handler.awaitCount(3);
        awaitPending(engine, 1);
        engine.close(LONG);

        EventEngine next = live();
        RecoveryReport report = next.start();

        assertThat(report.findings()).anyMatch(finding -> finding.startsWith("returned 1 deliver(ies)"));
        assertThat(next.statistics().retries().pending()).isZero();
        assertThat(next.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.event()).isEqualTo(Trade.of(2));
            assertThat(letter.errorMessage()).contains("LIVE");
        });
        next.deadLetterDesk().driveAgain(ALL);
        handler.awaitCount(4);
        assertThat(handler.ids()).containsExactly(1L, 2L, 1L, 2L);
    }

    private EventEngine live() {
        EventEngine engine = engines.make(config().clock(clock));
        engine.subscribe(all("handler", handler).startAt(null).recovery(RecoveryMode.LIVE).retry(RetryPolicy.none()));
        return engine;
    }

    /** A thread with its flag set breaks the file channels that it reads or writes. */
    @Test
    void shouldActForACallerThatIsInterrupted() throws Exception {
        List<Boolean> flags = new CopyOnWriteArrayList<>();
        EventEngine engine = start(new EventEngineConfig().deadLettersInMemory(1).journal((types, now) ->
                noting(JournalSession.class, journal.open(types, now), flags)));
        publish(engine, Trade.of(1));
        publish(engine, Trade.of(2));
        flags.clear();

        Thread.currentThread().interrupt();
        List<DeadLetter> listed = engine.deadLetterDesk().list(ALL);
        long discarded = engine.deadLetterDesk().discard(ALL, "known");
        boolean flag = Thread.interrupted();

        assertThat(ids(listed)).containsExactly(1L, 2L);
        assertThat(discarded).isEqualTo(2);
        assertThat(flag).as("the caller's own is left to it").isTrue();
        assertThat(flags).as("those who used the journal").isNotEmpty().containsOnly(false);
    }

    /** Notes at each call whether the thread is interrupted. */
    private static <T> T noting(Class<T> port, T target, List<Boolean> flags) {
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port},
                (proxy, method, arguments) -> {
                    flags.add(Thread.currentThread().isInterrupted());
                    return method.invoke(target, arguments);
                }));
    }

    @Test
    void shouldStopTheEngineWhenAnActCannotBeNoted() throws Exception {
        EventEngine engine = start(config());
        publish(engine, Trade.of(1));
        handler.mend();
        journal.failOutcomeCommits(() -> new JournalException("the disk is full"));

        assertThatThrownBy(() -> engine.deadLetterDesk().driveAgain(ALL)).hasMessage("the disk is full");

        assertThat(engine.state()).isEqualTo(EngineState.FAILED);
        assertThatThrownBy(() -> engine.deadLetterDesk().list(ALL)).isInstanceOf(EngineFailedException.class);
        assertThat(engine.close(LONG).failure()).hasMessage("the disk is full");
        assertThat(handler.count()).isOne();
        assertThat(journal.violations()).isEmpty();
    }

    @Test
    void shouldRefuseHandlersAndEnginesThatDoNotRun() throws Exception {
        AtomicReference<List<Throwable>> refusals = new AtomicReference<>();
        EventEngine engine = engines.make(config());
        EventHandler<Numbered> caller = (event, context) -> {
            DeadLetterDesk desk = engine.deadLetterDesk();
            refusals.set(List.of(catchThrowable(() -> desk.list(ALL)), catchThrowable(() -> desk.driveAgain(ALL, 1)),
                    catchThrowable(() -> desk.planDriveAgain(ALL)), catchThrowable(() -> desk.discard(ALL, "r"))));
        };
        engine.subscribe(all("caller", caller));
        assertThatThrownBy(engine::deadLetterDesk).isExactlyInstanceOf(EngineStateException.class);
        engine.start();
        publish(engine, Trade.of(1));

        assertThat(refusals.get()).hasSize(4).allSatisfy(e -> assertThat(e)
                .isInstanceOf(CalledFromHandlerException.class).hasMessageContaining("another thread"));
        engine.close(LONG);
        assertThatThrownBy(() -> engine.deadLetterDesk().list(ALL)).isInstanceOf(EngineClosedException.class);
        assertThatThrownBy(() -> engine.deadLetterDesk().discard(ALL, "r")).isInstanceOf(EngineClosedException.class);
    }

    @Test
    void shouldRefuseWhatCannotBeMeant() {
        DeadLetterDesk desk = start(config()).deadLetterDesk();

        for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> desk.driveAgain(ALL, rate)).isInstanceOf(InvalidConfigurationException.class)
                    .hasMessageEndingWith("perSecond=" + rate);
            assertThatThrownBy(() -> desk.planDriveAgain(ALL, rate)).isInstanceOf(InvalidConfigurationException.class);
        }
        assertThatThrownBy(() -> desk.discard(ALL, " ")).isInstanceOf(InvalidConfigurationException.class)
                .hasMessageEndingWith("reason= ");
        assertThatThrownBy(() -> desk.discard(ALL, null)).isInstanceOf(InvalidConfigurationException.class);
        assertThatThrownBy(() -> desk.list(null)).isInstanceOf(InvalidConfigurationException.class)
                .hasMessageEndingWith("query=null");
        assertThatThrownBy(() -> desk.driveAgain(null)).isInstanceOf(InvalidConfigurationException.class);
    }

    @Test
    void shouldDriveEachLetterOnceWhenManyAskForIt() throws Exception {
        EventEngine engine = start(config());
        for (int i = 1; i <= 50; i++) {
            publish(engine, Trade.of(i));
        }
        handler.mend();
        List<Long> driven = new CopyOnWriteArrayList<>();
        List<Thread> operators = new ArrayList<>();
        IntStream.range(0, 4).forEach(i -> operators.add(new Thread(() -> engine.deadLetterDesk().driveAgain(ALL)
                .driven().forEach(each -> driven.add(id(each.letter()))))));
        operators.forEach(Thread::start);
        for (Thread operator : operators) {
            operator.join();
        }
        handler.awaitCount(100);
        awaitNothingPending(engine);

        assertThat(driven).containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 50).boxed().toList());
        assertThat(handler.count()).isEqualTo(100);
    }

    private EventEngineConfig config() {
        return new EventEngineConfig().journal(journal);
    }

    private EventEngine start(EventEngineConfig config) {
        return start(config, RetryPolicy.none());
    }

    private EventEngine start(EventEngineConfig config, RetryPolicy policy) {
        EventEngine engine = engines.make(config);
        engine.register(Payment.TYPE);
        engine.subscribe(all("handler", handler).retry(policy));
        engine.subscribe(all("other", other).priority(200).retry(policy));
        engine.start();
        return engine;
    }

    private static long publish(EventEngine engine, Numbered event) throws InterruptedException {
        long sequence = engine.publish(event);
        engine.await(Watermark.HANDLED, sequence, LONG);
        return sequence;
    }

    private static void awaitDead(EventEngine engine, long letters) {
        Eventually.until(letters + " dead letters", () -> engine.statistics().retries().deadLetters() == letters);
    }

    private static void awaitNothingPending(EventEngine engine) {
        awaitPending(engine, 0);
    }

    private static void awaitPending(EventEngine engine, long pending) {
        Eventually.until(pending + " pending", () -> engine.statistics().retries().pending() == pending);
    }

    /** Sequences have gaps where a redelivery took a place, so tests speak of the events' own ids. */
    private static List<Long> ids(List<DeadLetter> letters) {
        return letters.stream().map(DeadLetterDeskTest::id).toList();
    }

    private static long id(DeadLetter letter) {
        return ((Numbered) letter.event()).id();
    }

    private static Instant instant(long secondsAfterStart) {
        return Instant.ofEpochSecond(0, ManualClock.START).plusSeconds(secondsAfterStart);
    }
}
