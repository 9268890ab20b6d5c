package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.AwaitingPipeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Threads that publish some events, wait until the last of them is safe, and only then go on; event {@code n} is the one
 * of thread {@code n} modulo their number.
 *
 * @param threads how many, at least 1
 * @param window  how many events each publishes before it waits, at least 1
 */
record WaitingPublishers(int threads, int window) implements PipelineRun.Publishing<AwaitingPipeline> {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public void publish(AwaitingPipeline pipeline, long first, long last) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> publishers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            long own = first + i;
            Thread publisher = new Thread(() -> publishOwn(pipeline, own, last, failure), "publisher-" + i);
            publishers.add(publisher);
            publisher.start();
        }
        publishers.forEach(WaitingPublishers::join);
        if (failure.get() != null) {
            throw new WrongResultException("a publisher failed: " + failure.get().getMessage(), failure.get());
        }
    }

    @Override
    public boolean isInOrder() {
        return threads == 1;
    }

    private void publishOwn(AwaitingPipeline pipeline, long first, long last, AtomicReference<Throwable> failure) {
        try {
            int left = window;
            for (long number = first; number <= last && failure.get() == null; number += threads) {
                left--;
                if (left == 0 || number + threads > last) {
                    pipeline.publishAndAwait(number, PATIENCE);
                    left = window;
                } else {
                    pipeline.publish(number);
                }
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    private static void join(Thread publisher) {
        try {
            publisher.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WrongResultException("interrupted while publishers were at work", e);
        }
    }
}
