package io.ringbus.benchmarks.jmh;

import io.ringbus.engine.ProducerMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/** Ringbus with one handler, and with several publishing threads, which begin at the same time. */
final class PublishersRun implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PayloadCheck check;
    private final RingbusDispatch dispatch;
    private final List<LongConsumer> publishers;
    private final ExecutorService threads;

    private long published;

    /** Publishes in place. */
    PublishersRun(int publishers, DispatchShape shape) {
        this(publishers, shape, RingbusDispatch::newPublisher);
    }

    PublishersRun(int publishers, DispatchShape shape, Publishing publishing) {
        this.check = new InterleavedCheck(publishers, shape.payloadBytes(), PATIENCE);
        this.dispatch = new RingbusDispatch(DispatchRun.work(shape, List.of(check)), ProducerMode.MULTI);
        this.publishers = IntStream.range(0, publishers).mapToObj(i -> publishing.of(dispatch)).toList();
        this.threads = Executors.newFixedThreadPool(publishers);
    }

    /**
     * Has each thread publish its share, and waits until the handler has seen all.
     *
     * @param events a multiple of the number of publishers
     * @throws WrongResultException when it did not see exactly these, those of each thread in their order
     */
    void publishAndVerify(int events) {
        CountDownLatch ready = new CountDownLatch(publishers.size());
        List<Future<?>> under = new ArrayList<>();
        for (int i = 0; i < publishers.size(); i++) {
            LongConsumer publisher = publishers.get(i);
            long first = published + i + 1;
            long last = published + events;
            under.add(threads.submit(() -> publish(publisher, first, last, ready)));
        }
        published += events;
        under.forEach(PublishersRun::join);
        check.awaitAndVerify(published);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        dispatch.close();
    }

    private void publish(LongConsumer publisher, long first, long last, CountDownLatch ready) {
        ready.countDown();
        while (ready.getCount() > 0) {
            Thread.yield();
        }
        for (long number = first; number <= last; number += publishers.size()) {
            publisher.accept(number);
        }
    }

    private static void join(Future<?> publishing) {
        try {
            publishing.get();
        } catch (ExecutionException e) {
            throw new WrongResultException("a publisher failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WrongResultException("interrupted while publishers were under way", e);
        }
    }

    /** How a thread publishes. */
    @FunctionalInterface
    interface Publishing {
        LongConsumer of(RingbusDispatch dispatch);
    }
}
