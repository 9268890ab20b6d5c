package io.ringbus.benchmarks.peers;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.YieldingWaitStrategy;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import com.lmax.disruptor.util.DaemonThreadFactory;
import java.util.function.Consumer;

/**
 * The Disruptor without an engine around it: preallocated events, and one thread that calls the handlers in turn.
 *
 * @param <E> the events
 */
public final class RawDisruptorDispatch<E> implements Dispatch {

    private final Work<E> work;
    private final Disruptor<E> disruptor;
    private final RingBuffer<E> ring;

    /**
     * Starts the thread.
     *
     * @param work     what it does; its capacity is the ring's
     * @param producer whether the ring takes one publishing thread or many
     */
    public RawDisruptorDispatch(Work<E> work, ProducerType producer) {
        this.work = work;
        this.disruptor = new Disruptor<>(work.factory()::get, work.capacity(), DaemonThreadFactory.INSTANCE, producer,
                new YieldingWaitStrategy());
        disruptor.setDefaultExceptionHandler(new FailureTeller<>(work.onError()));
        Consumer<E> handlers = work.inTurn();
        disruptor.handleEventsWith((event, sequence, endOfBatch) -> handlers.accept(event));
        this.ring = disruptor.start();
    }

    @Override
    public void publish(long number) {
        long sequence = ring.next();
        try {
            work.filler().accept(ring.get(sequence), number);
        } finally {
            ring.publish(sequence);
        }
    }

    @Override
    public void close() {
        disruptor.shutdown();
    }
}
