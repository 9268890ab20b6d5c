package io.ringbus.engine.ring;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Spins for some microseconds, yields a few times, then parks until the awaited sequence is there.
 *
 * <p>No wake-up is lost: a waiter first counts itself as parked and then looks at its sequence once more; a signaller
 * first moves the sequence and then, behind a full fence, looks at the count. One of the two sees the other. Whoever
 * moves a sequence that others wait for must therefore signal: publishers through the ring, links through their
 * runner. A signal wakes only those whose sequence has come. Allocates once per waiting thread.
 */
final class ParkingWaitStrategy implements WaitStrategy {

    private static final int SPINS = 500;
    private static final int YIELDS = 20;
    /** Not needed for progress; bounds what an unforeseen lost wake-up could cost. */
    private static final long PARK_NANOS = 100_000_000L;

    private final AtomicInteger parked = new AtomicInteger();
    private final ThreadLocal<Waiter> waiter = ThreadLocal.withInitial(this::newWaiter);

    /** Replaced, never changed. An array, because a list's iterator is garbage wherever it is not optimized away. */
    private volatile Waiter[] waiters = {};

    @Override
    public long waitFor(long sequence, Sequence cursor, Sequence dependentSequence, SequenceBarrier barrier)
            throws AlertException {
        long available;
        int turns = 0;
        while ((available = dependentSequence.get()) < sequence) {
            barrier.checkAlert();
            if (turns < SPINS) {
                Thread.onSpinWait();
            } else if (turns < SPINS + YIELDS) {
                Thread.yield();
            } else {
                waiter.get().park(sequence, dependentSequence, barrier);
            }
            turns++;
        }
        return available;
    }

    @Override
    public void signalAllWhenBlocking() {
        VarHandle.fullFence();
        if (parked.get() > 0) {
            wakeThoseDue();
        }
    }

    /** Forgets the calling thread, which waits no more: threads of links come and go while the engine runs. */
    synchronized void forgetCurrentThread() {
        Waiter own = waiter.get();
        waiter.remove();
        waiters = Arrays.stream(waiters).filter(each -> each != own).toArray(Waiter[]::new);
    }

    private void wakeThoseDue() {
        for (Waiter each : waiters) {
            each.unparkWhenDue();
        }
    }

    private synchronized Waiter newWaiter() {
        Waiter created = new Waiter(Thread.currentThread());
        Waiter[] more = Arrays.copyOf(waiters, waiters.length + 1);
        more[waiters.length] = created;
        waiters = more;
        return created;
    }

    private final class Waiter {

        private final Thread thread;
        private long sequence;
        private Sequence dependent;
        private SequenceBarrier barrier;
        private volatile boolean waiting;

        Waiter(Thread thread) {
            this.thread = thread;
        }

        void park(long awaited, Sequence dependentSequence, SequenceBarrier alerts) {
            sequence = awaited;
            dependent = dependentSequence;
            barrier = alerts;
            waiting = true;
            parked.incrementAndGet();
            try {
                if (!isDue()) {
                    LockSupport.parkNanos(ParkingWaitStrategy.this, PARK_NANOS);
                    // A set flag would turn every further park into a busy loop; nobody here reacts to it.
                    Thread.interrupted();
                }
            } finally {
                waiting = false;
                parked.decrementAndGet();
            }
        }

        void unparkWhenDue() {
            if (waiting && isDue()) {
                LockSupport.unpark(thread);
            }
        }

        private boolean isDue() {
            return barrier.isAlerted() || dependent.get() >= sequence;
        }
    }
}
