package io.ringbus.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.ringbus.engine.error.JournalDamagedException;
import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.error.JournalFormatException;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.journal.policy.DamagePolicy;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise 6: "A torn, flipped, missing or foreign piece of journal is a typed, located error or an explicit, reported
 * choice." Each test damages a small journal in one way, at many places, and each time opens it, appends to it, and reads
 * it twice: what comes back is every undamaged event, or a prefix of them and a report, or an error.
 */
class JournalDamageTest {

    private static final List<EventType<?>> TYPES = List.of(EventType.named("sample", Sample.class));

    private static final int BYTES_BETWEEN_FLIPS = 53;
    private static final int BYTES_BETWEEN_TRUNCATIONS = 211;
    private static final String METADATA = ".cq4t";
    private static final int PAGE_BYTES = 4_096;

    private final ManualClock clock = new ManualClock();
    private final TreeMap<Long, TestEntry> written = new TreeMap<>();
    private final List<Path> files = new ArrayList<>();
    private final Tally tally = new Tally();

    @TempDir
    private Path directory;

    private Path original;
    private Path damaged;

    record Sample(long id) {
    }

    /** What the tries of one test came to, so that a test can see that it did not only ever see one thing. */
    private static final class Tally {
        int intact;
        int cutAndReported;
        int refused;
        int passedOver;
    }

    @BeforeEach
    void writeAJournalOfTwoSessionsAndFourFiles() throws IOException {
        original = directory.resolve("original");
        damaged = directory.resolve("damaged");
        long sequence = 0;
        for (int session = 0; session < 2; session++) {
            try (JournalSession journal = open(original, DamagePolicy.CUT_TORN_TAIL)) {
                for (int batch = 0; batch < 16; batch++) {
                    for (int i = 0; i < 1 + batch % 3; i++) {
                        TestEntry entry = TestEntry.of(++sequence, new byte[20 + batch]);
                        journal.events().add(entry);
                        written.put(sequence, entry);
                    }
                    journal.events().commit(clock.epochNanos());
                    if (batch == 8) {
                        clock.advance(1, TimeUnit.HOURS);
                    }
                }
                journal.outcomes().append(new Outcome.Checkpoint(sequence - 5, 1));
                journal.outcomes().commit();
            }
        }
        listFiles();
        assertThat(eventFiles()).hasSize(4);
    }

    @AfterEach
    void leaveNothing() throws IOException {
        delete(damaged);
    }

    @Test
    void shouldNeverGiveAWrongEventOrEndSilentlyWhenAByteIsFlipped() throws IOException {
        for (Path file : files.stream().filter(file -> !file.toString().endsWith(METADATA)).toList()) {
            long end = contentEnd(original.resolve(file));
            for (long position = 0; position < end + BYTES_BETWEEN_FLIPS; position += BYTES_BETWEEN_FLIPS) {
                long at = position;
                damage("flipped " + file + " at " + at, () -> flip(damaged.resolve(file), at));
            }
        }
        assertThat(tally.refused).isPositive();
        assertThat(tally.cutAndReported).isPositive();
        assertThat(tally.passedOver).isPositive();
    }

    @Test
    void shouldNeverGiveAWrongEventOrEndSilentlyWhenAFileIsTruncated() throws IOException {
        for (Path file : eventFiles()) {
            long end = contentEnd(original.resolve(file));
            for (long length = 0; length < end + BYTES_BETWEEN_TRUNCATIONS; length += BYTES_BETWEEN_TRUNCATIONS) {
                long to = length;
                damage("truncated " + file + " to " + to, () -> truncate(damaged.resolve(file), to));
            }
        }
        assertThat(tally.refused).isPositive();
        assertThat(tally.cutAndReported).isPositive();
    }

    @Test
    void shouldNoticeATruncationBetweenTwoBatches() throws IOException {
        Path last = eventFiles().get(3);
        for (long length : batchEnds(original.resolve(last))) {
            damage("truncated " + last + " between batches to " + length,
                    () -> truncate(damaged.resolve(last), length));
        }
        assertThat(tally.cutAndReported).isPositive();
        assertThat(tally.intact).as("only behind the last batch").isEqualTo(DamagePolicy.values().length);
    }

    @Test
    void shouldNoticeATruncationBetweenTwoBatchesAfterACrash() throws IOException {
        Path running = original;
        try (JournalSession journal = open(running, DamagePolicy.FAIL)) {
            for (int batch = 0; batch < 6; batch++) {
                TestEntry entry = TestEntry.of(written.lastKey() + 1, (byte) batch);
                journal.events().add(entry);
                journal.events().commit(clock.epochNanos());
                written.put(entry.sequence(), entry);
            }
            listFiles();
            damaged = directory.resolve("crashed");
            copy();
        }
        original = damaged;
        damaged = directory.resolve("damaged");
        Path last = eventFiles().get(4);
        for (long length : batchEnds(original.resolve(last))) {
            damage("truncated " + last + " between batches to " + length,
                    () -> truncate(damaged.resolve(last), length));
        }
        assertThat(tally.cutAndReported).isEqualTo(2 * 6);
        assertThat(tally.refused).isEqualTo(6);
        assertThat(tally.intact).as("only behind the last batch").isEqualTo(DamagePolicy.values().length);
    }

