package io.ringbus.engine.stage;

import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.Slot;
import io.ringbus.engine.spi.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/**
 * A lane whose handler ends later. The stage's thread begins the handlings, up to a bound; the completions' thread ends
 * them: both under this object's lock. With {@code PER_AGGREGATE}, what is under way counts as pending: it may fail.
 *
 * <p>What is under way for the first time is in no log. Neither the handled watermark nor a checkpoint passes it.
 */
final class AsyncLane extends Lane {

    private static final long LOOK_MILLIS = 1;

    private final AsyncHandler<Object> handler;
    private final Settlements ends;
    private final boolean ordered;
    private final Slot slot = Slot.outsideRing();

    private final Map<Delivery, Handling> underWay = new LinkedHashMap<>();
    private final TreeSet<Long> unnoted = new TreeSet<>();
    private final Map<AggregateKey, Backlog> backlogs = new HashMap<>();
    private final AggregateKey probe = new AggregateKey();
    private final List<Runnable> whenIdle = new ArrayList<>();
    private int waiting;
    private volatile long oldestUnnoted = Long.MAX_VALUE;

    @SuppressWarnings("unchecked") // whoever makes an asynchronous lane has looked
    AsyncLane(StageSubscription subscription, LaneTools tools, Partition partition) {
        super(subscription, tools, partition);
        handler = (AsyncHandler<Object>) (AsyncHandler<?>) subscription.handler();
        ends = tools.newSettlements();
        ordered = subscription.definition().retrying().order() == RetryOrder.PER_AGGREGATE;
        tools.completions().watch(this);
    }

    /** One that has begun. */
    private static final class Handling {
        final Delivery delivery;
        final long begunAt;
        final long begunNanos = System.nanoTime();
        boolean noted;
        List<Slot> followUps = List.of();

        Handling(Delivery delivery, long begunAt, boolean noted) {
            this.delivery = delivery;
            this.begunAt = begunAt;
            this.noted = noted;
        }
    }

    @Override
    void deliver(Slot arrived, boolean timed) {
        synchronized (this) {
            Backlog backlog = backlogOf(arrived);
            // A replay brings again what was handled before a later one of its aggregate failed: it waits for nothing.
            if (backlog != null && arrived.sequence > backlog.first().sequence()) {
                if (mayWant(arrived)) {
                    makeRoom(backlog);
                    hold(arrived);
                }
                return;
            }
        }
        if (accepts(arrived)) {
            begin(arrived, null);
        }
    }

    @Override
    void redeliver(Slot arrived, Delivery delivery) {
        synchronized (this) {
            Backlog backlog = backlogOf(arrived);
            if (underWay.containsKey(delivery)) {
                return;
            }
            if (backlog != null && backlog.first() != delivery) {
                if (!backlog.contains(delivery)) {
                    // Driven again by an operator, while another of its aggregate is pending.
                    backlog.insert(delivery);
                    waiting++;
                }
                return;
            }
        }
        begin(arrived, delivery);
    }

