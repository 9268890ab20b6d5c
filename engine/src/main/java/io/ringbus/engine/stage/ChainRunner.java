package io.ringbus.engine.stage;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import io.ringbus.engine.ring.EventRing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Runs one link, or in a fused chain all of them, on the thread that calls {@link #run()}.
 *
 * <p>Disruptor's own processor is not used because it moves its sequence only at the end of a whole batch, skips or
 * dies on an exception, and cannot run several links in turn.
 */
final class ChainRunner implements Runnable {

    private static final long UNPUBLISHED_PAUSE_NANOS = 10_000L;
    private static final int UNPUBLISHED_SPINS = 100;

    private final String name;
    private final EventRing ring;
    private final List<Link> links;
    private final SequenceBarrier barrier;
    private final Consumer<Throwable> onFailure;

    private final CountDownLatch started = new CountDownLatch(1);
    private final List<String> stopErrors = new ArrayList<>();
    private volatile Throwable startFailure;
    private volatile boolean halted;

    ChainRunner(String name, EventRing ring, List<Link> links, SequenceBarrier barrier, Consumer<Throwable> onFailure) {
        this.name = name;
        this.ring = ring;
        this.links = List.copyOf(links);
        this.barrier = barrier;
        this.onFailure = onFailure;
    }

    String name() {
        return name;
    }

    /** Waits until the links have begun, or the time is up; returns whether they have. */
    boolean awaitStart(long nanos) throws InterruptedException {
        return started.await(nanos, TimeUnit.NANOSECONDS);
    }

    /** What a start hook threw; null for none, or not yet. */
    Throwable startFailure() {
        return startFailure;
    }

    /** Ends the loop after the slots at hand. */
    void halt() {
        halted = true;
        barrier.alert();
    }

    /** What the stop hooks threw; after the thread has ended. */
    List<String> stopErrors() {
        return List.copyOf(stopErrors);
    }

    @Override
    public void run() {
        try {
            for (Link link : links) {
                link.start();
            }
        } catch (Throwable e) {
            startFailure = e;
        }
        started.countDown();
        try {
            if (startFailure == null) {
                loop();
            }
        } catch (Throwable e) {
            onFailure.accept(e);
        } finally {
            links.forEach(link -> stopErrors.addAll(link.stop()));
        }
    }

    private void loop() throws TimeoutException {
        long next = links.get(0).sequence().get() + 1;
        int idleTurns = 0;
        while (!halted) {
            long available;
            try {
                available = barrier.waitFor(next);
            } catch (AlertException | InterruptedException e) {
                // Alerted when halted; interrupted only by a close whose time is up, which halts first.
                continue;
            }
            if (available < next) {
                // Claimed but not yet published: its publisher is encoding, or has lost the processor.
                pauseForPublisher(idleTurns++);
                continue;
            }
            idleTurns = 0;
            next = process(next, available) + 1;
        }
    }

    private long process(long first, long available) {
        Link head = links.get(0);
        long done = head.process(first, available);
        head.sequence().set(done);
        for (int i = 1; i < links.size(); i++) {
            Link link = links.get(i);
            long at = first;
            while (at <= done) {
                at = link.process(at, done) + 1;
            }
            link.sequence().set(done);
        }
        ring.signal();
        links.get(links.size() - 1).released();
        return done;
    }

    private static void pauseForPublisher(int turns) {
        if (turns < UNPUBLISHED_SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(UNPUBLISHED_PAUSE_NANOS);
        }
    }
}
