package io.ringbus.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.engine.error.JournalAccessException;
import io.ringbus.engine.error.JournalDamagedException;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.journal.policy.DamagePolicy;
import io.ringbus.journal.replay.OutcomeReader;
import io.ringbus.journal.replay.OutcomeReplay;
import io.ringbus.journal.replay.OutcomeReport;
import io.ringbus.journal.store.Manifest;
import io.ringbus.journal.store.QueueReader;
import io.ringbus.journal.store.QueueShape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole log of outcomes, in a session and at rest. */
class JournalOutcomesTest {

    private static final int HEADER_BYTES = 64;

    private final ManualClock clock = new ManualClock();
    private final List<Outcome> replayed = new ArrayList<>();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldGiveBackAllOutcomesOfAllSessionsAndFilesInOrder(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<Outcome> expected = new ArrayList<>();
        for (int run = 0; run < 4; run++) {
            try (JournalSession session = open(DamagePolicy.FAIL)) {
                for (int file = 0; file < 3; file++) {
                    for (int batch = random.nextInt(1, 6); batch > 0; batch--) {
                        List<Outcome> outcomes = TestOutcomes.ofEveryKind(random);
                        append(session, outcomes);
                        expected.addAll(outcomes);
                    }
                    clock.advance(1, TimeUnit.HOURS);
                }
                session.outcomes().append(new Outcome.DeadLettersCleared(1));
                assertThat(all(session)).as("without what is not committed").isEqualTo(expected);
                assertThat(replay().findings()).as("at rest, while a session holds the journal").isEmpty();
                assertThat(replayed).isEqualTo(expected);
                List<Outcome> restated = new ArrayList<>();
                session.outcomes().read(restated::add);
                assertThat(restated).hasSizeLessThan(expected.size())
                        .isEqualTo(expected.subList(expected.size() - restated.size(), expected.size()));
            }
        }
        assertThat(outcomeFiles()).hasSizeGreaterThanOrEqualTo(12);
        OutcomeReport report = replay();
        assertThat(replayed).isEqualTo(expected);
        assertThat(report.outcomes()).isEqualTo(expected.size());
        assertThat(report.findings()).isEmpty();
    }

    @Test
    void shouldReadTheLogOfHandledDeliveriesAtRest() {
        List<Outcome> margin = TestOutcomes.handled("margin", 1, 100);
        try (JournalSession session = open(DamagePolicy.FAIL)) {
            append(session, List.of(new Outcome.RestatementBegun(1, 0), new Outcome.RestatementEnded(1)));
            append(session, margin.subList(0, 50));
            append(session, List.of(new Outcome.Failed("drop-copy", 7, 1, 1, 1, 1, new Outcome.ErrorText("x", ""))));
            clock.advance(1, TimeUnit.HOURS);
            append(session, margin.subList(50, 100));
            append(session, List.of(new Outcome.Checkpoint(99, 1)));
        }
        List<Outcome> handled = new ArrayList<>();
        OutcomeReport report = OutcomeReplay.of(directory).read(Outcome.Handled.class, handled::add);
        assertThat(handled).isEqualTo(margin);
        assertThat(report).isEqualTo(new OutcomeReport(100, 100, List.of()));
    }

    @Test
    void shouldNotLookBehindTheBatchThatIsKnownToBeTheLast() {
        List<Outcome> handled = TestOutcomes.handled("margin", 1, 10);
        try (JournalSession session = open(DamagePolicy.FAIL)) {
            append(session, handled);
            append(session, List.of(new Outcome.RestatementBegun(1, 0), new Outcome.RestatementEnded(1)));
        }
        QueueReader queue = QueueReader.of(directory, Manifest.read(directory),
                QueueShape.outcomes(QueueShape.DEFAULT_BLOCK_BYTES), DamagePolicy.FAIL, finding -> { });
        new OutcomeReader(queue, 2).readFromRestatement(replayed::add);
        assertThat(replayed).as("the head of the file is the first batch").isEqualTo(handled);
    }

    @Test
    void shouldReadAsFarBackAsFilesAreKept() throws IOException {
        writeThreeFiles();
        Files.delete(outcomeFiles().get(0));
        try (JournalSession session = open(DamagePolicy.FAIL)) {
            assertThat(session.report().findings()).singleElement().asString().contains("first files are not there");
            assertThat(all(session)).isEqualTo(TestOutcomes.handled("margin", 11, 30));
        }
        OutcomeReport report = replay();
        assertThat(replayed).isEqualTo(TestOutcomes.handled("margin", 11, 30));
        assertThat(report.highestSequence()).isEqualTo(30);
        assertThat(report.findings()).singleElement().asString().contains("first files of outcomes are not there")
                .endsWith("batches=2");
    }

