package io.ringbus.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.journal.policy.SyncMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** JournalSession: "outcomes() is used by many threads, one at a time." */
class JournalThreadsTest {

    private static final int TURNS = 120;

    private final ManualClock clock = new ManualClock();
    private final List<Outcome> expected = new ArrayList<>();

    @TempDir
    private Path directory;

    /** Every third turn rolls, so that each thread goes on in files that another one began. */
    @ParameterizedTest
    @EnumSource(SyncMode.class)
    void shouldTakeOutcomesFromTwoThreadsThatTakeTurns(SyncMode mode) throws Exception {
        ExecutorService first = Executors.newSingleThreadExecutor();
        ExecutorService second = Executors.newSingleThreadExecutor();
        try (JournalSession session = open(mode)) {
            for (int turn = 1; turn <= TURNS; turn++) {
                int sequence = turn;
                (turn % 2 == 0 ? first : second).submit(() -> takeTurn(session, sequence, sequence % 3 == 0)).get();
            }
            assertThat(read(session)).isEqualTo(expected);
        } finally {
            first.shutdownNow();
            second.shutdownNow();
        }
        verifyReopened(mode);
    }

    @Test
    void shouldTakeOutcomesFromThreadsThatComeAndGo() throws Exception {
        try (JournalSession session = open(SyncMode.BATCH)) {
            for (int turn = 1; turn <= TURNS; turn++) {
                int sequence = turn;
                onThread(() -> takeTurn(session, sequence, sequence % 7 == 0), false);
            }
            onThread(() -> close(session), false);
        }
        verifyReopened(SyncMode.BATCH);
    }

    @ParameterizedTest
    @EnumSource(SyncMode.class)
    void shouldTakeOutcomesFromAThreadThatIsInterrupted(SyncMode mode) throws Exception {
        try (JournalSession session = open(mode)) {
            for (int turn = 1; turn <= TURNS; turn++) {
                int sequence = turn;
                onThread(() -> takeTurn(session, sequence, sequence % 3 == 0), true);
            }
            onThread(() -> close(session), true);
        }
        verifyReopened(mode);
    }

    @ParameterizedTest
    @EnumSource(SyncMode.class)
    void shouldTakeOutcomesFromAThreadThatIsInterruptedAtAnyInstant(SyncMode mode) throws Exception {
        try (JournalSession session = open(mode)) {
            Thread appending = new Thread(() -> {
                for (int turn = 1; turn <= 4 * TURNS; turn++) {
                    takeTurn(session, turn, turn % 10 == 0);
                }
            });
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            appending.setUncaughtExceptionHandler((thread, e) -> thrown.set(e));
            appending.start();
            while (appending.isAlive()) {
                appending.interrupt();
                appending.join(1);
            }
            assertThat(thrown.get()).isNull();
        }
        verifyReopened(mode);
    }

    private Void takeTurn(JournalSession session, int sequence, boolean rolls) {
        if (rolls) {
            clock.advance(1, TimeUnit.HOURS);
        }
        for (Outcome outcome : List.of(new Outcome.Waiting("margin", sequence, 1),
                new Outcome.Handled("margin", sequence, 1, 2, 3))) {
            session.outcomes().append(outcome);
            expected.add(outcome);
        }
        session.outcomes().commit();
        if (sequence % 5 == 0) {
            session.outcomes().sync();
        }
        return null;
    }

    private void verifyReopened(SyncMode mode) {
        try (JournalSession session = open(mode)) {
            assertThat(session.report().findings()).isEmpty();
            assertThat(read(session)).isEqualTo(expected);
        }
    }

    private JournalSession open(SyncMode mode) {
        JournalSession session = ChronicleJournal.in(directory).sync(mode).blockBytes(1 << 16).maxEventBytes(1_000)
                .batchBytes(256).open(AppendingMain.TYPES, clock);
        if (session.report().lastSequence() == 0) {
            // What outcomes name was journaled before, or else something is missing.
            session.events().add(TestEntry.of(TestOutcomes.HIGHEST_SEQUENCE));
            session.events().commit(clock.epochNanos());
        }
        return session;
    }

    private static Void close(JournalSession session) {
        session.close();
        return null;
    }

    private static List<Outcome> read(JournalSession session) {
        List<Outcome> outcomes = new ArrayList<>();
        session.outcomes().readAll(outcomes::add);
        return outcomes;
    }

    /** Runs an action on a thread of its own, which stays interrupted when it began so. */
    private static void onThread(Callable<Void> action, boolean interrupted) throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            thread.submit(() -> {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                action.call();
                assertThat(Thread.currentThread().isInterrupted()).isEqualTo(interrupted);
                return null;
            }).get();
        } finally {
            thread.shutdownNow();
        }
    }
}
