package io.ringbus.benchmarks.peers;

/**
 * What the JDK alone offers: a bounded queue, and a thread that takes batches out of it and calls the handlers.
 *
 * @param <E> the events
 */
public final class ArrayBlockingQueueDispatch<E> implements Dispatch {

    private final Work<E> work;
    private final QueueThread<E> consumer;

    /**
     * Starts the thread.
     *
     * @param work what it does; its capacity is the queue's
     */
    public ArrayBlockingQueueDispatch(Work<E> work) {
        this.work = work;
        this.consumer = new QueueThread<>("queue", work.capacity(), work.inTurn(), work.onError());
    }

    @Override
    public void publish(long number) {
        consumer.put(work.newEvent(number));
    }

    @Override
    public void close() {
        consumer.close();
    }
}
