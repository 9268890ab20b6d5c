package io.ringbus.engine.ring;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;
import java.util.concurrent.locks.LockSupport;

/**
 * Spins, then yields. Where there are more threads than processors, a later stage sleeps for moments instead while the
 * stage before it has a long backlog: its yielding would take the time of those who work on that, publishers among them,
 * and with half a ring before it an event waits for longer than such a moment anyhow.
 */
final class SparingWaitStrategy implements WaitStrategy {

    private static final int SPINS = 100;
    private static final int YIELDS = 5;
    private static final long NAP_NANOS = 50_000L;
    /** Some tens of microseconds of work. With less the moment would be noticed. */
    private static final int SHORTEST_BACKLOG = 1_024;

    private final long longBacklog;
    private final Runnable nap;
    private volatile boolean crowded;

    /** For a ring of so many slots. */
    SparingWaitStrategy(int ringSize) {
        this(ringSize, () -> LockSupport.parkNanos(NAP_NANOS));
    }

    SparingWaitStrategy(int ringSize, Runnable nap) {
        this.longBacklog = Math.max(ringSize / 2, SHORTEST_BACKLOG);
        this.nap = nap;
    }

    /** Says whether there are more threads than processors. Any thread. */
    void crowded(boolean isCrowded) {
        crowded = isCrowded;
    }

    @Override
    public long waitFor(long sequence, Sequence cursor, Sequence dependentSequence, SequenceBarrier barrier)
            throws AlertException {
        long available;
        int turns = 0;
        while ((available = dependentSequence.get()) < sequence) {
            barrier.checkAlert();
            if (turns < SPINS) {
                if (!crowded) {
                    // It takes microseconds for all of them, in which a crowded processor should be another's already.
                    Thread.onSpinWait();
                }
            } else if (turns == SPINS + YIELDS && crowded && cursor.get() - available >= longBacklog) {
                nap.run();
            } else {
                Thread.yield();
            }
            turns = Math.min(turns + 1, SPINS + YIELDS);
        }
        return available;
    }

    @Override
    public void signalAllWhenBlocking() {
        // Nobody sleeps for longer than a moment.
    }
}
