package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.retry.DeadLetterQuery;
import io.ringbus.engine.retry.DriveAgainReport;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.FailsUntilMended;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.RecordingHandler;
import io.ringbus.engine.support.Trade;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Letters that are driven again while their subscription leaves, and comes back. */
class DeadLettersOfLeaversTest {

    private static final DeadLetterQuery ALL = DeadLetterQuery.all();
    /** Acts become documents of 256. */
    private static final int LETTERS = 300;
    private static final int FIRST_DOCUMENT = 256;

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final ListJournal journal = new ListJournal();
    private final FailsUntilMended handler = new FailsUntilMended();

    @Test
    void shouldRefuseWhatIsLeftOfAnActWhenTheSubscriptionLeavesInBetween() throws Exception {
        EventEngine engine = engines.make(new EventEngineConfig().journal(journal));
        Subscription leaver = engine.subscribe(all("leaver", handler).retry(RetryPolicy.none()));
        engine.start();
        publish(engine, 1, LETTERS);
        Eventually.until("all are dead", () -> engine.statistics().retries().deadLetters() == LETTERS);
        handler.mend();
        CountDownLatch acting = new CountDownLatch(1);
        journal.beforeOutcomeCommit(outcomes -> {
            if (outcomes.get(0) instanceof Outcome.DrivenAgain && acting.getCount() > 0) {
                acting.countDown();
                Eventually.until("it is on its way out", () -> !leaver.isActive());
            }
        });

        CompletableFuture<DriveAgainReport> act = CompletableFuture.supplyAsync(
                () -> engine.deadLetterDesk().driveAgain(ALL));
        Eventually.await("the first document", acting);
        leaver.unsubscribe();
        DriveAgainReport report = act.join();

        assertThat(report.driven()).hasSize(FIRST_DOCUMENT);
        assertThat(report.refused()).hasSize(LETTERS - FIRST_DOCUMENT)
                .allSatisfy(refused -> assertThat(refused.reason()).contains("subscription"));
        assertThat(engine.deadLetters()).hasSize(LETTERS - FIRST_DOCUMENT);
        assertThat(journal.outcomes(Outcome.DrivenAgain.class)).hasSize(FIRST_DOCUMENT);
        RecordingHandler back = new RecordingHandler();
        engine.subscribe(all("leaver", back));
        back.awaitCount(FIRST_DOCUMENT);
        assertThat(engine.deadLetterDesk().driveAgain(ALL).driven()).hasSize(LETTERS - FIRST_DOCUMENT);
        back.awaitCount(LETTERS);
        assertThat(Set.copyOf(back.ids())).hasSize(LETTERS);
        Eventually.until("nothing is pending", () -> engine.statistics().retries().pending() == 0);
    }

    /** With a journal, each is handled once; in memory nobody can come back to what a leaver left behind. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLeaveNothingPendingHoweverActsAndChangesMeet(boolean journaled) throws Exception {
        EventEngineConfig config = new EventEngineConfig();
        EventEngine engine = engines.make(journaled ? config.journal(journal) : config);
        engine.start();
        Set<Long> handled = new HashSet<>();
        for (int round = 0; round < 200; round++) {
            Subscription failing = engine.subscribe(all("leaver", handler).retry(RetryPolicy.none()));
            publish(engine, round * 3L + 1, 3);
            failing.unsubscribe();
            RecordingHandler first = new RecordingHandler();
            Subscription leaver = engine.subscribe(all("leaver", first));
            CompletableFuture<DriveAgainReport> act = CompletableFuture.supplyAsync(
                    () -> engine.deadLetterDesk().driveAgain(ALL));
            // Somewhere in the middle of it.
            LockSupport.parkNanos(round * 2_000L);
            leaver.unsubscribe();
            RecordingHandler back = new RecordingHandler();
            Subscription last = engine.subscribe(all("leaver", back));
            act.join();
            engine.deadLetterDesk().driveAgain(ALL);
            Eventually.until("nothing is pending", () -> engine.statistics().retries().pending() == 0);
            last.unsubscribe();
            note(handled, first.ids());
            note(handled, back.ids());
            assertThat(engine.deadLetters()).isEmpty();
        }
        if (journaled) {
            assertThat(handled).containsExactlyInAnyOrderElementsOf(
                    LongStream.rangeClosed(1, 600).boxed().toList());
        }
    }

    private static void note(Set<Long> handled, List<Long> more) {
        more.forEach(id -> assertThat(handled.add(id)).as("first time: " + id).isTrue());
    }

    private static void publish(EventEngine engine, long firstId, int count) throws InterruptedException {
        long sequence = 0;
        for (long id = firstId; id < firstId + count; id++) {
            sequence = engine.publish(Trade.of(id));
        }
        engine.await(Watermark.HANDLED, sequence, LONG);
    }
}
