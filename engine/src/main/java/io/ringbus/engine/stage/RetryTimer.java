package io.ringbus.engine.stage;

import io.ringbus.engine.ring.EventRing;
import io.ringbus.engine.spi.EngineClock;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Publishes redeliveries into the ring when they are due: the earliest is on top of a heap, so none of the others is
 * looked at. A full ring makes a redelivery late, never lost. Its thread also publishes the changes of the chain, and
 * ticks the engine's housekeeping.
 */
public final class RetryTimer implements Runnable {

    private static final long TICK_NANOS = 50_000_000L;
    private static final long FULL_RING_PAUSE_NANOS = 200_000L;

    private final EventRing ring;
    private final EngineClock clock;
    private final Subscriptions subscriptions;
    private final Changes changes;
    private final Runnable housekeeping;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Retry> waiting = new PriorityQueue<>(
            Comparator.comparingLong(Retry::dueAt).thenComparingLong(retry -> retry.delivery().sequence()));
    private final AtomicLong redelivered = new AtomicLong();
    private final LatenessCounter lateness = new LatenessCounter();

    private volatile boolean stopped;

    /**
     * A timer; it runs on a thread of its own.
     *
     * @param ring          where redeliveries go
     * @param clock         says what is due
     * @param subscriptions those of the chain; one that has left is given nothing
     * @param changes       of the chain, published by this thread
     * @param housekeeping  run some twenty times a second
     */
    RetryTimer(EventRing ring, EngineClock clock, Subscriptions subscriptions, Changes changes,
            Runnable housekeeping) {
        this.ring = ring;
        this.clock = clock;
        this.subscriptions = subscriptions;
        this.changes = changes;
        this.housekeeping = housekeeping;
    }

    /**
     * Takes attempts over.
     *
     * @param retries attempts to make
     */
    public void add(Collection<Retry> retries) {
        lock.lock();
        try {
            waiting.addAll(retries);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Looks at the changes again. */
    void wake() {
        lock.lock();
        try {
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the timer: nothing is published after its thread has ended. */
    public void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        long nextTick = System.nanoTime();
        while (!stopped) {
            boolean pushedBack = !changes.publishNext() | publishDue(nextTick);
            if (System.nanoTime() - nextTick >= 0) {
                housekeeping.run();
                nextTick = System.nanoTime() + TICK_NANOS;
            }
            sleep(pushedBack ? FULL_RING_PAUSE_NANOS : TICK_NANOS);
        }
    }

    /**
     * Redeliveries published so far.
     *
     * @return the count
     */
    public long redelivered() {
        return redelivered.get();
    }

    /**
     * By how much they were late.
     *
     * @return the counter
     */
    public LatenessCounter lateness() {
        return lateness;
    }

    /** Until none is due, or the housekeeping is: deliveries that are due again at once must not keep it waiting. */
    private boolean publishDue(long nextTick) {
        Retry retry;
        while (System.nanoTime() - nextTick < 0 && (retry = takeDue()) != null) {
            Retry due = retry;
            StageSubscription subscription = subscriptions.get(due.delivery().subscription());
            if (subscription == null || !subscription.isActive() || !due.delivery().expects(due.attempt())) {
                // Nobody wants it any more, or its stage has made the attempt while it waited for room.
                continue;
            }
            if (!ring.tryInject(slot -> due.delivery().fill(slot, due.attempt()))) {
                add(List.of(due));
                return true;
            }
            // What is due at once is due since it came here, not since the epoch.
            long late = due.dueAt() == 0 ? 0 : Math.max(0, clock.epochNanos() - due.dueAt());
            lateness.add(late);
            redelivered.lazySet(redelivered.get() + 1);
        }
        return false;
    }

    private Retry takeDue() {
        lock.lock();
        try {
            Retry first = waiting.peek();
            return !stopped && first != null && first.dueAt() <= clock.epochNanos() ? waiting.poll() : null;
        } finally {
            lock.unlock();
        }
    }

    private void sleep(long atMostNanos) {
        lock.lock();
        try {
            // Waiting on a full ring, the next change is known; otherwise it must not wait for this nap.
            if (!stopped && (atMostNanos < TICK_NANOS || !changes.isNextWaiting())) {
                Retry first = waiting.peek();
                long untilDue = first == null ? atMostNanos : Math.max(first.dueAt() - clock.epochNanos(), 0);
                // Waiting on a full ring, the first one is due: then the pause counts.
                long nanos = atMostNanos < TICK_NANOS ? atMostNanos : Math.min(untilDue, atMostNanos);
                if (nanos > 0) {
                    changed.await(nanos, TimeUnit.NANOSECONDS);
                }
            }
        } catch (InterruptedException e) {
            // Nobody but close() ends this thread, and it says so by the flag.
        } finally {
            lock.unlock();
        }
    }
}