    @Test
    void shouldNeverGiveAWrongEventOrEndSilentlyWhenAPageIsZeroed() throws IOException {
        for (Path file : eventFiles()) {
            long end = contentEnd(original.resolve(file));
            for (long position = 0; position < end; position += PAGE_BYTES) {
                long at = position;
                damage("zeroed " + file + " at " + at, () -> zero(damaged.resolve(file), at));
            }
        }
        assertThat(tally.refused).isPositive();
    }

    @Test
    void shouldRefuseAMissingFileWhereverItStood() throws IOException {
        for (Path file : eventFiles()) {
            damage("deleted " + file, () -> Files.delete(damaged.resolve(file)));
        }
        assertThat(tally.refused).isEqualTo(2 * eventFiles().size());
        assertThat(tally.passedOver + tally.cutAndReported).isEqualTo(eventFiles().size());
    }

    @Test
    void shouldRefuseAMissingSession() throws IOException {
        for (String session : List.of("000001", "000002")) {
            damage("deleted session " + session, () -> delete(damaged.resolve("events").resolve(session)));
        }
        assertThat(tally.refused).isEqualTo(4);
        assertThat(tally.intact).isZero();
    }

    @Test
    void shouldNotNeedChroniclesMetadata() throws IOException {
        damage("flipped metadata", () -> {
            for (Path file : files) {
                if (file.toString().endsWith(METADATA)) {
                    flip(damaged.resolve(file), 0);
                    flip(damaged.resolve(file), 60);
                }
            }
        });
        damage("deleted metadata", () -> {
            for (Path file : files) {
                if (file.toString().endsWith(METADATA)) {
                    Files.delete(damaged.resolve(file));
                }
            }
        });
        assertThat(tally.intact).isEqualTo(2 * DamagePolicy.values().length);
    }

    @Test
    void shouldRefuseFilesOfAnotherJournalOrQueue() throws IOException {
        Path other = directory.resolve("other");
        try (JournalSession journal = open(other, DamagePolicy.FAIL)) {
            journal.events().add(TestEntry.of(1, (byte) 66));
            journal.events().commit(clock.epochNanos());
        }
        Path foreign = other.resolve(eventFiles().get(3).toString().replace("000002", "000001"));
        Path last = eventFiles().get(3);
        Path outcomes = original.resolve(last.toString().replace("events", "outcomes"));
        damage("replaced by a file of another journal",
                () -> Files.copy(foreign, damaged.resolve(last), StandardCopyOption.REPLACE_EXISTING));
        damage("added a file of another journal", () -> Files.copy(foreign,
                Files.createDirectories(damaged.resolve("events/000003")).resolve(foreign.getFileName())));
        damage("replaced by a file of outcomes",
                () -> Files.copy(outcomes, damaged.resolve(last), StandardCopyOption.REPLACE_EXISTING));
        damage("a file with a foreign name",
                () -> Files.copy(original.resolve(last), damaged.resolve("events/000001/other.cq4")));
        assertThat(tally.refused).isEqualTo(8);
    }

    @Test
    void shouldReadOnWhenTheClockWasSetBack() throws IOException {
        clock.advance(-40, TimeUnit.HOURS);
        damage("clock set back", () -> { });
        assertThat(tally.intact).isEqualTo(DamagePolicy.values().length);
    }

    @Test
    void shouldReadOnBehindASessionThatWasKilledBeforeItsFirstBatch() throws IOException {
        Path last = eventFiles().get(3);
        damage("a file of zeros", () -> Files.write(Files.createDirectories(damaged.resolve("events/000003"))
                .resolve(last.getFileName()), new byte[5 << 18]));
        assertThat(tally.intact).isEqualTo(DamagePolicy.values().length);
    }

    @Test
    void shouldReportAMissingMark() throws IOException {
        copy();
        Files.delete(damaged.resolve("journal.mark"));
        try (JournalSession journal = open(damaged, DamagePolicy.FAIL)) {
            assertThat(journal.report().findings()).singleElement().asString().contains("journal.mark");
        }
    }

    @Test
    void shouldRefuseAJournalWithoutItsManifest() throws IOException {
        copy();
        Files.delete(damaged.resolve("journal.properties"));
        assertThatThrownBy(() -> open(damaged, DamagePolicy.SKIP_AND_REPORT))
                .isInstanceOf(JournalFormatException.class).hasMessageContaining("journal.properties");
    }

