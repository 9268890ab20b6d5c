package io.ringbus.benchmarks.peers;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import com.lmax.disruptor.util.DaemonThreadFactory;
import java.nio.file.Path;
import java.time.Duration;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/**
 * The least that a batching journal can do with the same two libraries: a Disruptor whose first handler writes one
 * Chronicle document per batch, straight into the mapped file, and whose second one handles. No checksum, no time, no
 * header but each event's length; nothing is counted, verified or recovered.
 *
 * <p>A document is cut at {@value DocumentPerBatch#BATCH_BYTES} bytes, and its events are given on at once.
 *
 * @param <E> the class of the events
 */
public final class BatchedPipeline<E> implements AwaitingPipeline {

    private final Cargo<E> cargo;
    private final Path directory;
    private final ChronicleQueue queue;
    private final DocumentPerBatch<E> journaling;
    private final Disruptor<E> disruptor;
    private final RingBuffer<E> ring;

    private boolean closed;

    /**
     * Opens it.
     *
     * @param directory where the queue is made
     * @param layout    how it is laid out
     * @param cargo     what it carries
     * @param receiver  given the events in the ring's order
     */
    public BatchedPipeline(Path directory, Layout layout, Cargo<E> cargo, Receiver<? super E> receiver) {
        this.cargo = cargo;
        this.directory = directory;
        this.queue = SingleChronicleQueueBuilder.single(directory.toString()).build();
        this.journaling = new DocumentPerBatch<>(queue, cargo.bytes(), layout.forced());
        this.disruptor = new Disruptor<>(cargo.maker()::get, layout.ringSize(), DaemonThreadFactory.INSTANCE,
                layout.producer(), layout.waitStrategy());
        disruptor.setDefaultExceptionHandler(new FailureTeller<>(receiver::fail));
        EventHandler<E> handling = (event, sequence, endOfBatch) -> receiver.accept(event);
        disruptor.handleEventsWith(journaling).then(handling);
        this.ring = disruptor.start();
    }

    /**
     * How it is laid out.
     *
     * @param ringSize     slots of the ring, a power of two
     * @param producer     whether one thread publishes, or several
     * @param waitStrategy how both handlers wait
     * @param forced       whether each batch is forced to disk before its events go on
     */
    public record Layout(int ringSize, ProducerType producer, WaitStrategy waitStrategy, boolean forced) {
    }

    @Override
    public void publish(long number) {
        claimAndPublish(number);
    }

    @Override
    public void publishAndAwait(long number, Duration patience) throws InterruptedException {
        journaling.await(claimAndPublish(number), patience);
    }

    @Override
    public long closeAndCountJournaled() {
        close();
        return DocumentPerBatch.count(directory);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            disruptor.shutdown();
            queue.close();
        }
    }

    private long claimAndPublish(long number) {
        long sequence = ring.next();
        try {
            cargo.filler().accept(ring.get(sequence), number);
        } finally {
            ring.publish(sequence);
        }
        return sequence;
    }
}