    @Test
    void shouldRefuseDamageInTheMiddleOrPassOverItAndReport() throws IOException {
        writeThreeFiles();
        flipLastBatch(outcomeFiles().get(1));
        assertThatThrownBy(this::replay).isInstanceOf(JournalDamagedException.class)
                .hasMessageContaining(outcomeFiles().get(1).toString()).hasMessageContaining("lastSequence");
        assertThat(replayed).isEqualTo(TestOutcomes.handled("margin", 1, 10));
        replayed.clear();
        OutcomeReport report = OutcomeReplay.of(directory).onDamage(DamagePolicy.SKIP_AND_REPORT).read(replayed::add);
        assertThat(report.findings()).singleElement().asString().contains("passed over damage");
        List<Outcome> expected = new ArrayList<>(TestOutcomes.handled("margin", 1, 10));
        expected.addAll(TestOutcomes.handled("margin", 21, 30));
        assertThat(replayed).isEqualTo(expected);
        try (JournalSession session = open(DamagePolicy.CUT_TORN_TAIL)) {
            assertThatThrownBy(() -> all(session)).isInstanceOf(JournalDamagedException.class);
        }
        try (JournalSession session = open(DamagePolicy.SKIP_AND_REPORT)) {
            assertThat(all(session)).isEqualTo(expected);
        }
    }

    @Test
    void shouldReportATornEndOrRefuseIt() throws IOException {
        writeThreeFiles();
        flipLastBatch(outcomeFiles().get(2));
        OutcomeReport report = replay();
        assertThat(replayed).isEqualTo(TestOutcomes.handled("margin", 1, 20));
        assertThat(report.findings()).hasSize(2).anyMatch(finding -> finding.contains("not there any more"))
                .anyMatch(finding -> finding.startsWith("the end is torn"));
        assertThatThrownBy(() -> OutcomeReplay.of(directory).onDamage(DamagePolicy.FAIL).read(replayed::add))
                .isInstanceOf(JournalDamagedException.class).hasMessageStartingWith("the end is torn");
    }

    @Test
    void shouldPassOnWhatAConsumerThrows() {
        writeThreeFiles();
        IllegalStateException thrown = new IllegalStateException("enough");
        assertThatThrownBy(() -> OutcomeReplay.of(directory).read(outcome -> {
            replayed.add(outcome);
            throw thrown;
        })).isSameAs(thrown);
        assertThat(replayed).hasSize(1);
    }

    @Test
    void shouldRefuseADirectoryWithoutAJournal() {
        for (Path none : List.of(directory, directory.resolve("none"))) {
            assertThatThrownBy(() -> OutcomeReplay.of(none).read(replayed::add))
                    .isInstanceOf(JournalAccessException.class).hasMessageEndingWith("directory=" + none);
        }
        assertThat(directory).isEmptyDirectory();
        assertThatNullPointerException().isThrownBy(() -> OutcomeReplay.of(null));
        assertThatNullPointerException().isThrownBy(() -> OutcomeReplay.of(directory).onDamage(null));
        assertThatNullPointerException().isThrownBy(() -> OutcomeReplay.of(directory).read(null));
    }

    /** Ten handled deliveries in each. */
    private void writeThreeFiles() {
        try (JournalSession session = open(DamagePolicy.FAIL)) {
            for (int file = 0; file < 3; file++) {
                append(session, TestOutcomes.handled("margin", 10 * file + 1, 10 * file + 10));
                clock.advance(1, TimeUnit.HOURS);
            }
        }
    }

    private OutcomeReport replay() {
        replayed.clear();
        return OutcomeReplay.of(directory).read(replayed::add);
    }

    private JournalSession open(DamagePolicy policy) {
        JournalSession session = ChronicleJournal.in(directory).blockBytes(1 << 16).maxEventBytes(1_000).batchBytes(256)
                .onDamage(policy).open(AppendingMain.TYPES, clock);
        if (session.report().lastSequence() == 0) {
            // What outcomes name was journaled before, or else something is missing.
            session.events().add(TestEntry.of(TestOutcomes.HIGHEST_SEQUENCE));
            session.events().commit(clock.epochNanos());
        }
        return session;
    }

    private static void append(JournalSession session, List<Outcome> outcomes) {
        outcomes.forEach(session.outcomes()::append);
        session.outcomes().commit();
    }

    private static List<Outcome> all(JournalSession session) {
        List<Outcome> outcomes = new ArrayList<>();
        session.outcomes().readAll(outcomes::add);
        return outcomes;
    }

    private List<Path> outcomeFiles() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("outcomes"))) {
            return files.filter(file -> file.toString().endsWith(".cq4")).sorted().toList();
        }
    }

    /** A byte of the last batch's payload. */
    private static void flipLastBatch(Path file) throws IOException {
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        int at = bytes.lastIndexOf("RBJ1") + HEADER_BYTES;
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            content.seek(at);
            content.write(bytes.charAt(at) ^ 0xFF);
        }
    }
}
