package io.ringbus.engine.stage;

import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.retry.WaitingOverflow;
import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.Slot;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.stage.StageSubscription.Retrying;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A lane whose handler ends later. The stage's thread begins the handlings, up to a bound; the completions' thread ends
 * them. Both change the lane under this object's lock, and call no handler under it. With {@code PER_AGGREGATE}, what is
 * under way counts as pending, since it may fail: it is the first of its aggregate's backlog.
 *
 * <p>What is under way for the first time is in no log. Neither the handled watermark nor a checkpoint passes it.
 */
final class AsyncLane extends Lane {

    private static final long LOOK_MILLIS = 1;
    private static final CompletionStage<?> UNWANTED = CompletableFuture.completedFuture(null);

    private final AsyncHandler<Object> handler;
    /** For the completions' thread, under the lock; the link's own are for the link's thread. */
    private final Settlements ends;
    private final int maxUnderWay;
    private final int maxWaiting;
    private final WaitingOverflow overflow;

    private final Map<Delivery, Handling> underWay = new LinkedHashMap<>();
    private final TreeSet<Long> unnoted = new TreeSet<>();
    private final AsyncBacklogs backlogs;
    private final List<Runnable> whenIdle = new ArrayList<>();
    private volatile long oldestUnnoted = Long.MAX_VALUE;

    /** What there is no room for: the stage waits with it. On the link's thread, as the next. */
    private Slot stalled;
    private boolean stalledIsAccepted;

    @SuppressWarnings("unchecked") // whoever makes an asynchronous lane has looked
    AsyncLane(StageSubscription subscription, LaneTools tools, Partition partition) {
        super(subscription, tools, partition);
        handler = (AsyncHandler<Object>) (AsyncHandler<?>) subscription.handler();
        ends = tools.newSettlements();
        Retrying retrying = subscription.definition().retrying();
        backlogs = new AsyncBacklogs(retrying.order() == RetryOrder.PER_AGGREGATE);
        maxWaiting = retrying.maxWaiting();
        overflow = retrying.overflow();
        maxUnderWay = subscription.definition().handling().maxInFlight();
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
    boolean isClear() {
        // What is under way is no less to be looked at.
        return false;
    }

    @Override
    void deliver(Slot arrived, boolean timed) {
        boolean waits = mustWait(arrived);
        if (waits ? mayWant(arrived) : accepts(arrived)) {
            takeUp(arrived, !waits);
        }
    }

    @Override
    void redeliver(Slot arrived, Delivery delivery) {
        synchronized (this) {
            if (underWay.containsKey(delivery) || !delivery.expects(arrived.attempt())) {
                // The stage has made this attempt itself meanwhile.
                return;
            }
            Backlog backlog = backlogs.of(arrived);
            if (backlog != null && backlog.first() != delivery
                    && (backlog.contains(delivery) || !backlogs.add(delivery, underWay::containsKey))) {
                // Its turn comes when those before it have ended.
                return;
            }
            if (underWay.size() >= maxUnderWay) {
                stall(arrived, false);
                return;
            }
        }
        begin(arrived, delivery, true, false);
    }

    @Override
    synchronized List<Delivery> restore(List<Delivery> deliveries) {
        List<Delivery> firsts = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            if (backlogs.add(delivery, underWay::containsKey)) {
                firsts.add(delivery);
            }
        }
        return firsts;
    }

    /** The filter threw: nothing has begun. */
    @Override
    synchronized void onFailure(Slot failed, Delivery delivery, Throwable error) {
        Delivery again = settlements().failed(subscription(), failed, delivery, error);
        if (again != null) {
            backlogs.add(again, underWay::containsKey);
            settlements().schedule(again);
        }
    }

    @Override
    boolean canBeStuck() {
        return true;
    }

    @Override
    boolean isStuck() {
        return stalled != null;
    }

    @Override
    void catchUp() {
        Slot arrived = stalled;
        boolean goesOn = awaitRoom(arrived);
        stalled = null;
        if (arrived.kind == Slot.Kind.REDELIVERY) {
            if (goesOn) {
                redeliver(arrived, arrived.delivery());
            }
        } else if (goesOn) {
            takeUp(arrived, stalledIsAccepted);
        } else if (subscription().isActive()) {
            // It is pending then, and the next start begins with it.
            hold(arrived);
        }
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
        long begunBefore = tools().clock().epochNanos() - subscription().definition().handling().timeoutNanos();
        List<Handling> late = new ArrayList<>();
        synchronized (this) {
            for (Handling handling : underWay.values()) {
                // The oldest come first.
                if (handling.begunAt > begunBefore) {
                    break;
                }
                late.add(handling);
            }
        }
        late.forEach(handling -> end(handling, AsyncHandler.timeout(subscription())));
    }

    private void takeUp(Slot arrived, boolean isAccepted) {
        synchronized (this) {
            boolean waits = mustWait(arrived);
            if (waits && backlogs.waiting() >= maxWaiting && overflow == WaitingOverflow.DEAD_LETTER) {
                giveUpForWantOfRoom(arrived);
                return;
            }
            if (waits ? backlogs.waiting() >= maxWaiting : underWay.size() >= maxUnderWay) {
                stall(arrived, isAccepted);
                return;
            }
            if (waits) {
                hold(arrived);
                return;
            }
        }
        // Only this thread lets one more of the aggregate, or of all, be under way: what was looked at still holds.
        Delivery begun = copyOf(arrived);
        if (begun != null) {
            begin(arrived, begun, false, isAccepted);
        }
    }

