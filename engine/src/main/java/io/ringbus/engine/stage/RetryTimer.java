package io.ringbus.engine.stage;

import io.ringbus.engine.ring.EventRing;
import io.ringbus.engine.spi.EngineClock;
import java.util.ArrayList;
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
 * looked at. A full ring makes a redelivery late, never lost. While the chain is busy, its last link does this between
 * two batches. The timer's thread also publishes the changes of the chain, and ticks the engine's housekeeping.
 */
public final class RetryTimer implements Runnable {

    private static final long TICK_NANOS = 50_000_000L;
    private static final long FULL_RING_PAUSE_NANOS = 200_000L;
    /** Where many are pending, one wake-up serves all that fall due within this: each costs a stage its processor. */
    private static final long RESOLUTION_NANOS = 250_000L;
    /** How long the thread leaves it to the chain, which publishes what is due itself while it is busy. */
    private static final long HELPED_NAP_NANOS = 2_000_000L;
    private static final int BATCH = 64;
    private static final long NEVER = Long.MAX_VALUE;

    private final EventRing ring;
    private final EngineClock clock;
    private final Subscriptions subscriptions;
    private final Changes changes;
    private final Runnable housekeeping;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Retry> waiting = new PriorityQueue<>(
            Comparator.comparingLong(Retry::dueAt).thenComparingLong(retry -> retry.delivery().sequence()));
    /** Held while some are taken out and published: they come into the ring in the order in which they are due. */
    private final ReentrantLock publishing = new ReentrantLock();
    private final List<Retry> due = new ArrayList<>(BATCH);
    private final AtomicLong redelivered = new AtomicLong();
    private final LatenessCounter lateness = new LatenessCounter();

    private volatile long firstDueAt = NEVER;
    private volatile boolean running;
    private volatile boolean helped;
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
            Retry firstBefore = waiting.peek();
            waiting.addAll(retries);
            noteFirst();
            // The thread sleeps until the first one is due: only a new first one is news to it.
            if (waiting.peek() != firstBefore) {
                changed.signal();
            }
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
        // The chain may be helping.
        publishing.lock();
        publishing.unlock();
    }

    /**
     * Publishes what is due, on the thread of the last link between two batches. Each time the timer's own thread wakes
     * it may take the processor from a stage, so while the chain is busy it does this by the way.
     */
    void help() {
        if (!running || !isAnyDue() || !publishing.tryLock()) {
            return;
        }
        try {
            publishSome();
            helped = true;
        } finally {
            publishing.unlock();
        }
    }

    @Override
    public void run() {
        running = true;
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

    /**
     * Until none is due, or the housekeeping is: deliveries that are due again at once must not keep it waiting.
     *
     * @return whether the ring did not take all
     */
    private boolean publishDue(long nextTick) {
        publishing.lock();
        try {
            boolean took = true;
            while (took && isAnyDue() && System.nanoTime() - nextTick < 0) {
                took = publishSome();
            }
            return !took;
        } finally {
            publishing.unlock();
        }
    }

    private boolean isAnyDue() {
        long dueAt = firstDueAt;
        return dueAt != NEVER && dueAt <= clock.epochNanos() && !stopped;
    }

    /** Publishes the earliest of those that are due; returns whether the ring took them. */
    private boolean publishSome() {
        takeDue();
        // Nobody wants it any more, or its stage has made the attempt while it waited for room.
        due.removeIf(retry -> !isWanted(retry));
        int published = due.isEmpty() ? 0
                : ring.claims().tryInject(due.size(), (slot, index) -> due.get(index).fill(slot));
        count(due.subList(0, published));
        boolean all = published == due.size();
        if (!all) {
            add(due.subList(published, due.size()));
        }
        due.clear();
        return all;
    }

    private boolean isWanted(Retry retry) {
        StageSubscription subscription = subscriptions.get(retry.delivery().subscription());
        return subscription != null && subscription.isActive() && retry.delivery().expects(retry.attempt());
    }

    private void count(List<Retry> published) {
        long now = clock.epochNanos();
        for (Retry retry : published) {
            // What is due at once is due since it came here, not since the epoch.
            lateness.add(retry.dueAt() == 0 ? 0 : Math.max(0, now - retry.dueAt()));
        }
        redelivered.lazySet(redelivered.get() + published.size());
    }

    /** Takes out some that are due, the earliest first. */
    private void takeDue() {
        lock.lock();
        try {
            long now = clock.epochNanos();
            while (!stopped && due.size() < BATCH && !waiting.isEmpty() && waiting.peek().dueAt() <= now) {
                due.add(waiting.poll());
            }
            noteFirst();
        } finally {
            lock.unlock();
        }
    }

    private void noteFirst() {
        firstDueAt = waiting.isEmpty() ? NEVER : waiting.peek().dueAt();
    }

    private void sleep(long atMostNanos) {
        lock.lock();
        try {
            // Waiting on a full ring, the next change is known; otherwise it must not wait for this nap.
            if (!stopped && (atMostNanos < TICK_NANOS || !changes.isNextWaiting())) {
                Retry first = waiting.peek();
                long untilDue = first == null ? atMostNanos : first.dueAt() - clock.epochNanos();
                if (untilDue > 0) {
                    untilDue = Math.max(untilDue, helped ? HELPED_NAP_NANOS : RESOLUTION_NANOS);
                }
                helped = false;
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
