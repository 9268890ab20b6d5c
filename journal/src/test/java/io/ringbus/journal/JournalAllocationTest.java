package io.ringbus.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.EventAppender;
import io.ringbus.engine.spi.EventEntry;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.spi.OutcomeLog;
import io.ringbus.journal.policy.SyncMode;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Promise 7: "In steady state, publish, journal and handle allocate nothing of the engine's own". */
class JournalAllocationTest {

    /** What mapping a further block of the file allocates, now and then; nothing that grows with events or batches. */
    private static final long ALLOWED_BYTES = 8_192;
    /** The least of these counts: before code is compiled, and while classes load, the JVM allocates of its own. */
    private static final int ROUNDS = 5;

    @TempDir
    private Path directory;

    /** One entry that is changed from event to event, as a slot is. */
    private static final class ReusedEntry implements EventEntry {

        private final ByteBuffer payload = ByteBuffer.allocateDirect(64).order(ByteOrder.LITTLE_ENDIAN);
        private long sequence;

        @Override
        public long sequence() {
            return sequence;
        }

        @Override
        public int typeIndex() {
            return 0;
        }

        @Override
        public long timestampNanos() {
            return sequence;
        }

        @Override
        public String aggregateType() {
            return (sequence & 1) == 0 ? "order" : "account";
        }

        @Override
        public long aggregateId() {
            return sequence;
        }

        @Override
        public String aggregateKey() {
            return (sequence & 7) == 0 ? "käse" : null;
        }

        @Override
        public long causeSequence() {
            return (sequence & 3) == 0 ? sequence - 1 : 0;
        }

        @Override
        public String causeSubscription() {
            return (sequence & 4) == 0 ? "margin" : "prüfung";
        }

        @Override
        public long messageIdLow() {
            return sequence;
        }

        @Override
        public ByteBuffer payload() {
            return payload;
        }

        @Override
        public int payloadLength() {
            return payload.capacity();
        }
    }

    @ParameterizedTest
    @CsvSource({"NONE, 1, 100000", "NONE, 100, 10000", "BATCH, 10, 1000"})
    void shouldAllocateNothingPerEventOrPerBatch(SyncMode mode, int eventsPerBatch, int batches) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (JournalSession session = ChronicleJournal.in(directory).sync(mode)
                .open(List.of(EventType.named("reused", String.class)), EngineClock.system())) {
            ReusedEntry entry = new ReusedEntry();
            long allocated = Long.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                append(session.events(), entry, eventsPerBatch, batches);
                allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(allocated).isLessThan(Math.min(ALLOWED_BYTES, 8L * batches));
        }
    }

    @Test
    void shouldAllocateNothingPerOutcome() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Outcome[] outcomes = {new Outcome.Handled("prüfung", 7, 1, 2, 3), new Outcome.Waiting("margin", 8, 2),
            new Outcome.Failed("margin", 9, 1, 2, 3, 4, new Outcome.ErrorText("java.io.IOException", "weg — gone")),
            new Outcome.Recovered("margin", 9, 2, 5), new Outcome.Checkpoint(9, 6)};
        try (JournalSession session = ChronicleJournal.in(directory).open(List.of(), EngineClock.system())) {
            long allocated = Long.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                append(session.outcomes(), outcomes, 20_000);
                allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(allocated).isLessThan(ALLOWED_BYTES);
        }
    }

    private static void append(OutcomeLog log, Outcome[] outcomes, int batches) {
        for (int batch = 0; batch < batches; batch++) {
            for (Outcome outcome : outcomes) {
                log.append(outcome);
            }
            log.commit();
        }
    }

    private static void append(EventAppender appender, ReusedEntry entry, int eventsPerBatch, int batches) {
        for (int batch = 0; batch < batches; batch++) {
            for (int i = 0; i < eventsPerBatch; i++) {
                entry.sequence++;
                appender.add(entry);
            }
            appender.commit(EngineClock.system().epochNanos());
        }
    }
}