    private void begin(Slot arrived, Delivery delivery, boolean isNoted, boolean isAccepted) {
        Handling handling = new Handling(delivery, tools().clock().epochNanos(), isNoted);
        synchronized (this) {
            Backlog backlog = backlogs.of(arrived);
            if (backlog == null || backlog.first() != delivery) {
                backlogs.add(delivery, underWay::containsKey);
            }
            underWay.put(delivery, handling);
            if (!isNoted && !subscription().isCatchingUp()) {
                unnoted.add(delivery.sequence());
                oldestUnnoted = unnoted.first();
            }
        }
        Throwable error = call(handling, arrived, isAccepted);
        if (error != null) {
            end(handling, error);
        }
    }

    /** Begins the handling; returns what was thrown, null when it is under way. */
    private Throwable call(Handling handling, Slot arrived, boolean isAccepted) {
        context().deliver(arrived);
        try {
            Object event = handling.delivery.copy().event();
            CompletionStage<?> stage = isAccepted || subscription().accepts(event)
                    ? handler.begin(event, context()) : UNWANTED;
            Throwable refusal = tools().followUps().refusal();
            if (refusal == null) {
                handling.followUps = tools().followUps().take();
                stage.whenComplete((result, thrown) -> tools().completions().ended(
                        () -> end(handling, thrown == null ? null : AsyncHandler.causeOf(thrown))));
            }
            return refusal;
        } catch (Throwable e) {
            return e;
        } finally {
            clearInterrupt();
            context().delivered();
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

    /** Ends a handling, unless it was given up before; its delivery may even be under way once more. */
    private void end(Handling handling, Throwable error) {
        List<Runnable> idle = List.of();
        synchronized (this) {
            if (!underWay.remove(handling.delivery, handling)) {
                return;
            }
            boolean over = error == null ? succeeded(handling) : failed(handling, error);
            if (over) {
                handling.delivery.end();
                Delivery next = backlogs.next(handling.delivery);
                if (next != null) {
                    call(next);
                }
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
        counters().countHandled();
        counters().countTime(nanos);
        Outcome outcome = null;
        if (subscription().definition().handling().logsEveryDelivery()) {
            outcome = ends.handled(subscription(), backlogs.slotOf(handling.delivery), handling.delivery.attempt(),
                    nanos);
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
        Delivery again = ends.failed(subscription(), backlogs.slotOf(handling.delivery), handling.delivery, error);
        if (again != null) {
            ends.schedule(again);
        }
        return again == null;
    }

    /** Lets the next of an aggregate come, through the ring: handlers are called on the stage's thread only. */
    private void call(Delivery next) {
        if (next.dueAt() == 0) {
            next.schedule(next.attempt(), tools().clock().epochNanos());
        }
        ends.schedule(next);
    }

    private void stall(Slot arrived, boolean isAccepted) {
        stalled = arrived;
        stalledIsAccepted = isAccepted;
    }

    private synchronized void hold(Slot arrived) {
        Delivery delivery = settlements().waiting(subscription(), arrived);
        if (delivery != null) {
            backlogs.add(delivery, underWay::containsKey);
        }
    }

    /**
     * Waits until what the stage stands at can begin, or can wait. Nobody brings redeliveries meanwhile, so the stage
     * makes the attempts that are due itself.
     *
     * @return false when the engine ends before, or the subscription
     */
    private boolean awaitRoom(Slot arrived) {
        while (true) {
            Delivery due;
            synchronized (this) {
                boolean waits = arrived.kind != Slot.Kind.REDELIVERY && mustWait(arrived);
                if (waits ? backlogs.waiting() < maxWaiting : underWay.size() < maxUnderWay) {
                    return true;
                }
                // What is under way may end while the engine closes; what failed is not tried again then.
                if (tools().isHalted() || !subscription().isActive()
                        || waits && !tools().isOpen(subscription())) {
                    return false;
                }
                due = waits && underWay.size() < maxUnderWay
                        ? backlogs.firstDue(tools().clock().epochNanos(), underWay::containsKey) : null;
                if (due == null) {
                    pause();
                }
            }
            if (due != null) {
                begin(tools().slotOf(due), due, true, false);
            }
        }
    }

    private void pause() {
        try {
            wait(LOOK_MILLIS);
        } catch (InterruptedException e) {
            // Only a close whose time is up interrupts, and it has halted the chain before.
        }
    }

    /** Whether an event has to wait behind another one of its aggregate. */
    private synchronized boolean mustWait(Slot arrived) {
        Backlog backlog = backlogs.of(arrived);
        // A replay brings again what was handled before a later one of its aggregate failed: that one waits then.
        return backlog != null
                && (arrived.sequence() > backlog.first().sequence() || underWay.containsKey(backlog.first()));
    }
}
