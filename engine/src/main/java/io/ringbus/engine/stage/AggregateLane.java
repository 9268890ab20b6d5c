package io.ringbus.engine.stage;

import io.ringbus.engine.error.TooManyWaitingException;
import io.ringbus.engine.retry.WaitingOverflow;
import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.Slot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code RetryOrder.PER_AGGREGATE}: while a delivery is pending, later events of its aggregate wait behind it, in the
 * order of their sequences; all others pass. What waits is in the outcome log, so a restart finds it in the same order.
 */
final class AggregateLane extends Lane {

    /** Deliveries of one aggregate that are made in one go; then others have their turn. */
    private static final int RUN = 64;

    private final Map<AggregateKey, Backlog> backlogs = new HashMap<>();
    private final AggregateKey probe = new AggregateKey();
    private int waiting;

    AggregateLane(StageSubscription subscription, LaneTools tools) {
        super(subscription, tools);
    }

    /** What is pending of one aggregate: the first is with the timer or under way, the others wait behind it. */
    private static final class Backlog {
        Delivery first;
        final ArrayDeque<Delivery> behind = new ArrayDeque<>();

        Backlog(Delivery first) {
            this.first = first;
        }
    }

    @Override
    void deliver(Slot slot, boolean timed) {
        if (!accepts(slot)) {
            return;
        }
        Backlog backlog = backlogOf(slot);
        if (backlog != null && hold(slot, backlog)) {
            return;
        }
        Throwable error = attempt(slot, null, timed);
        if (error != null) {
            fail(slot, null, error);
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
        } else if (backlog.first == delivery) {
            run(backlog);
        } else if (!backlog.behind.contains(delivery)) {
            // Driven again by an operator, while another of its aggregate is pending.
            insert(backlog, delivery);
        }
    }

    @Override
    List<Delivery> restore(List<Delivery> deliveries) {
        List<Delivery> firsts = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            Slot slot = tools().slotOf(delivery);
            Backlog backlog = backlogOf(slot);
            if (backlog != null) {
                insert(backlog, delivery);
            } else {
                firsts.add(delivery);
                block(slot, delivery);
            }
        }
        return firsts;
    }

    @Override
    boolean onFailure(Slot slot, Delivery delivery, Throwable error) {
        Delivery again = settlements().failed(subscription(), slot, delivery, error);
        if (again == null) {
            if (delivery != null) {
                delivery.end();
            }
            return false;
        }
        settlements().schedule(again);
        Backlog backlog = backlogOf(slot);
        if (backlog == null) {
            block(slot, again);
        } else if (backlog.first != again) {
            // It failed at the end of its batch, when the next of its aggregate had moved up already.
            backlog.behind.addFirst(backlog.first);
            waiting++;
            backlog.first = again;
        }
        return false;
    }

    /** Makes an event wait; false when nothing is before it any more. */
    private boolean hold(Slot slot, Backlog backlog) {
        if (waiting >= subscription().definition().retrying().maxWaiting()) {
            if (subscription().definition().retrying().overflow() == WaitingOverflow.DEAD_LETTER) {
                settlements().giveUp(subscription(), slot, new TooManyWaitingException("as many deliveries wait behind"
                        + " failed ones as may; drive it again when they are through, or raise maxWaiting: subscription="
                        + subscription().name() + ", maxWaiting="
                        + subscription().definition().retrying().maxWaiting()));
                return true;
            }
            if (settle(backlog)) {
                return false;
            }
        }
        Delivery delivery = settlements().waiting(subscription(), slot);
        if (delivery != null) {
            backlog.behind.addLast(delivery);
            waiting++;
        }
        return true;
    }

    /** Waits, with the stage, until an aggregate's backlog has come to its end; false when the engine closes. */
    private boolean settle(Backlog backlog) {
        Delivery first = backlog.first;
        while (first != null) {
            settlements().commit();
            if (!tools().waitUntil(first.dueAt())) {
                return false;
            }
            run(backlog);
            first = backlog.first;
        }
        return true;
    }

    /** Attempts what is first and what waits behind it, until one has to be tried again, or for so long. */
    private void run(Backlog backlog) {
        for (int i = 0; i < RUN; i++) {
            Delivery delivery = backlog.first;
            Slot slot = tools().slotOf(delivery);
            Throwable error = attempt(slot, delivery, false);
            if (error != null) {
                int attempt = delivery.attempt();
                fail(slot, delivery, error);
                if (delivery.attempt() != attempt) {
                    return;
                }
            }
            backlog.first = backlog.behind.pollFirst();
            if (backlog.first == null) {
                backlogs.remove(probe.of(slot));
                return;
            }
            waiting--;
        }
        backlog.first.schedule(backlog.first.attempt(), tools().clock().epochNanos());
        settlements().schedule(backlog.first);
    }

    private void insert(Backlog backlog, Delivery delivery) {
        waiting++;
        if (backlog.behind.isEmpty() || backlog.behind.peekLast().sequence() < delivery.sequence()) {
            backlog.behind.addLast(delivery);
        } else {
            List<Delivery> sorted = new ArrayList<>(backlog.behind);
            sorted.add(delivery);
            sorted.sort(Comparator.comparingLong(Delivery::sequence));
            backlog.behind.clear();
            backlog.behind.addAll(sorted);
        }
    }

    private void block(Slot slot, Delivery first) {
        if (slot.aggregateType != null) {
            backlogs.put(new AggregateKey().of(slot), new Backlog(first));
        }
    }

    private Backlog backlogOf(Slot slot) {
        return backlogs.isEmpty() || slot.aggregateType == null ? null : backlogs.get(probe.of(slot));
    }
}
