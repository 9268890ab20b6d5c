package io.ringbus.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ringbus.engine.error.EventTooLargeException;
import io.ringbus.engine.error.InvalidConfigurationException;
import io.ringbus.engine.error.JournalAccessException;
import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.error.JournalFormatException;
import io.ringbus.engine.error.JournalLockedException;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.spi.EventAppender;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.journal.format.BatchHeader;
import io.ringbus.journal.policy.RollCycle;
import io.ringbus.journal.policy.SyncMode;
import io.ringbus.journal.replay.Replay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot work is refused with a typed error that names the value, and disturbs nothing else. */
class JournalRefusalTest {

    private static final List<EventType<?>> TYPES = AppendingMain.TYPES;

    private final ManualClock clock = new ManualClock();

    @TempDir
    private Path directory;

    @Test
    void shouldRefuseAFileInPlaceOfTheDirectory() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "text");
        assertThatThrownBy(() -> open(ChronicleJournal.in(file))).isInstanceOf(JournalAccessException.class)
                .hasMessageEndingWith("directory=" + file);
        assertThat(file).hasContent("text");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldRefuseADirectoryThatCannotBeWrittenTo() {
        for (String unwritable : List.of("/proc", "/proc/ringbus/journal")) {
            assertThatThrownBy(() -> open(ChronicleJournal.in(Path.of(unwritable))))
                    .isInstanceOf(JournalAccessException.class).hasMessageContaining("=" + unwritable);
        }
    }

    @Test
    void shouldNameTheProcessThatHoldsTheJournal() throws Exception {
        Path journal = directory.resolve("journal");
        Path acknowledged = directory.resolve("acknowledged");
        Process child = ChildJvm.start(AppendingMain.class, directory.resolve("output"), journal.toString(), "NONE",
                acknowledged.toString());
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (Files.notExists(acknowledged)) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.onSpinWait();
            }
            assertThatThrownBy(() -> open(ChronicleJournal.in(journal))).isInstanceOf(JournalLockedException.class)
                    .hasMessageEndingWith("pid=" + child.pid());
        } finally {
            child.destroyForcibly().waitFor();
        }
        open(ChronicleJournal.in(journal)).close();
    }

    @Test
    void shouldRefuseASecondSessionInTheSameProcess() {
        ChronicleJournal journal = ChronicleJournal.in(directory);
        try (JournalSession session = open(journal)) {
            assertThatThrownBy(() -> open(journal)).isInstanceOf(JournalLockedException.class)
                    .hasMessageEndingWith("pid=" + ProcessHandle.current().pid());
            session.events().add(TestEntry.of(1, (byte) 1));
            session.events().commit(clock.epochNanos());
        }
        try (JournalSession session = open(journal)) {
            assertThat(session.report().lastSequence()).isEqualTo(1);
        }
    }

    @Test
    void shouldRefuseANewerFormatAndAnotherRollCycle() throws IOException {
        open(ChronicleJournal.in(directory)).close();
        assertThatThrownBy(() -> open(ChronicleJournal.in(directory).rollCycle(RollCycle.DAILY)))
                .isInstanceOf(JournalFormatException.class)
                .hasMessageContaining("rollCycle=HOURLY").hasMessageEndingWith("configured=DAILY");
        Path manifest = directory.resolve("journal.properties");
        String text = Files.readString(manifest);
        Files.writeString(manifest, text.replace("format.version=" + BatchHeader.VERSION,
                "format.version=" + (BatchHeader.VERSION + 1)));
        assertThatThrownBy(() -> open(ChronicleJournal.in(directory))).isInstanceOf(JournalFormatException.class)
                .hasMessageEndingWith("format.version=" + (BatchHeader.VERSION + 1));
        assertThatThrownBy(() -> Replay.of(directory).read(event -> { })).isInstanceOf(JournalFormatException.class);
        Files.writeString(manifest, text);
        open(ChronicleJournal.in(directory)).close();
    }

    @Test
    void shouldPrintTheFlagsThatTheJvmLacks() throws Exception {
        Path output = directory.resolve("output");
        ChildJvm.start(List.of(), OpenAndPrintMain.class, output, directory.resolve("journal").toString()).waitFor();
        assertThat(Files.readString(output)).startsWith("MissingJvmFlagsException")
                .contains("--add-opens=java.base/java.lang.reflect=ALL-UNNAMED")
                .contains("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED")
                .doesNotContain("net.openhft");
        assertThat(directory.resolve("journal")).doesNotExist();
        String flags = Files.readString(output).lines().findFirst().orElseThrow()
                .replaceFirst(".*start java with: ", "").replaceFirst("; missing=.*", "");
        ChildJvm.start(List.of(flags.split(" ")), OpenAndPrintMain.class, output,
                directory.resolve("journal").toString()).waitFor();
        assertThat(Files.readString(output)).contains("opened").doesNotContain("WARNING");
    }

    @Test
    void shouldDoWithoutALibraryForCallsOfTheSystem() throws Exception {
        Path journal = directory.resolve("journal");
        Path output = directory.resolve("output");
        ChildJvm.start(NoPosixMain.class, output, journal.toString()).waitFor();
        assertThat(Files.readString(output)).contains("appended 100");
        long[] last = new long[1];
        try (JournalSession session = open(ChronicleJournal.in(journal))) {
            session.read(1, Long.MAX_VALUE, event -> last[0] = event.sequence());
        }
        assertThat(last[0]).isEqualTo(100);
    }

    @Test
    void shouldRefuseValuesOutOfRangeBeforeAnythingIsMade() {
        Path journal = directory.resolve("journal");
        assertThatThrownBy(() -> open(ChronicleJournal.in(journal).maxEventBytes(0)))
                .isInstanceOf(InvalidConfigurationException.class).hasMessageEndingWith("maxEventBytes=0");
        assertThatThrownBy(() -> open(ChronicleJournal.in(journal).maxEventBytes(1 << 24)))
                .isInstanceOf(InvalidConfigurationException.class).hasMessageEndingWith("maxEventBytes=16777216");
        assertThatThrownBy(() -> open(ChronicleJournal.in(journal).batchBytes(-1)))
                .isInstanceOf(InvalidConfigurationException.class).hasMessageEndingWith("batchBytes=-1");
        assertThatNullPointerException().isThrownBy(() -> ChronicleJournal.in(null));
        assertThatNullPointerException().isThrownBy(() -> ChronicleJournal.in(journal).sync(null));
        assertThat(journal).doesNotExist();
    }

    @Test
    void shouldRefuseAnEventThatIsTooLargeAndTakeTheNextOne() {
        try (JournalSession session = open(ChronicleJournal.in(directory).maxEventBytes(1_000))) {
            EventAppender events = session.events();
            events.add(TestEntry.of(1, new byte[1_000]));
            assertThatThrownBy(() -> events.add(TestEntry.of(2, new byte[1_001])))
                    .isInstanceOf(EventTooLargeException.class).hasMessageEndingWith("payloadLength=1001");
            assertThatThrownBy(() -> events.add(new TestEntry(2, 0, 0, "x".repeat(256), 0, null, new byte[0])))
                    .isInstanceOf(EventTooLargeException.class).hasMessageEndingWith("bytes=256");
            assertThatThrownBy(() -> events.add(new TestEntry(2, 0, 0, "x", 0, "ä".repeat(32_768), new byte[0])))
                    .isInstanceOf(EventTooLargeException.class).hasMessageEndingWith("bytes=65536");
            assertThatThrownBy(() -> events.add(TestEntry.of(1, new byte[1]))).isInstanceOf(JournalException.class)
                    .hasMessageEndingWith("sequence=1");
            events.add(TestEntry.of(3, (byte) 3));
            events.commit(clock.epochNanos());
            List<Long> sequences = new ArrayList<>();
            session.read(1, Long.MAX_VALUE, event -> sequences.add(event.sequence()));
            assertThat(sequences).containsExactly(1L, 3L);
        }
    }

    /** A force costs more than the bytes, so it is for more of them. */
    @Test
    void shouldCutABatchLaterWhereEachIsForced() {
        assertThat(kibibytesUntilFull(ChronicleJournal.in(directory.resolve("unforced"))))
                .isCloseTo(ChronicleJournal.DEFAULT_BATCH_BYTES / 1_024, within(2));
        assertThat(kibibytesUntilFull(ChronicleJournal.in(directory.resolve("forced")).sync(SyncMode.BATCH)))
                .isCloseTo(ChronicleJournal.DEFAULT_SYNCED_BATCH_BYTES / 1_024, within(4));
        assertThat(kibibytesUntilFull(ChronicleJournal.in(directory.resolve("asked")).batchBytes(8 << 10)
                .sync(SyncMode.BATCH))).isCloseTo(8, within(1));
    }

    private int kibibytesUntilFull(ChronicleJournal journal) {
        try (JournalSession session = open(journal)) {
            int events = 0;
            while (!session.events().isFull()) {
                events++;
                session.events().add(TestEntry.of(events, new byte[1_024]));
            }
            return events;
        }
    }

    /** JournalSession.maxGroupBytes: "80 bytes for each, and three for each character". */
    @ParameterizedTest
    @CsvSource({"0, 0", "0, 1", "1000, 128", "100000, 20"})
    void shouldTakeAGroupOfTheLargestSizeOnTopOfABatchThatIsNearlyFull(int payloadBytes, int characters) {
        try (JournalSession session = open(ChronicleJournal.in(directory).batchBytes(1 << 20))) {
            long sequence = 1;
            session.events().add(TestEntry.of(sequence, new byte[(1 << 20) - 100]));
            assertThat(session.events().isFull()).isFalse();
            byte[] payload = new byte[payloadBytes];
            // No text is that of the event before, so each one is written.
            String[] types = {"\u20AC".repeat(Math.min(85, characters)), "\u20AD".repeat(Math.min(85, characters))};
            String[] texts = {"\u20AC".repeat(characters), "\u20AD".repeat(characters)};
            int each = 80 + payloadBytes + 3 * (types[0].length() + 2 * characters);
            for (int left = session.maxGroupBytes(); left >= each; left -= each) {
                sequence++;
                int turn = (int) (sequence & 1);
                session.events().add(new TestEntry(sequence, 0, 0, types[turn], 0, texts[turn],
                        new TestOrigin(sequence - 1, texts[turn], 1, 2, 3), payload));
            }
            session.events().commit(clock.epochNanos());
            long[] last = new long[1];
            session.read(1, Long.MAX_VALUE, event -> assertThat(event.sequence()).isEqualTo(++last[0]));
            assertThat(last[0]).isEqualTo(sequence);
        }
    }

    @Test
    void shouldRefuseACauseThatIsNoneAndTakeTheNextEvent() {
        try (JournalSession session = open(ChronicleJournal.in(directory))) {
            TestEntry entry = TestEntry.of(5, (byte) 5);
            for (TestOrigin wrong : List.of(new TestOrigin(5, "margin", 0, 0, 0), new TestOrigin(-1, "margin", 0, 0, 0),
                    new TestOrigin(4, null, 0, 0, 0))) {
                assertThatThrownBy(() -> session.events().add(entry.from(wrong))).isInstanceOf(JournalException.class)
                        .hasMessageContaining("sequence=5").hasMessageContaining("=" + wrong.causeSubscription())
                        .hasMessageEndingWith("causeSequence=" + wrong.causeSequence());
            }
            assertThatThrownBy(() -> session.events().add(entry.from(new TestOrigin(4, "x".repeat(385), 0, 0, 0))))
                    .isInstanceOf(EventTooLargeException.class).hasMessageContaining("cause's subscription")
                    .hasMessageEndingWith("bytes=385");
            TestEntry right = entry.from(new TestOrigin(4, "\u20AC".repeat(128), 0, 0, 0));
            session.events().add(right);
            session.events().commit(clock.epochNanos());
            List<TestEntry> events = new ArrayList<>();
            session.read(1, Long.MAX_VALUE, event -> events.add(TestEntry.copyOf(event)));
            assertThat(events).containsExactly(right);
        }
    }

    @Test
    void shouldRefuseEverythingAfterTheSessionIsClosed() {
        JournalSession session = open(ChronicleJournal.in(directory).sync(SyncMode.BATCH));
        EventAppender events = session.events();
        session.close();
        session.close();
        events.add(TestEntry.of(1, (byte) 1));
        assertThatThrownBy(() -> events.commit(clock.epochNanos())).isInstanceOf(JournalException.class).hasMessageContaining("closed");
        session.outcomes().append(new Outcome.Checkpoint(1, 1));
        assertThatThrownBy(session.outcomes()::commit).isInstanceOf(JournalException.class);
        assertThatThrownBy(events::sync).isInstanceOf(JournalException.class);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldAppendNothingAfterAnAppendFailedAndLoseNothingThatWasCommitted() throws Exception {
        Path journal = directory.resolve("journal");
        Path output = directory.resolve("output");
        // The files may grow to 100 MiB: Chronicle maps 64 MiB at a time, so the second piece does not fit.
        ChildJvm.startWithFileLimit(100 << 10, FillingMain.class, output, journal.toString()).waitFor();
        String[] said = Files.readString(output).lines().filter(line -> line.startsWith("result ")).findFirst()
                .orElseThrow(() -> new AssertionError(output)).split(" ");
        assertThat(said[1]).as("the append that failed").isEqualTo("JournalException");
        assertThat(said[2]).as("the append after it").isEqualTo("JournalException");
        assertThat(said[3]).as("their causes").isEqualTo("same");
        long committed = Long.parseLong(said[4]);
        long[] last = new long[1];
        try (JournalSession session = open(ChronicleJournal.in(journal))) {
            session.read(1, Long.MAX_VALUE, event -> assertThat(event.sequence()).isEqualTo(++last[0]));
        }
        assertThat(last[0]).isEqualTo(committed);
    }

    private JournalSession open(ChronicleJournal journal) {
        return journal.open(TYPES, clock);
    }
}
