package io.ringbus.journal.codec;

import io.ringbus.journal.codec.Samples.Rich;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** "Thread-safe; encoding shares no changing state between threads." */
class RecordCodecConcurrencyTest {

    private static final int THREADS = 4;
    private static final int EVENTS = 200;
    private static final int ROUNDS = 20;

    record Older(Samples.Numbers numbers, String text, boolean gone) {
    }

    @Test
    void shouldWriteAndReadTheSameOnManyThreadsAtOnce() throws Exception {
        RecordCodec<Rich> codec = RecordCodec.of(Rich.class);
        Samples samples = new Samples(6);
        List<Rich> events = IntStream.range(0, EVENTS).mapToObj(i -> samples.rich()).toList();
        List<byte[]> bytes = events.stream().map(event -> Samples.bytes(codec, event)).toList();
        byte[] older = Samples.bytes(RecordCodec.of(Older.class), new Older(null, "old", true));
        RecordCodec<Rich> shared = RecordCodec.of(Rich.class);
        CyclicBarrier start = new CyclicBarrier(THREADS);
        Callable<Void> work = () -> {
            start.await(60, TimeUnit.SECONDS);
            for (int i = 0; i < EVENTS * ROUNDS; i++) {
                int index = i % EVENTS;
                assertThat(Samples.bytes(shared, events.get(index))).isEqualTo(bytes.get(index));
                assertThat(Samples.event(shared, bytes.get(index))).isEqualTo(events.get(index));
                assertThat(Samples.event(shared, older).text()).isEqualTo("old");
            }
            return null;
        };
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Void>> futures = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                futures.add(threads.submit(work));
            }
            for (Future<Void> future : futures) {
                future.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
