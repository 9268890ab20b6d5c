package io.ringbus.benchmarks.jmh;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.ExceptionHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import com.lmax.disruptor.util.DaemonThreadFactory;
import io.ringbus.benchmarks.peers.Pipeline;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;

/** What a competent developer writes with the same two libraries: a Disruptor, and one Chronicle document per event. */
final class HandWrittenPipeline implements Pipeline {

    private final Path directory;
    private final ChronicleQueue queue;
    private final Disruptor<PayloadEvent> disruptor;
    private final RingBuffer<PayloadEvent> ring;

    private boolean closed;

    HandWrittenPipeline(PipelineShape shape, Path directory, PayloadCheck check) {
        this.directory = directory;
        this.queue = SingleChronicleQueueBuilder.single(directory.toString()).build();
        this.disruptor = new Disruptor<>(() -> new PayloadEvent(shape.payloadBytes()), PipelineShape.RING_SIZE,
                DaemonThreadFactory.INSTANCE, ProducerType.SINGLE, shape.waitStrategy());
        disruptor.setDefaultExceptionHandler(new FailTheBenchmark(check));
        disruptor.handleEventsWith(new Journaling(queue))
                .then((event, sequence, endOfBatch) -> check.accept(event));
        this.ring = disruptor.start();
    }

    @Override
    public void publish(long number) {
        long sequence = ring.next();
        try {
            ring.get(sequence).fill(number);
        } finally {
            ring.publish(sequence);
        }
    }

    @Override
    public long closeAndCountJournaled() {
        close();
        try (ChronicleQueue written = SingleChronicleQueueBuilder.single(directory.toString()).readOnly(true).build();
                ExcerptTailer tailer = written.createTailer()) {
            long documents = 0;
            while (readOne(tailer)) {
                documents++;
            }
            return documents;
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            disruptor.shutdown();
            queue.close();
        }
    }

    private static boolean readOne(ExcerptTailer tailer) {
        try (DocumentContext document = tailer.readingDocument()) {
            return document.isPresent();
        }
    }

    private static final class Journaling implements EventHandler<PayloadEvent> {

        private final ChronicleQueue queue;
        private ExcerptAppender appender;

        Journaling(ChronicleQueue queue) {
            this.queue = queue;
        }

        @Override
        public void onStart() {
            appender = queue.createAppender();
        }

        @Override
        public void onEvent(PayloadEvent event, long sequence, boolean endOfBatch) {
            try (DocumentContext document = appender.writingDocument()) {
                Bytes<?> bytes = document.wire().bytes();
                bytes.write(event.payload());
            }
        }

        @Override
        public void onShutdown() {
            appender.close();
        }
    }

    private record FailTheBenchmark(PayloadCheck check) implements ExceptionHandler<PayloadEvent> {

        @Override
        public void handleEventException(Throwable error, long sequence, PayloadEvent event) {
            check.fail(new WrongResultException("the hand-written pipeline failed: sequence=" + sequence, error));
        }

        @Override
        public void handleOnStartException(Throwable error) {
            check.fail(new WrongResultException("the hand-written pipeline did not start", error));
        }

        @Override
        public void handleOnShutdownException(Throwable error) {
            check.fail(new WrongResultException("the hand-written pipeline did not stop cleanly", error));
        }
    }
}