    private void listFiles() throws IOException {
        files.clear();
        try (Stream<Path> all = Files.walk(original)) {
            all.filter(Files::isRegularFile).map(original::relativize).sorted().forEach(files::add);
        }
    }

    private List<Path> eventFiles() {
        return files.stream().filter(file -> file.startsWith("events") && file.toString().endsWith(".cq4")).toList();
    }

    private void damage(String what, Damage damage) throws IOException {
        for (DamagePolicy policy : DamagePolicy.values()) {
            copy();
            damage.apply();
            tryOut(what + " under " + policy, policy);
        }
    }

    private void tryOut(String what, DamagePolicy policy) {
        List<TestEntry> events = new ArrayList<>();
        List<String> findings = new ArrayList<>();
        long next = written.lastKey() + 1_000;
        TestEntry added = TestEntry.of(next, (byte) 1);
        try (JournalSession journal = open(damaged, policy)) {
            findings.addAll(journal.report().findings());
            journal.events().add(added);
            journal.events().commit(clock.epochNanos());
            journal.read(1, Long.MAX_VALUE, event -> events.add(TestEntry.copyOf(event)));
            assertThat(events).as(what).last().isEqualTo(added);
            events.remove(events.size() - 1);
        } catch (JournalException e) {
            verifyRefusal(what, e);
            verifyEvents(what, events, policy, true, findings);
            tally.refused++;
            return;
        }
        verifyEvents(what, events, policy, false, findings);
        List<TestEntry> again = new ArrayList<>();
        try (JournalSession journal = open(damaged, policy)) {
            journal.read(1, Long.MAX_VALUE, event -> again.add(TestEntry.copyOf(event)));
        }
        assertThat(again.remove(again.size() - 1)).as(what).isEqualTo(added);
        assertThat(again).as(what).isEqualTo(events);
    }

    private static void verifyRefusal(String what, JournalException e) {
        assertThat(e).as(what).isInstanceOf(JournalException.class);
        if (e instanceof JournalDamagedException) {
            assertThat(e.getMessage()).as(what).containsPattern("(file|missing)=")
                    .containsPattern("lastSequence|of another journal|not of this journal");
        }
    }

    private void verifyEvents(String what, List<TestEntry> events, DamagePolicy policy, boolean refused,
            List<String> findings) {
        long before = 0;
        for (TestEntry event : events) {
            assertThat(event).as(what).isEqualTo(written.get(event.sequence()));
            assertThat(event.sequence()).as(what).isGreaterThan(before);
            before = event.sequence();
        }
        boolean all = events.size() == written.size();
        boolean prefix = events.isEmpty() || events.get(events.size() - 1).sequence() == events.size();
        if (refused) {
            assertThat(prefix).as(what + ": what was read before the error is a prefix").isTrue();
        } else if (all) {
            tally.intact++;
        } else if (findings.isEmpty() && policy != DamagePolicy.SKIP_AND_REPORT) {
            fail(what + ": ended silently after " + events.size() + " of " + written.size());
        } else if (prefix) {
            tally.cutAndReported++;
        } else {
            assertThat(policy).as(what).isEqualTo(DamagePolicy.SKIP_AND_REPORT);
            tally.passedOver++;
        }
    }

    private static long contentEnd(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    /** Where a file can be cut so that only whole batches are left, and the end of the content. */
    private static List<Long> batchEnds(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Long> ends = new ArrayList<>();
        for (int at = 0; bytes.getInt(at) != 0;) {
            int word = bytes.getInt(at);
            at = at + 4 + (word & 0x3FFF_FFFF) + 3 & ~3;
            if ((word & 0x4000_0000) == 0) {
                ends.add((long) at);
            }
        }
        return ends;
    }

    private static void flip(Path file, long position) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(position);
            int value = bytes.read();
            bytes.seek(position);
            bytes.write(value ^ 0xFF);
        }
    }

    private static void zero(Path file, long position) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(position);
            bytes.write(new byte[PAGE_BYTES]);
        }
    }

    private static void truncate(Path file, long length) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.setLength(length);
        }
    }

    private JournalSession open(Path where, DamagePolicy policy) {
        return ChronicleJournal.in(where).blockBytes(1 << 16).maxEventBytes(1_000).batchBytes(256).onDamage(policy)
                .open(TYPES, clock);
    }

    private void copy() throws IOException {
        delete(damaged);
        for (Path file : files) {
            Path to = damaged.resolve(file);
            Files.createDirectories(to.getParent());
            Files.copy(original.resolve(file), to);
        }
    }

    private static void delete(Path where) throws IOException {
        if (Files.exists(where)) {
            try (Stream<Path> all = Files.walk(where)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** One way to damage the copy. */
    @FunctionalInterface
    private interface Damage {
        void apply() throws IOException;
    }
}
