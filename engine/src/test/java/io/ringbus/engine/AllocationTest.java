package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.EventAppender;
import io.ringbus.engine.spi.EventEntry;
import io.ringbus.engine.spi.Journal;
import io.ringbus.engine.spi.JournalReport;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.NoJournal;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.spi.OutcomeLog;
import io.ringbus.engine.spi.StoredEvent;
import io.ringbus.engine.support.Tick;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Promise 7: "In steady state, publish, journal and handle allocate nothing of the engine's own; with preallocated
 * events, nothing at all."
 */
class AllocationTest {

    private static final int EVENTS = 1_000_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @CsvSource({"MULTI, false, true, 0", "SINGLE, false, true, 0", "MULTI, true, true, 0", "SINGLE, true, true, 0",
        "MULTI, false, false, 0", "SINGLE, true, false, 0", "MULTI, true, true, 10000", "SINGLE, true, false, 10000"})
    void shouldAllocateNothingForAPreallocatedEvent(ProducerMode mode, boolean fused, boolean journaled,
            int messageIdWindow) throws Exception {
        long[] sum = {0, 0};
        String name = "allocation-" + mode + fused + journaled + messageIdWindow;
        EventEngine engine = new EventEngine(new EventEngineConfig().name(name).ringSize(4_096).producerMode(mode)
                .fused(fused).publishTimeout(LONG).checkpointInterval(Duration.ofDays(1))
                .messageIdWindow(messageIdWindow)
                .journal(journaled ? new KeepsNothing() : NoJournal.INSTANCE));
        engine.register(Tick.TYPE);
        engine.subscribe(SubscriptionConfig.to(Tick.class, (tick, context) -> sum[0] += tick.id).name("first").priority(1));
        engine.subscribe(SubscriptionConfig.to(Tick.class, (tick, context) -> sum[1] += context.sequence()).name("second")
                .priority(2).filter(tick -> tick.id % 2 == 0));
        engine.start();
        Tick.Cursor cursor = new Tick.Cursor();
        // Until everything is compiled: a frame that is replaced on the stack may allocate what it later does not.
        for (int i = 0; i < 5; i++) {
            engine.await(Watermark.HANDLED, publish(engine, cursor, EVENTS / 2, messageIdWindow > 0), LONG);
        }

        Map<String, Long> least = new TreeMap<>();
        for (int round = 0; round < 30; round++) {
            Map<String, Long> before = allocatedByStages(name);
            long publisherBefore = allocatedByThisThread();
            long last = publish(engine, cursor, EVENTS, messageIdWindow > 0);
            least.merge("publisher", allocatedByThisThread() - publisherBefore, Math::min);
            engine.await(Watermark.HANDLED, last, LONG);
            allocatedByStages(name).forEach((thread, bytes) ->
                    least.merge(thread, bytes - before.get(thread), Math::min));
            if (least.values().stream().allMatch(bytes -> bytes == 0)) {
                break;
            }
        }

        assertThat(least).hasSize(1 + (fused ? 1 : journaled ? 3 : 2))
                .allSatisfy((thread, bytes) -> assertThat(bytes).as(thread).isZero());
        long events = cursor.next - 1;
        assertThat(sum[0]).isEqualTo(events * (events + 1) / 2);
        assertThat(sum[1]).isPositive();
        engine.close(LONG);
    }

    private static long publish(EventEngine engine, Tick.Cursor cursor, int events, boolean withIds) {
        long last = 0;
        for (int i = 0; i < events; i++) {
            if (withIds) {
                long id = cursor.next;
                last = engine.publish(Tick.TYPE, Tick.FROM_CURSOR, cursor, 1, id);
                if (engine.publish(Tick.TYPE, Tick.FROM_CURSOR, cursor, 1, id) != last) {
                    throw new AssertionError("published twice: id=" + id);
                }
            } else {
                last = engine.publish(Tick.TYPE, Tick.FROM_CURSOR, cursor);
            }
        }
        return last;
    }

    private static long allocatedByThisThread() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /** Bytes so far of each stage's thread; the timer's are not on the events' way. */
    private static Map<String, Long> allocatedByStages(String engine) {
        Map<String, Long> bytes = new TreeMap<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            boolean isStage = thread.getName().startsWith(engine + "-") && !thread.getName().endsWith("-timer");
            if (isStage) {
                bytes.put(thread.getName(), THREADS.getThreadAllocatedBytes(thread.getId()));
            }
        }
        return bytes;
    }

    /** A journal that looks at every byte and makes no garbage. */
    private static final class KeepsNothing implements Journal, JournalSession, EventAppender, OutcomeLog {

        private long checksum;
        private int bytes;

        @Override
        public JournalSession open(List<EventType<?>> types, EngineClock clock) {
            return this;
        }

        @Override
        public JournalReport report() {
            return new JournalReport("nowhere", 0, List.of());
        }

        @Override
        public boolean isDurable() {
            return true;
        }

        @Override
        public boolean syncsEachBatch() {
            return false;
        }

        @Override
        public <T> EventCodec<T> codec(EventType<T> type) {
            return type.codec();
        }

        @Override
        public int maxEventBytes() {
            return 1_024;
        }

        @Override
        public int maxGroupBytes() {
            return 1_024;
        }

        @Override
        public EventAppender events() {
            return this;
        }

        @Override
        public OutcomeLog outcomes() {
            return this;
        }

        @Override
        public void add(EventEntry entry) {
            ByteBuffer payload = entry.payload();
            for (int i = 0; i < entry.payloadLength(); i++) {
                checksum = checksum * 31 + payload.get(i);
            }
            bytes += entry.payloadLength();
        }

        @Override
        public boolean isFull() {
            return bytes >= 512;
        }

        @Override
        public void commit(long epochNanos) {
            bytes = 0;
        }

        @Override
        public void commit() {
            // Keeps no outcomes.
        }

        @Override
        public void read(Consumer<? super Outcome> consumer) {
            // Holds nothing.
        }

        @Override
        public void readAll(Consumer<? super Outcome> consumer) {
            // Holds nothing.
        }

        @Override
        public void read(long from, long to, Consumer<? super StoredEvent> consumer) {
            // Holds nothing.
        }

        @Override
        public void append(Outcome outcome) {
            // Keeps nothing.
        }

        @Override
        public boolean wantsRestatement() {
            return false;
        }

        @Override
        public void sync() {
            // Keeps nothing.
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
