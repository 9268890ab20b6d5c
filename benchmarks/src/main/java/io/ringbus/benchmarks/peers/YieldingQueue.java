package io.ringbus.benchmarks.peers;

import java.util.concurrent.ArrayBlockingQueue;

/**
 * The JDK's bounded queue with the wait mode of the other contenders: who finds it full or empty yields, and nobody
 * parks. For those whose queue one can choose.
 *
 * @param <E> what stands in it
 */
final class YieldingQueue<E> extends ArrayBlockingQueue<E> {

    private static final long serialVersionUID = 1L;

    YieldingQueue(int capacity) {
        super(capacity);
    }

    @Override
    public void put(E element) throws InterruptedException {
        while (!offer(element)) {
            yieldOrThrow();
        }
    }

    @Override
    public E take() throws InterruptedException {
        E element = poll();
        while (element == null) {
            yieldOrThrow();
            element = poll();
        }
        return element;
    }

    private static void yieldOrThrow() throws InterruptedException {
        Thread.yield();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
