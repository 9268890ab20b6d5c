package io.ringbus.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A bounded queue and the one thread that empties it, some elements at a time: a lock for each would cost more than the
 * handlers do.
 *
 * @param <E> what stands in the queue
 */
final class QueueThread<E> implements AutoCloseable {

    /** The engine takes as many slots at a time. */
    private static final int MAX_BATCH = 256;

    private final YieldingQueue<E> queue;
    private final Consumer<E> consumer;
    private final Consumer<Throwable> onError;
    private final Thread thread;

    private volatile boolean closing;

    QueueThread(String name, int capacity, Consumer<E> consumer, Consumer<Throwable> onError) {
        this.queue = new YieldingQueue<>(capacity);
        this.consumer = consumer;
        this.onError = onError;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    void put(E element) {
        try {
            queue.put(element);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the queue was full: size=" + queue.size(), e);
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            // It ends by itself.
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<E> batch = new ArrayList<>(MAX_BATCH);
        while (!closing) {
            if (queue.drainTo(batch, MAX_BATCH) == 0) {
                Thread.yield();
            }
            for (int i = 0; i < batch.size(); i++) {
                consume(batch.get(i));
            }
            batch.clear();
        }
    }

    private void consume(E element) {
        try {
            consumer.accept(element);
        } catch (Throwable e) {
            // As the others do, and the next one goes on.
            onError.accept(e);
        }
    }
}
