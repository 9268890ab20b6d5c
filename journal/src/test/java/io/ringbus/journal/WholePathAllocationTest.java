package io.ringbus.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringbus.engine.EventEngine;
import io.ringbus.engine.EventEngineConfig;
import io.ringbus.engine.ProducerMode;
import io.ringbus.engine.SubscriptionConfig;
import io.ringbus.engine.Watermark;
import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventFiller;
import io.ringbus.engine.event.EventType;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Promise 7, from the publisher to the handler, with files: nothing at all with preallocated events. */
class WholePathAllocationTest {

    private static final int EVENTS = 1_000_000;
    private static final int MAX_ROUNDS = 30;
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final EventType<Count> TYPE = EventType.named("count", Count.class).codec(new CountCodec())
            .preallocated(Count::new, (from, to) -> to.number = from.number);
    private static final EventFiller<Count, Count> NEXT = (event, counter) -> event.number = ++counter.number;

    @TempDir
    private Path directory;

    private static final class Count {
        private long number;
    }

    private static final class CountCodec implements EventCodec<Count> {

        @Override
        public void encode(Count event, ByteBuffer target) {
            target.putLong(event.number);
        }

        @Override
        public Count decode(ByteBuffer source, int version, Count reuse) {
            Count event = reuse == null ? new Count() : reuse;
            event.number = source.getLong();
            return event;
        }
    }

    @ParameterizedTest
    @CsvSource({"MULTI, false", "SINGLE, true"})
    void shouldAllocateNothingOnAnyThreadOfTheWay(ProducerMode mode, boolean fused) throws Exception {
        String name = "whole-path-" + mode;
        long[] sum = new long[1];
        try (EventEngine engine = new EventEngine(new EventEngineConfig().name(name).producerMode(mode).fused(fused)
                .publishTimeout(LONG).checkpointInterval(Duration.ofDays(1)).journal(ChronicleJournal.in(directory)))) {
            engine.register(TYPE);
            engine.subscribe(SubscriptionConfig.to(Count.class, (event, context) -> sum[0] += event.number)
                    .name("sum"));
            engine.start();
            Count counter = new Count();

            // The least of many rounds: code is compiled in the first ones, and a further block of a file is mapped
            // now and then.
            Map<String, Long> least = new TreeMap<>();
            for (int round = 0; round < MAX_ROUNDS; round++) {
                Map<String, Long> before = allocatedByStages(name);
                long publisherBefore = THREADS.getCurrentThreadAllocatedBytes();
                long last = 0;
                for (int i = 0; i < EVENTS; i++) {
                    last = engine.publish(TYPE, NEXT, counter);
                }
                least.merge("publisher", THREADS.getCurrentThreadAllocatedBytes() - publisherBefore, Math::min);
                engine.await(Watermark.HANDLED, last, LONG);
                allocatedByStages(name).forEach((thread, bytes) ->
                        least.merge(thread, bytes - before.get(thread), Math::min));
                if (least.values().stream().allMatch(bytes -> bytes == 0)) {
                    break;
                }
            }

            assertThat(least).hasSize(fused ? 2 : 3)
                    .allSatisfy((thread, bytes) -> assertThat(bytes).as(thread).isZero());
            assertThat(sum[0]).isEqualTo(counter.number * (counter.number + 1) / 2);
        }
    }

    /** Bytes so far of each stage's thread; the timer's are not on the events' way. */
    private static Map<String, Long> allocatedByStages(String engine) {
        Map<String, Long> bytes = new TreeMap<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith(engine + "-") && !thread.getName().endsWith("-timer")) {
                bytes.put(thread.getName(), THREADS.getThreadAllocatedBytes(thread.getId()));
            }
        }
        return bytes;
    }
}
