package io.ringbus.engine.stage;

import io.ringbus.engine.retry.WaitingOverflow;
import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.Slot;
import io.ringbus.engine.stage.StageSubscription.Retrying;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * {@code RetryOrder.PER_AGGREGATE}: while a delivery is pending, later events of its aggregate wait behind it, in the
 * order of their sequences; all others pass. What waits is in the outcome log, so a restart finds it in the same order.
 */
final class AggregateLane extends Lane {

    /** Deliveries of one aggregate that are made in one go; then others have their turn. */
    private static final int RUN = 64;

    private final Map<AggregateKey, Backlog> backlogs = new HashMap<>();
    private final AggregateKey probe = new AggregateKey();
    private final int maxWaiting;
    private final WaitingOverflow overflow;
    private int waiting;
    /** An event for which there is no room: the stage waits with it. */
    private Slot overflowed;

    AggregateLane(StageSubscription subscription, LaneTools tools, Partition partition) {
        super(subscription, tools, partition);
        Retrying retrying = subscription.definition().retrying();
        maxWaiting = retrying.maxWaiting();
        overflow = retrying.overflow();
    }

    @Override
    boolean isClear() {
        return backlogs.isEmpty();
    }

    @Override
    void deliver(Slot slot, boolean timed) {
        Backlog backlog = backlogOf(slot);
        // A replay brings again what was handled before a later one of its aggregate failed: it waits for nothing.
        if (backlog == null || slot.sequence() < backlog.first().sequence()) {
            deliverNow(slot, timed);
        } else if (mayWant(slot)) {
            if (waiting < maxWaiting) {
                hold(slot, backlog);
            } else if (overflow == WaitingOverflow.BLOCK_STAGE) {
                overflowed = slot;
            } else {
                giveUpForWantOfRoom(slot);
            }
        }
    }

    @Override
    void redeliver(Slot slot, Delivery delivery) {
        Backlog backlog = backlogOf(slot);
        if (backlog == null) {
            Throwable error = attempt(slot, delivery, false);
            if (error != null) {
                fail(slot, delivery, error);
            }
        } else if (backlog.first() == delivery) {
            run(backlog);
        } else if (!backlog.contains(delivery)) {
            // Driven again by an operator, while another of its aggregate is pending.
            backlog.insert(delivery);
            waiting++;
            if (backlog.first() == delivery) {
                run(backlog);
            }
        }
    }

    @Override
    List<Delivery> restore(List<Delivery> deliveries) {
        List<Delivery> firsts = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            if (block(tools().slotOf(delivery), delivery)) {
                firsts.add(delivery);
            }
        }
        return firsts;
    }

    @Override
    void onFailure(Slot slot, Delivery delivery, Throwable error) {
        Delivery again = settlements().failed(subscription(), slot, delivery, error);
        if (again == null) {
            if (delivery != null) {
                delivery.end();
            }
            return;
        }
        settlements().schedule(again);
        Backlog backlog = backlogOf(slot);
        // It is the first of its backlog; or it comes before that one, having failed at the end of its batch.
        if (backlog == null || backlog.first() != again) {
            block(slot, again);
        }
    }

    @Override
    boolean canBeStuck() {
        return overflow == WaitingOverflow.BLOCK_STAGE;
    }

    @Override
    boolean isStuck() {
        return overflowed != null;
    }

    @Override
    void catchUp() {
        Slot slot = overflowed;
        overflowed = null;
        makeRoom();
        Backlog backlog = backlogOf(slot);
        if (!subscription().isActive()) {
            return;
        }
        if (backlog == null) {
            deliverNow(slot, false);
        } else {
            hold(slot, backlog);
        }
    }

    private void deliverNow(Slot slot, boolean timed) {
        if (accepts(slot)) {
            Throwable error = attempt(slot, null, timed);
            if (error != null) {
                fail(slot, null, error);
            }
        }
    }

    private void hold(Slot slot, Backlog backlog) {
        Delivery delivery = settlements().waiting(subscription(), slot);
        if (delivery != null) {
            backlog.insert(delivery);
            waiting++;
        }
    }

    /**
     * Waits, with the stage, until there is room; or the engine closes. Nobody brings redeliveries meanwhile, so it makes
     * the attempts of all aggregates itself, each at its time; and while at it, some more that are due, so that the next
     * event does not find the room taken again.
     */
    private void makeRoom() {
        Queue<Backlog> byTime = new PriorityQueue<>(Comparator.comparingLong(backlog -> backlog.first().dueAt()));
        byTime.addAll(backlogs.values());
        int enough = maxWaiting - maxWaiting / 8;
        int bonus = byTime.size();
        while (!byTime.isEmpty() && waiting >= enough) {
            long dueAt = byTime.peek().first().dueAt();
            boolean mayWait = waiting >= maxWaiting;
            if (!mayWait && (bonus-- <= 0 || dueAt > tools().clock().epochNanos())
                    || !tools().waitUntil(subscription(), dueAt)) {
                return;
            }
            Backlog backlog = byTime.remove();
            run(backlog);
            if (!backlog.isEmpty()) {
                byTime.add(backlog);
            }
            settlements().commit();
        }
    }

    /** Attempts what is first and what waits behind it, until one has to be tried again, or for so long. */
    private void run(Backlog backlog) {
        for (int i = 0; i < RUN; i++) {
            Delivery delivery = backlog.first();
            Slot slot = tools().slotOf(delivery);
            Throwable error = attempt(slot, delivery, false);
            if (error != null) {
                int attempt = delivery.attempt();
                fail(slot, delivery, error);
                if (delivery.attempt() != attempt) {
                    return;
                }
            }
            backlog.removeFirst();
            Delivery next = backlog.first();
            if (next == null) {
                backlogs.remove(probe.of(slot));
                return;
            }
            waiting--;
            if (!subscription().isActive()) {
                return;
            }
            // Most have waited for this moment alone; but one that has failed itself keeps its time.
            if (next.dueAt() > 0 && next.dueAt() > tools().clock().epochNanos()) {
                settlements().schedule(next);
                return;
            }
        }
        Delivery next = backlog.first();
        next.schedule(next.attempt(), tools().clock().epochNanos());
        settlements().schedule(next);
    }

    /** Lets later events of its aggregate wait behind a delivery; returns whether it is the first that they wait for. */
    private boolean block(Slot slot, Delivery delivery) {
        if (slot.aggregateType == null) {
            return true;
        }
        Backlog backlog = backlogOf(slot);
        if (backlog == null) {
            backlog = new Backlog();
            backlogs.put(new AggregateKey().of(slot), backlog);
        } else {
            waiting++;
        }
        backlog.insert(delivery);
        return backlog.first() == delivery;
    }

    private Backlog backlogOf(Slot slot) {
        return backlogs.isEmpty() || slot.aggregateType == null ? null : backlogs.get(probe.of(slot));
    }
}
