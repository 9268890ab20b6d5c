package io.ringbus.benchmarks.latency;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.ExceptionHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import com.lmax.disruptor.util.DaemonThreadFactory;
import io.ringbus.benchmarks.jmh.PayloadEvent;
import io.ringbus.benchmarks.jmh.PipelineShape;
import io.ringbus.benchmarks.jmh.WrongResultException;
import io.ringbus.benchmarks.peers.Pipeline;
import java.nio.file.Path;

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
 */
final class HandWrittenChain implements Pipeline {

    private final PerEventJournal journal;
    private final Disruptor<PayloadEvent> disruptor;
    private final RingBuffer<PayloadEvent> ring;

    private boolean closed;

    HandWrittenChain(RunPlan plan, boolean fused, Path directory, TimedHandler handler) {
        this.journal = plan.journal() == JournalMode.OFF
                ? null
                : new PerEventJournal(directory, plan.journal() == JournalMode.BATCH);
        this.disruptor = new Disruptor<>(() -> new PayloadEvent(plan.payloadBytes()), PipelineShape.RING_SIZE,
                DaemonThreadFactory.INSTANCE, ProducerType.SINGLE, PipelineShape.waitStrategy(plan.waitMode()));
        disruptor.setDefaultExceptionHandler(new FailTheRun(handler));
        EventHandler<PayloadEvent> handling = (event, sequence, endOfBatch) -> handler.accept(event);
        if (journal == null) {
            disruptor.handleEventsWith(handling);
        } else if (fused) {
            disruptor.handleEventsWith(plan.journal() == JournalMode.BATCH
                    ? new JournalingForcingAndHandling(journal, disruptor.getRingBuffer(), handler)
                    : new JournalingAndHandling(journal, handler));
        } else {
            disruptor.handleEventsWith(new Journaling(journal)).then(handling);
        }
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

    private record Journaling(PerEventJournal journal) implements EventHandler<PayloadEvent> {

        @Override
        public void onEvent(PayloadEvent event, long sequence, boolean endOfBatch) {
            journal.append(event.payload());
            if (endOfBatch) {
                journal.endBatch();
            }
        }
    }

    private record JournalingAndHandling(PerEventJournal journal, TimedHandler handler)
            implements EventHandler<PayloadEvent> {

        @Override
        public void onEvent(PayloadEvent event, long sequence, boolean endOfBatch) {
            journal.append(event.payload());
            handler.accept(event);
        }
    }

    /** Leaves the batch in the ring until it is on disk. */
    private static final class JournalingForcingAndHandling implements EventHandler<PayloadEvent> {

        private final PerEventJournal journal;
        private final RingBuffer<PayloadEvent> ring;
        private final TimedHandler handler;

        private long handled = -1;

        JournalingForcingAndHandling(PerEventJournal journal, RingBuffer<PayloadEvent> ring, TimedHandler handler) {
            this.journal = journal;
            this.ring = ring;
            this.handler = handler;
        }

        @Override
        public void onEvent(PayloadEvent event, long sequence, boolean endOfBatch) {
            journal.append(event.payload());
            if (endOfBatch) {
                journal.endBatch();
                while (handled < sequence) {
                    handler.accept(ring.get(++handled));
                }
            }
        }
    }

    private record FailTheRun(TimedHandler handler) implements ExceptionHandler<PayloadEvent> {

        @Override
        public void handleEventException(Throwable error, long sequence, PayloadEvent event) {
            handler.fail(new WrongResultException("the hand-written chain failed: sequence=" + sequence, error));
        }

        @Override
        public void handleOnStartException(Throwable error) {
            handler.fail(new WrongResultException("the hand-written chain did not start", error));
        }

        @Override
        public void handleOnShutdownException(Throwable error) {
            handler.fail(new WrongResultException("the hand-written chain did not stop cleanly", error));
        }
    }
}
