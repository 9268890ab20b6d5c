package io.ringbus.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.engine.error.JournalDamagedException;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.journal.format.BatchHeader;
import io.ringbus.journal.policy.DamagePolicy;
import io.ringbus.journal.replay.OutcomeReplay;
import io.ringbus.journal.replay.Replay;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * "An old journal is always readable": among the resources lie one that version 1 of the format wrote and one that
 * version 2 wrote, in two sessions and four files each, and one of version 1 that version 2 went on with.
 */
class JournalFormatTest {

    private static final List<EventType<?>> TYPES = List.of(EventType.named("first", Sample.class),
            EventType.named("second", Sample.class).version(3));
    /** What one version wrote into a journal. */
    private static final int EVENTS = 24;

    private final ManualClock clock = new ManualClock();

    @TempDir
    private Path directory;

    record Sample(long id) {
    }

    /** A journal among the resources, and the versions that wrote it, one after the other. */
    enum OldJournal {

        VERSION_1("1", 1),
        VERSION_2("2", 2),
        VERSIONS_1_AND_2("1-2", 1, 2);

        private final String name;
        private final int[] versions;

        OldJournal(String name, int... versions) {
            this.name = name;
            this.versions = versions;
        }

        void unpackTo(Path directory) throws IOException {
            try (InputStream packed = JournalFormatTest.class.getResourceAsStream("/journal-format-" + name + ".zip");
                    ZipInputStream files = new ZipInputStream(packed)) {
                for (ZipEntry entry = files.getNextEntry(); entry != null; entry = files.getNextEntry()) {
                    Path file = directory.resolve(entry.getName());
                    Files.createDirectories(file.getParent());
                    Files.copy(files, file);
                }
            }
        }

        List<TestEntry> events() {
            List<TestEntry> events = new ArrayList<>();
            for (int version : versions) {
                for (int i = 0; i < EVENTS; i++) {
                    events.add(event(version, events.size() + 1));
                }
            }
            return events;
        }

        List<Outcome> outcomes() {
            List<Outcome> outcomes = new ArrayList<>();
            for (int i = 0; i < versions.length; i++) {
                outcomes.addAll(JournalFormatTest.outcomes(versions[i], 0, EVENTS * i + 11));
                outcomes.addAll(JournalFormatTest.outcomes(versions[i], 1, EVENTS * i + 23));
            }
            return outcomes;
        }

