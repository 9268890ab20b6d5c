package io.ringbus.engine.stage;

import com.lmax.disruptor.SequenceBarrier;
import java.util.function.LongSupplier;

/**
 * Decides how long the first link waits for more events before it appends a batch that is forced to disk. Publishers
 * that waited for the last force publish again as soon as they are awake; a force that begins with the first of their
 * events keeps all the others waiting for the next one. So a batch waits until as many events have come as the last one
 * held, at most for half of what a force takes. When nobody waited for the last force, the next one waits for nobody.
 *
 * <p>Whoever waits for the disk need not be one who publishes again. When an expectation was in vain, the next batches
 * wait only while events come one right after the other; after each failure in a row for more batches.
 *
 * <p>After the group commit of databases (PostgreSQL's {@code commit_delay} and {@code commit_siblings}), with times
 * that follow the disk's. One thread.
 */
final class GroupCommit {

    private static final int MAX_DOUBT = 64;
    /** Half of a force is the most that a batch waits, a 16th the longest pause within a burst of events. */
    private static final int LIMIT_SHIFT = 1;
    private static final int PAUSE_SHIFT = 4;

    private final LongSupplier nanoClock;

    private boolean expecting;
    private long cursorAtRelease;
    private long lastFirst = -1;
    private long expectedThrough;
    /** How many batches are not to hold expectations, and how many were not to after the last failure. */
    private int doubted;
    private int doubt;

    GroupCommit(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /**
     * Takes note that threads were woken that had waited for what was forced.
     *
     * @param cursor the last place claimed by then
     */
    void released(long cursor) {
        expecting = true;
        cursorAtRelease = cursor;
    }

    /**
     * Waits for more events where that is worth while. Called again when none had come.
     *
     * @param first      the first place of the batch
     * @param barrier    tells of places that are claimed, and when to end
     * @param forceNanos what a force takes
     * @return whether it has waited
     */
    boolean gather(long first, SequenceBarrier barrier, long forceNanos) {
        if (!expecting) {
            return false;
        }
        if (lastFirst != first) {
            expectedThrough = cursorAtRelease + first - lastFirst;
            lastFirst = first;
        }
        boolean trusting = doubted == 0;
        long now = nanoClock.getAsLong();
        long limit = now + (forceNanos >> LIMIT_SHIFT);
        long newest = now;
        long cursor = barrier.getCursor();
        while (now < limit && cursor < expectedThrough && !barrier.isAlerted()
                && (trusting || cursor < first || now - newest <= forceNanos >> PAUSE_SHIFT)) {
            Thread.yield();
            now = nanoClock.getAsLong();
            long claimed = barrier.getCursor();
            if (claimed > cursor) {
                cursor = claimed;
                newest = now;
            }
        }
        if (cursor >= first) {
            expecting = false;
            learn(trusting, cursor >= expectedThrough);
        }
        return true;
    }

    private void learn(boolean trusted, boolean fulfilled) {
        if (!trusted) {
            doubted--;
        } else if (fulfilled) {
            doubt = 0;
        } else {
            doubt = Math.min(MAX_DOUBT, 2 * doubt + 1);
            doubted = doubt;
        }
    }
}
