package io.ringbus.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.event.EventType;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.journal.policy.DamagePolicy;
import io.ringbus.journal.replay.Replay;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * "An old journal is always readable": one that version 1 of the format wrote, in two sessions and four files, lies
 * among the resources.
 */
class JournalFormatTest {

    private static final List<EventType<?>> TYPES = List.of(EventType.named("first", Sample.class),
            EventType.named("second", Sample.class).version(3));
    private static final int LAST_SEQUENCE = 24;

    private final ManualClock clock = new ManualClock();

    @TempDir
    private Path directory;

    record Sample(long id) {
    }

    @BeforeEach
    void unpackAJournalOfVersion1() throws IOException {
        try (InputStream packed = getClass().getResourceAsStream("/journal-format-1.zip");
                ZipInputStream files = new ZipInputStream(packed)) {
            for (ZipEntry entry = files.getNextEntry(); entry != null; entry = files.getNextEntry()) {
                Path file = directory.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(files, file);
            }
        }
        clock.advance(3, TimeUnit.HOURS);
    }

    @Test
    void shouldReadEventsOfVersion1() {
        List<TestEntry> events = new ArrayList<>();
        assertThat(Replay.of(directory).onDamage(DamagePolicy.FAIL).read(event -> events.add(TestEntry.copyOf(event)
                .withTypeIndex(event.typeName().equals("first") ? 0 : 1))).findings()).isEmpty();
        assertThat(events).isEqualTo(eventsOfVersion1());
    }

    @Test
    void shouldReadOutcomesOfVersion1() {
        List<Outcome> outcomes = new ArrayList<>();
        try (JournalSession session = open()) {
            session.outcomes().readAll(outcomes::add);
        }
        List<Outcome> expected = new ArrayList<>(outcomesOfVersion1(0, 11));
        expected.addAll(outcomesOfVersion1(1, 23));
        assertThat(outcomes).isEqualTo(expected);
    }

    @Test
    void shouldGoOnWhereVersion1Ended() {
        List<TestEntry> expected = eventsOfVersion1();
        List<Outcome> expectedOutcomes = new ArrayList<>(outcomesOfVersion1(1, 23));
        for (int run = 0; run < 2; run++) {
            try (JournalSession session = open()) {
                assertThat(session.report().findings()).isEmpty();
                assertThat(session.report().lastSequence()).isEqualTo(expected.size());
                TestEntry added = TestEntry.of(expected.size() + 1, (byte) 1)
                        .from(new TestOrigin(7, "drop-copy", 1, 2, 3));
                session.events().add(added);
                session.events().commit();
                expected.add(added);
                Outcome outcome = new Outcome.Handled("drop-copy", added.sequence(), 1, 2, 3);
                session.outcomes().append(outcome);
                session.outcomes().commit();
                expectedOutcomes.add(outcome);
                List<TestEntry> events = new ArrayList<>();
                session.read(1, Long.MAX_VALUE, event -> events.add(TestEntry.copyOf(event)));
                assertThat(events).isEqualTo(expected);
                List<Outcome> outcomes = new ArrayList<>();
                session.outcomes().read(outcomes::add);
                assertThat(outcomes).isEqualTo(expectedOutcomes);
            }
        }
    }

    private JournalSession open() {
        return ChronicleJournal.in(directory).onDamage(DamagePolicy.FAIL).open(TYPES, clock);
    }

    private static List<TestEntry> eventsOfVersion1() {
        List<TestEntry> events = new ArrayList<>();
        for (long sequence = 1; sequence <= LAST_SEQUENCE; sequence++) {
            String type = sequence % 4 == 0 ? null : sequence % 4 == 1 ? "order" : "käse";
            boolean keyed = type != null && sequence % 3 == 0;
            events.add(new TestEntry(sequence, (int) (sequence % 2), 1_000 + sequence, type,
                    type == null || keyed ? 0 : -sequence, keyed ? "key-" + sequence : null,
                    new byte[] {(byte) sequence, 1, 2}));
        }
        return events;
    }

    private static List<Outcome> outcomesOfVersion1(int session, long checkpoint) {
        return List.of(new Outcome.RestatementBegun(1, 2), new Outcome.Subscribed("drop-copy", session),
                new Outcome.RestatementEnded(3),
                new Outcome.Failed("drop-copy", 2, 1, 3, 4, 5,
                        new Outcome.ErrorText("java.io.IOException", "gone — weg")),
                new Outcome.Recovered("drop-copy", 2, 3, 9),
                new Outcome.Dead("drop-copy", 3, 3, 9, 10, new Outcome.ErrorText("x", "")),
                new Outcome.DeadLettersCleared(11), new Outcome.Unsubscribed("drop-copy", 4),
                new Outcome.Checkpoint(checkpoint, 12));
    }
}
