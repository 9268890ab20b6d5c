package io.ringbus.benchmarks.peers;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import com.lmax.disruptor.util.DaemonThreadFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * What a competent developer writes with the same two libraries: a Disruptor, and one Chronicle document per event.
 *
 * <pre>
 *              publisher     thread 1                          thread 2
 * two threads  fill ──&gt; [ring] ──&gt; a document per event ──────&gt; handler ──&gt; slot free
 * fused        fill ──&gt; [ring] ──&gt; a document per event, handler ──&gt; slot free
 * no journal   fill ──&gt; [ring] ──&gt; handler ──&gt; slot free
 * </pre>
 *
 * <p>Where each batch is forced to disk, none of its events is handled before that: on two threads because a Disruptor
 * gives on a batch as a whole, on one thread because the handler is called for all of them after the force.
 *
 * @param <E> the class of the events
 */
public final class PerEventPipeline<E> implements Pipeline {

    private final Cargo<E> cargo;
    private final PerEventJournal journal;
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
    public PerEventPipeline(Path directory, Layout layout, Cargo<E> cargo, Receiver<? super E> receiver) {
        this.cargo = cargo;
        this.journal = layout.journaled() ? new PerEventJournal(directory, layout.forced()) : null;
        this.disruptor = new Disruptor<>(cargo.maker()::get, layout.ringSize(), DaemonThreadFactory.INSTANCE,
                ProducerType.SINGLE, layout.waitStrategy());
        disruptor.setDefaultExceptionHandler(new FailureTeller<>(receiver::fail));
        EventHandler<E> handling = (event, sequence, endOfBatch) -> receiver.accept(event);
        if (journal == null) {
            disruptor.handleEventsWith(handling);
        } else if (!layout.fused()) {
            disruptor.handleEventsWith(new Journaling<>(journal, cargo.bytes())).then(handling);
        } else if (layout.forced()) {
            disruptor.handleEventsWith(new JournalingForcingAndHandling<>(journal, cargo.bytes(),
                    disruptor.getRingBuffer(), receiver));
        } else {
            disruptor.handleEventsWith(new JournalingAndHandling<>(journal, cargo.bytes(), receiver));
        }
        this.ring = disruptor.start();
    }

    /**
     * How it is laid out.
     *
     * @param ringSize     slots of the ring, a power of two
     * @param waitStrategy how all handlers wait
     * @param journaled    whether there is a journal
     * @param forced       whether each batch is forced to disk before its events are handled
     * @param fused        whether one thread journals and handles
     */
    public record Layout(int ringSize, WaitStrategy waitStrategy, boolean journaled, boolean forced, boolean fused) {
    }

    @Override
    public void publish(long number) {
        long sequence = ring.next();
        try {
            cargo.filler().accept(ring.get(sequence), number);
        } finally {
            ring.publish(sequence);
        }
    }

    @Override
    public long closeAndCountJournaled() {
        close();
        return journal.count();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            disruptor.shutdown();
            if (journal != null) {
                journal.close();
            }
        }
    }

    private record Journaling<E>(PerEventJournal journal, Function<E, byte[]> bytes) implements EventHandler<E> {

        @Override
        public void onEvent(E event, long sequence, boolean endOfBatch) throws IOException {
            journal.append(bytes.apply(event));
            if (endOfBatch) {
                journal.endBatch();
            }
        }
    }

    private record JournalingAndHandling<E>(PerEventJournal journal, Function<E, byte[]> bytes,
            Receiver<? super E> receiver) implements EventHandler<E> {

        @Override
        public void onEvent(E event, long sequence, boolean endOfBatch) {
            journal.append(bytes.apply(event));
            receiver.accept(event);
        }
    }

    /** Leaves the batch in the ring until it is on disk. */
    private static final class JournalingForcingAndHandling<E> implements EventHandler<E> {

        private final PerEventJournal journal;
        private final Function<E, byte[]> bytes;
        private final RingBuffer<E> ring;
        private final Receiver<? super E> receiver;

        private long handled = -1;

        JournalingForcingAndHandling(PerEventJournal journal, Function<E, byte[]> bytes, RingBuffer<E> ring,
                Receiver<? super E> receiver) {
            this.journal = journal;
            this.bytes = bytes;
            this.ring = ring;
            this.receiver = receiver;
        }

        @Override
        public void onEvent(E event, long sequence, boolean endOfBatch) throws IOException {
            journal.append(bytes.apply(event));
            if (endOfBatch) {
                journal.endBatch();
                while (handled < sequence) {
                    receiver.accept(ring.get(++handled));
                }
            }
        }
    }
}
