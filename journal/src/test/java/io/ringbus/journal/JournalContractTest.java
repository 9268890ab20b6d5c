package io.ringbus.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.event.EventType;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalContractTest {

    private static final List<EventType<?>> TYPES = List.of(EventType.named("first", Sample.class),
            EventType.named("second", Sample.class).version(3));

    private final ManualClock clock = new ManualClock();

    @TempDir
    private Path directory;

    record Sample(long id, String text) {
    }

    @Test
    void shouldGiveBackWhatWasCommittedAndNothingElse() {
        List<TestEntry> expected = new ArrayList<>();
        try (JournalSession session = open()) {
            assertThat(session.report().lastSequence()).isZero();
            assertThat(session.report().findings()).isEmpty();
            append(session, expected, new TestEntry(5, 0, 42, null, 0, null, new byte[0]),
                    new TestEntry(6, 1, 43, "order", 17, null, new byte[] {1, 2, 3}),
                    new TestEntry(9, 1, 44, "account", 0, "käse-\uD83D\uDE00", new byte[1000]),
                    new TestEntry(10, 0, 45, null, 0, null, new byte[] {9}),
                    new TestEntry(11, 0, 46, "account", -1, null, new byte[] {9}));
            session.events().add(TestEntry.of(12, (byte) 1));
            assertThat(read(session, 1, Long.MAX_VALUE)).isEqualTo(expected);
            session.events().commit(clock.epochNanos());
            expected.add(TestEntry.of(12, (byte) 1));
            assertThat(read(session, 1, Long.MAX_VALUE)).isEqualTo(expected);
        }
        try (JournalSession session = open()) {
            assertThat(session.report().lastSequence()).isEqualTo(12);
            assertThat(session.report().findings()).isEmpty();
            assertThat(read(session, 1, Long.MAX_VALUE)).isEqualTo(expected);
            assertThat(read(session, 6, 10)).isEqualTo(expected.subList(1, 4));
        }
    }

    @Test
    void shouldGoOnInANewFileWhenTheCycleIsOver() {
        List<TestEntry> expected = new ArrayList<>();
        long sequence = 0;
        for (int run = 0; run < 3; run++) {
            try (JournalSession session = open()) {
                for (int i = 0; i < 40; i++) {
                    sequence++;
                    append(session, expected, TestEntry.of(sequence, (byte) i, (byte) run));
                    if (i % 10 == 0) {
                        clock.advance(1, TimeUnit.HOURS);
                    }
                }
                assertThat(read(session, 1, Long.MAX_VALUE)).isEqualTo(expected);
                assertThat(read(session, 30, 31)).isEqualTo(expected.subList(29, 31).subList(0, Math.min(2, 2)));
            }
        }
    }

    @Test
    void shouldChooseABatchesFileByTheTimeOfItsCommit() throws IOException {
        List<TestEntry> expected = new ArrayList<>();
        try (JournalSession session = open()) {
            append(session, expected, TestEntry.of(1, (byte) 1));
            long inAnHour = clock.epochNanos() + TimeUnit.HOURS.toNanos(1);
            for (int sequence = 2; sequence <= 3; sequence++) {
                expected.add(TestEntry.of(sequence, (byte) 2));
                session.events().add(expected.get(expected.size() - 1));
                session.events().commit(inAnHour);
            }
            append(session, expected, TestEntry.of(4, (byte) 3));
            assertThat(read(session, 1, Long.MAX_VALUE)).isEqualTo(expected);
        }
        try (Stream<Path> files = Files.walk(directory.resolve("events"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".cq4"))).hasSize(2);
        }
    }

    @Test
    void shouldGiveBackOutcomesFromTheLastCompleteRestatement() {
        List<Outcome> expected = new ArrayList<>();
        try (JournalSession session = open()) {
            assertThat(session.outcomes().wantsRestatement()).isTrue();
            outcome(session, null, new Outcome.Subscribed("old", 0));
            outcome(session, expected, new Outcome.RestatementBegun(1, 2));
            outcome(session, expected, new Outcome.Failed("drop-copy", 17, 2, 3, 4, 5,
                    new Outcome.ErrorText("java.io.IOException", "gone — weg")));
            outcome(session, expected, new Outcome.RestatementEnded(1));
            session.outcomes().commit();
            assertThat(session.outcomes().wantsRestatement()).isFalse();
            outcome(session, expected, new Outcome.Recovered("drop-copy", 17, 3, 9));
            outcome(session, expected, new Outcome.Dead("drop-copy", 18, 3, 9, 10, new Outcome.ErrorText("x", "")));
            outcome(session, expected, new Outcome.DeadLettersCleared(11));
            outcome(session, expected, new Outcome.Unsubscribed("drop-copy", 12));
            outcome(session, expected, new Outcome.Checkpoint(33, 12));
            session.outcomes().commit();
            assertThat(outcomes(session)).isEqualTo(expected);
        }
        try (JournalSession session = open()) {
            assertThat(session.report().lastSequence()).isEqualTo(33);
            assertThat(session.outcomes().wantsRestatement()).isTrue();
            assertThat(outcomes(session)).isEqualTo(expected);
        }
    }

    private JournalSession open() {
        return ChronicleJournal.in(directory).open(TYPES, clock);
    }

    private void append(JournalSession session, List<TestEntry> expected, TestEntry... entries) {
        for (TestEntry entry : entries) {
            session.events().add(entry);
            expected.add(entry);
        }
        session.events().commit(clock.epochNanos());
    }

    private static void outcome(JournalSession session, List<Outcome> expected, Outcome outcome) {
        session.outcomes().append(outcome);
        if (expected == null) {
            session.outcomes().commit();
        } else {
            expected.add(outcome);
        }
    }

    private static List<TestEntry> read(JournalSession session, long from, long to) {
        List<TestEntry> events = new ArrayList<>();
        session.read(from, to, event -> events.add(TestEntry.copyOf(event)));
        return events;
    }

    private static List<Outcome> outcomes(JournalSession session) {
        List<Outcome> outcomes = new ArrayList<>();
        session.outcomes().read(outcomes::add);
        return outcomes;
    }
}