        List<Outcome> outcomesOfTheLastSession() {
            return JournalFormatTest.outcomes(versions[versions.length - 1], 1, EVENTS * versions.length - 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadOldEvents(OldJournal old) throws IOException {
        old.unpackTo(directory);
        List<TestEntry> expected = old.events();
        assertThat(replayed(1)).isEqualTo(expected);
        for (int from = 2; from <= expected.size(); from++) {
            assertThat(replayed(from)).isEqualTo(expected.subList(from - 1, expected.size()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadOldOutcomes(OldJournal old) throws IOException {
        old.unpackTo(directory);
        List<Outcome> replayed = new ArrayList<>();
        OutcomeReplay.of(directory).onDamage(DamagePolicy.FAIL).read(replayed::add);
        assertThat(replayed).isEqualTo(old.outcomes());
        List<Outcome> outcomes = new ArrayList<>();
        try (JournalSession session = open()) {
            session.outcomes().readAll(outcomes::add);
        }
        assertThat(outcomes).isEqualTo(old.outcomes());
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoOnWhereAnOldVersionEnded(OldJournal old) throws IOException {
        old.unpackTo(directory);
        clock.advance(6, TimeUnit.HOURS);
        List<TestEntry> expected = old.events();
        List<Outcome> expectedOutcomes = new ArrayList<>(old.outcomesOfTheLastSession());
        for (int run = 0; run < 2; run++) {
            try (JournalSession session = open()) {
                assertThat(session.report().findings()).isEmpty();
                assertThat(session.report().lastSequence()).isEqualTo(expected.size());
                TestEntry added = TestEntry.of(expected.size() + 1, (byte) 1)
                        .from(new TestOrigin(7, "drop-copy", 1, 2, 3));
                session.events().add(added);
                session.events().commit(clock.epochNanos());
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
        assertThat(replayed(1)).isEqualTo(expected);
    }

    @Test
    void shouldNameThePlaceOfFramesThatNoVersionWrote() throws IOException {
        try (JournalSession session = open()) {
            session.events().add(TestEntry.of(1, (byte) 1));
            session.events().add(TestEntry.of(5, (byte) 1));
            session.events().commit(clock.epochNanos());
        }
        Path file;
        try (Stream<Path> files = Files.walk(directory.resolve("events"))) {
            file = files.filter(path -> path.toString().endsWith(".cq4")).findFirst().orElseThrow();
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int batch = bytes.capacity() - BatchHeader.BYTES;
        while (bytes.getInt(batch) != BatchHeader.MAGIC) {
            batch--;
        }
        bytes.put(batch + BatchHeader.BYTES, (byte) -1);
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), batch, 8);
        crc.update(bytes.array(), batch + 12,
                BatchHeader.BYTES - 12 + bytes.getInt(batch + BatchHeader.PAYLOAD_LENGTH_OFFSET));
        bytes.putInt(batch + 8, (int) crc.getValue());
        Files.write(file, bytes.array());
        String place = "file=" + file + ", position=" + batch + ", ordinal=2, sequence=1";
        assertThatThrownBy(() -> replayed(1)).isInstanceOf(JournalDamagedException.class).hasMessageEndingWith(place);
        try (JournalSession session = open()) {
            assertThatThrownBy(() -> session.read(1, 5, event -> { })).isInstanceOf(JournalDamagedException.class)
                    .hasMessageEndingWith(place);
        }
    }

    private List<TestEntry> replayed(long from) {
        List<TestEntry> events = new ArrayList<>();
        assertThat(Replay.of(directory).onDamage(DamagePolicy.FAIL).from(from).read(event -> events.add(TestEntry
                .copyOf(event).withTypeIndex(event.typeName().equals("first") ? 0 : 1))).findings()).isEmpty();
        return events;
    }

    private JournalSession open() {
        return ChronicleJournal.in(directory).onDamage(DamagePolicy.FAIL).open(TYPES, clock);
    }

    private static TestEntry event(int version, long sequence) {
        String type = sequence % 4 == 0 ? null : sequence % 4 == 1 ? "order" : "käse";
        boolean keyed = type != null && sequence % 3 == 0;
        return new TestEntry(sequence, (int) (sequence % 2), 1_000 + sequence, type,
                type == null || keyed ? 0 : -sequence, keyed ? "key-" + sequence : null,
                version == 1 ? TestOrigin.NONE : origin(sequence), new byte[] {(byte) sequence, 1, 2});
    }

    private static TestOrigin origin(long sequence) {
        boolean caused = sequence > 5 && sequence % 5 < 2;
        boolean named = sequence % 7 < 3;
        return new TestOrigin(caused ? sequence - 3 : 0,
                caused ? sequence % 2 == 0 ? "prüfung" : "drop-copy" : null, caused ? (int) (sequence % 3) : 0,
                named ? sequence : 0, named ? -sequence : 0);
    }

    private static List<Outcome> outcomes(int version, int session, long checkpoint) {
        List<Outcome> outcomes = new ArrayList<>(List.of(new Outcome.RestatementBegun(1, 2),
                new Outcome.Subscribed("drop-copy", session), new Outcome.RestatementEnded(3),
                new Outcome.Handled("drop-copy", 1, 1, 2, 3),
                new Outcome.Failed("drop-copy", 2, 1, 3, 4, 5,
                        new Outcome.ErrorText("java.io.IOException", "gone — weg")),
                new Outcome.Waiting("prüfung", 2, 6),
                new Outcome.Recovered("drop-copy", 2, 3, 9),
                new Outcome.Dead("drop-copy", 3, 3, 9, 10, new Outcome.ErrorText("x", "")),
                new Outcome.DrivenAgain("drop-copy", 3, 7, 8), new Outcome.Discarded("drop-copy", 3, 9, "weil"),
                new Outcome.DeadLettersCleared(11), new Outcome.Unsubscribed("drop-copy", 4),
                new Outcome.Checkpoint(checkpoint, 12)));
        if (version == 1) {
            outcomes.removeIf(outcome -> outcome instanceof Outcome.Handled || outcome instanceof Outcome.Waiting
                    || outcome instanceof Outcome.DrivenAgain || outcome instanceof Outcome.Discarded);
        }
        return outcomes;
    }
}
