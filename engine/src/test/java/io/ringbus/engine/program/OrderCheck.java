package io.ringbus.engine.program;

import io.ringbus.engine.retry.RetryOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.LongPredicate;

/**
 * The retry order of one subscription, checked at each attempt: what has failed, and what waits since before the start,
 * is passed only by those who may.
 */
final class OrderCheck {

    private static final Long NOBODY = -1L;

    private final RetryOrder order;
    private final boolean shared;
    private final LongPredicate isOver;
    private final BiConsumer<Boolean, String> require;

    /** Failed and not at their end yet, or waiting since before the start: by sequence, in whose queue. */
    private final Map<Long, Long> open = new TreeMap<>();
    /** For each queue, the first that ever was open. */
    private final Map<Long, Long> firstEverOpen = new ConcurrentHashMap<>();
    private final Map<Long, Long> lastFirstAttempt = new HashMap<>();

    /** @param isOver asked of what is open and passed: whether it came to its end without an attempt seen here */
    OrderCheck(SubscriptionPlan plan, LongPredicate isOver, BiConsumer<Boolean, String> require) {
        this.order = plan.failing().order();
        this.shared = plan.running().workers() > 1;
        this.isOver = isOver;
        this.require = require;
    }

    /** Something is pending, of which no attempt was seen yet. */
    synchronized void isPending(long sequence, long id) {
        opened(sequence, id);
    }

    /** Something fails before its handler is called: nobody sees when that begins, or that it is over. */
    void mayBePending(long id) {
        firstEverOpen.put(queueOf(id), 0L);
    }

    /** @param inTurn whether it is a first attempt that comes after those of all events before it */
    synchronized void begins(long sequence, long id, boolean inTurn, String what) {
        Long queue = queueOf(id);
        if (inTurn) {
            long last = lastFirstAttempt.getOrDefault(queue, 0L);
            require.accept(sequence > last, what + " after " + last);
            lastFirstAttempt.put(queue, sequence);
        }
        if (holds(queue)) {
            open.forEach((other, itsQueue) -> require.accept(other >= sequence || !itsQueue.equals(queue)
                    || isOver.test(other), what + " while " + other + " is pending"));
        }
    }

    synchronized void ends(long sequence, long id, boolean willBeTriedAgain) {
        if (willBeTriedAgain) {
            opened(sequence, id);
        } else {
            open.remove(sequence);
        }
    }

    /** Whether an event may have to wait, because one before it was not through at some time. Any thread. */
    boolean mayHold(long sequence, long id) {
        Long queue = queueOf(id);
        // A worker has several aggregates, and stands still with all of them.
        return order == RetryOrder.BLOCKING ? firstEverOpen.values().stream().anyMatch(first -> first < sequence)
                : holds(queue) && firstEverOpen.getOrDefault(queue, Long.MAX_VALUE) < sequence;
    }

    private void opened(long sequence, long id) {
        open.put(sequence, queueOf(id));
        firstEverOpen.merge(queueOf(id), sequence, Math::min);
    }

    private boolean holds(Long queue) {
        return order == RetryOrder.BLOCKING || order == RetryOrder.PER_AGGREGATE && !queue.equals(NOBODY);
    }

    /** One queue for all, or one for each aggregate. */
    private Long queueOf(long id) {
        Long account = shared || order == RetryOrder.PER_AGGREGATE ? Events.accountOf(id) : null;
        return account == null ? NOBODY : account;
    }
}
