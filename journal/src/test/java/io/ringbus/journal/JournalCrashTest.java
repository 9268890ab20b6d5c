package io.ringbus.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.spi.StoredEvent;
import io.ringbus.journal.policy.SyncMode;
import io.ringbus.journal.replay.Replay;
import io.ringbus.journal.replay.ReplayReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The journal of a process that is killed in the middle of its work, and read while it works. */
class JournalCrashTest {

    private static final int KILLS = 5;
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(SyncMode.class)
    void shouldHoldEveryCommittedEventAfterEachKill(SyncMode mode) throws Exception {
        Path journal = directory.resolve("journal");
        Path file = directory.resolve("acknowledged");
        LongSupplier acknowledged = acknowledgedIn(file);
        long before = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process child = start(journal, mode, file);
            long goal = before + 2_000 + 1_500L * kill;
            await(child, () -> acknowledged.getAsLong() > goal);
            child.destroyForcibly().waitFor();
            before = acknowledged.getAsLong();
            verify(journal, mode, before);
        }
    }

    @Test
    void shouldBeReadableFromAnotherProcessWhileItIsWritten() throws Exception {
        Path journal = directory.resolve("journal");
        Path file = directory.resolve("acknowledged");
        LongSupplier acknowledged = acknowledgedIn(file);
        Process child = start(journal, SyncMode.BATCH, file);
        try {
            await(child, () -> acknowledged.getAsLong() > 0);
            long last = 0;
            int rounds = 0;
            while (rounds < 20) {
                long atLeast = acknowledged.getAsLong();
                long[] next = {Math.max(1, last - 100)};
                ReplayReport report = Replay.of(journal).from(next[0]).read(event -> {
                    verify(event, next[0]++);
                });
                assertThat(report.lastSequence()).isGreaterThanOrEqualTo(atLeast);
                assertThat(report.findings()).allMatch(finding -> finding.contains("an append is under way"));
                last = report.lastSequence();
                rounds++;
                assertThat(child.isAlive()).isTrue();
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    private void verify(Path journal, SyncMode mode, long acknowledged) {
        long[] count = new long[1];
        try (JournalSession session = ChronicleJournal.in(journal).sync(mode)
                .open(AppendingMain.TYPES, EngineClock.system())) {
            assertThat(session.report().lastSequence()).isGreaterThanOrEqualTo(acknowledged);
            assertThat(session.report().findings()).allMatch(finding -> finding.startsWith("the torn end is cut off"));
            session.read(1, Long.MAX_VALUE, event -> {
                verify(event, ++count[0]);
            });
            Outcome[] last = new Outcome[1];
            session.outcomes().read(outcome -> last[0] = outcome);
            assertThat(((Outcome.Checkpoint) last[0]).handledThrough()).isGreaterThanOrEqualTo(acknowledged);
        }
        assertThat(count[0]).isGreaterThanOrEqualTo(acknowledged);
    }

    /** Without an assertion object per event: there are millions. */
    private static void verify(StoredEvent event, long sequence) {
        if (event.sequence() != sequence || !ByteBuffer.wrap(AppendingMain.payload(sequence)).equals(event.payload())) {
            throw new AssertionError("expected sequence " + sequence + ", read " + TestEntry.copyOf(event));
        }
    }

    private Process start(Path journal, SyncMode mode, Path acknowledged) throws IOException {
        return ChildJvm.start(AppendingMain.class, directory.resolve("output"), journal.toString(), mode.name(),
                acknowledged.toString());
    }

    private void await(Process child, BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("patience").isLessThan(deadline);
            assertThat(child.isAlive()).as(() -> output()).isTrue();
            Thread.onSpinWait();
        }
    }

    private String output() {
        try {
            return Files.readString(directory.resolve("output"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** One mapping for all looks: mapping anew for each would use up what a process may have. */
    private static LongSupplier acknowledgedIn(Path file) throws IOException {
        try (FileChannel bytes = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            MappedByteBuffer mapped = bytes.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
            return () -> mapped.getLong(0);
        }
    }
}