    @Override
    synchronized List<Delivery> restore(List<Delivery> deliveries) {
        List<Delivery> firsts = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            if (block(delivery)) {
                firsts.add(delivery);
            }
        }
        return firsts;
    }

    @Override
    synchronized void onFailure(Slot failed, Delivery delivery, Throwable error) {
        // The filter threw: nothing has begun.
        Delivery again = ends.failed(subscription(), failed, delivery, error);
        if (again != null) {
            block(again);
            ends.schedule(again);
        }
        ends.commit();
    }

    /** The first sequence that is under way and in no log; {@code Long.MAX_VALUE} for none. Any thread. */
    long oldestUnnoted() {
        return oldestUnnoted;
    }

    synchronized boolean isIdle() {
        return underWay.isEmpty();
    }

    @Override
    void whenIdle(Runnable task) {
        synchronized (this) {
            if (!underWay.isEmpty()) {
                whenIdle.add(task);
                return;
            }
        }
        task.run();
    }

    @Override
    synchronized void noteUnderWay() {
        for (Handling handling : underWay.values()) {
            if (!handling.noted) {
                handling.noted = true;
                ends.note(new Outcome.Waiting(subscription().name(), handling.delivery.sequence(),
                        tools().clock().epochNanos()));
            }
        }
        ends.commit();
        unnoted.clear();
        oldestUnnoted = Long.MAX_VALUE;
    }

    /** Gives up what has taken too long. On the completions' thread. */
    void expire() {
        long now = tools().clock().epochNanos();
        List<Handling> late = new ArrayList<>();
        synchronized (this) {
            Iterator<Handling> oldestFirst = underWay.values().iterator();
            boolean more = oldestFirst.hasNext();
            while (more) {
                Handling handling = oldestFirst.next();
                boolean isLate = now - handling.begunAt >= subscription().definition().handling().timeoutNanos();
                if (isLate) {
                    late.add(handling);
                }
                more = isLate && oldestFirst.hasNext();
            }
        }
        late.forEach(handling -> end(handling, AsyncHandler.timeout(subscription())));
    }

    private void begin(Slot arrived, Delivery delivery) {
        if (!awaitPermit()) {
            if (delivery == null) {
                synchronized (this) {
                    hold(arrived);
                }
            }
            return;
        }
        Delivery begun = delivery == null ? copyOf(arrived) : delivery;
        if (begun == null) {
            return;
        }
        Handling handling = new Handling(begun, tools().clock().epochNanos(), delivery != null);
        synchronized (this) {
            underWay.put(begun, handling);
            if (delivery == null) {
                unnoted.add(begun.sequence());
                oldestUnnoted = unnoted.first();
            }
            if (backlogOf(arrived) == null) {
                block(begun);
            }
        }
        tools().context().deliverTo(subscription(), arrived);
        Throwable error = null;
        CompletionStage<?> end = null;
        try {
            end = handler.begin(begun.copy().event(), tools().context());
            error = tools().followUps().refusal();
        } catch (Throwable e) {
            error = e;
        } finally {
            clearInterrupt();
            tools().context().delivered();
        }
        if (error == null) {
            handling.followUps = tools().followUps().take();
            end.whenComplete((result, thrown) -> tools().completions().ended(
                    () -> end(handling, thrown == null ? null : AsyncHandler.causeOf(thrown))));
        } else {
            end(handling, error);
        }
    }

    private Delivery copyOf(Slot arrived) {
        try {
            return settlements().copyOf(subscription(), arrived);
        } catch (Exception | AssertionError | LinkageError | StackOverflowError e) {
            countFailed(e);
            settlements().failed(subscription(), arrived, null, e);
            return null;
        }
    }

    private void end(Handling handling, Throwable error) {
        List<Runnable> idle = List.of();
        synchronized (this) {
            if (underWay.remove(handling.delivery) == null) {
                // It was given up before.
                return;
            }
            boolean over = error == null ? succeeded(handling) : failed(handling, error);
            if (over) {
                handling.delivery.end();
                callNext(handling.delivery);
            }
            ends.commit();
            if (!handling.noted) {
                // Only now: what became of it is in the log, if it has to be.
                unnoted.remove(handling.delivery.sequence());
                oldestUnnoted = unnoted.isEmpty() ? Long.MAX_VALUE : unnoted.first();
            }
            if (underWay.isEmpty()) {
                idle = List.copyOf(whenIdle);
                whenIdle.clear();
            }
            notifyAll();
        }
        idle.forEach(Runnable::run);
    }

    private boolean succeeded(Handling handling) {
        long nanos = System.nanoTime() - handling.begunNanos;
        countHandled();
        countTime(nanos);
        Outcome outcome = null;
        if (subscription().definition().handling().logsEveryDelivery()) {
            outcome = ends.handled(subscription(), slotOf(handling.delivery), handling.delivery.attempt(), nanos);
        } else if (handling.noted) {
            outcome = ends.recovered(subscription(), handling.delivery);
        }
        if (handling.noted) {
            ends.countRecovered();
        }
        boolean later = !handling.followUps.isEmpty()
                && tools().followUps().release(subscription(), handling.followUps, outcome);
        if (outcome != null && !later) {
            ends.note(outcome);
        }
        return true;
    }

    private boolean failed(Handling handling, Throwable error) {
        countFailed(error);
        Delivery again = ends.failed(subscription(), slotOf(handling.delivery), handling.delivery, error);
        if (again != null) {
            ends.schedule(again);
        }
        return again == null;
    }

    /** Lets the next of an aggregate come, through the ring: handlers are called on the stage's thread only. */
    private void callNext(Delivery over) {
        Slot ended = slotOf(over);
        Backlog backlog = backlogOf(ended);
        if (backlog == null || backlog.first() != over) {
            return;
        }
        backlog.removeFirst();
        Delivery next = backlog.first();
        if (next == null) {
            backlogs.remove(probe.of(ended));
            return;
        }
        waiting--;
        if (next.dueAt() == 0) {
            next.schedule(next.attempt(), tools().clock().epochNanos());
        }
        ends.schedule(next);
    }

    private void hold(Slot arrived) {
        Delivery delivery = ends.waiting(subscription(), arrived);
        if (delivery != null && !block(delivery)) {
            // Nothing of its aggregate is before it; it waits for the next start.
            return;
        }
        ends.commit();
    }

    /** Waits for room among those that wait. Meanwhile the stage brings the first of its aggregate itself. */
    private void makeRoom(Backlog backlog) {
        int most = subscription().definition().retrying().maxWaiting();
        while (waiting >= most && !backlog.isEmpty() && tools().isOpen(subscription())) {
            Delivery first = backlog.first();
            if (!underWay.containsKey(first) && first.dueAt() <= tools().clock().epochNanos()
                    && underWay.size() < maxUnderWay()) {
                begin(tools().slotOf(first), first);
            }
            if (!look()) {
                return;
            }
        }
    }

    private synchronized boolean awaitPermit() {
        while (underWay.size() >= maxUnderWay()) {
            if (!look() || !subscription().isActive()) {
                return false;
            }
        }
        return true;
    }

    /** Lets others end something; false when the engine ends this thread. */
    private boolean look() {
        try {
            wait(LOOK_MILLIS);
            return !tools().hasFailed();
        } catch (InterruptedException e) {
            return false;
        }
    }

    private int maxUnderWay() {
        return subscription().definition().handling().maxInFlight();
    }

    /** Lets later events of its aggregate wait behind a delivery; returns whether it is the first that they wait for. */
    private boolean block(Delivery delivery) {
        Slot blocking = slotOf(delivery);
        if (!ordered || blocking.aggregateType == null) {
            return true;
        }
        Backlog backlog = backlogOf(blocking);
        if (backlog == null) {
            backlog = new Backlog();
            backlogs.put(new AggregateKey().of(blocking), backlog);
        } else {
            waiting++;
        }
        backlog.insert(delivery);
        return backlog.first() == delivery;
    }

    private Slot slotOf(Delivery delivery) {
        delivery.fill(slot, delivery.attempt());
        return slot;
    }

    private Backlog backlogOf(Slot of) {
        return !ordered || backlogs.isEmpty() || of.aggregateType == null ? null : backlogs.get(probe.of(of));
    }
}
