package io.ringbus.engine.stage;

import io.ringbus.engine.error.TooManyWaitingException;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.Slot;
import io.ringbus.engine.spi.Outcome;
import java.util.List;

/**
 * One thread's share of a subscription: it calls the handler, and decides what a failure means for the events that
 * follow. The retry orders are the sub-classes. Used by the thread of its link; the counters may be read by anyone.
 */
abstract class Lane {

    private final StageSubscription subscription;
    /** The subscription's; here because it is read for each delivery. */
    private final int index;
    private final LaneTools tools;
    private final FollowUps followUps;
    private final Partition partition;
    /** Mostly there is one share, and nothing to look up in the slot. */
    private final boolean whole;
    private final EventHandler<Object> handler;
    private final boolean logsEveryDelivery;
    /** Whether a new event of its type is simply given to the handler as long as nothing is pending. */
    private final boolean direct;
    private final HeldDeliveries held = new HeldDeliveries(this);

    private final DeliveryCounters counters = new DeliveryCounters();

    /** It knows what was delivered last: a failure at the batch's end is a failure of that. */
    private final DeliveryContext context;
    private Delivery lastDelivery;
    private boolean lastFailed;
    /** Whether anything was delivered in this batch. */
    private boolean delivered;

    Lane(StageSubscription subscription, LaneTools tools, Partition partition) {
        this.subscription = subscription;
        this.index = subscription.index();
        this.tools = tools;
        this.followUps = tools.followUps();
        this.partition = partition;
        this.whole = partition.equals(Partition.WHOLE);
        this.context = tools.newContext(subscription);
        this.handler = subscription.handler();
        this.logsEveryDelivery = subscription.definition().handling().logsEveryDelivery();
        this.direct = whole && !subscription.hasFilter() && !logsEveryDelivery && !(handler instanceof AsyncHandler<?>);
    }

    /**
     * Whether new events can simply be {@linkplain #give given} to the handler, until one fails: a pause and an end are
     * made behind a slot, while this lane's thread stands still.
     */
    final boolean isDirect() {
        return direct && held.isEmpty() && isClear() && subscription.isActive() && !subscription.isPaused();
    }

    /**
     * Gives the handler a new event; only while the lane is direct. It leaves out whatever a batch needs once only, which
     * {@link #given} does.
     *
     * @param event    the event of a slot of the ring
     * @param delivery knows which place that is; told whose handler is called
     * @param isTimed  whether the call is timed
     * @return null when the event was handled, else why not, to be passed to {@link #giveFailed}
     */
    final Throwable give(Object event, DirectDelivery delivery, boolean isTimed) {
        delivery.to(index);
        long begun = isTimed ? System.nanoTime() : 0;
        Throwable error = null;
        try {
            handler.onEvent(event, context);
        } catch (Throwable e) {
            error = e;
        }
        clearInterrupt();
        if (isTimed) {
            counters.countTime(System.nanoTime() - begun);
        }
        if (error == null && followUps.isTouched()) {
            return publishFollowUps();
        }
        if (error == null) {
            counters.countHandled();
        }
        return error;
    }

    private Throwable publishFollowUps() {
        Throwable refusal = followUps.refusal();
        if (refusal == null) {
            counters.countHandled();
            followUps.release(subscription, null);
            followUps.begin();
        }
        return refusal;
    }

    /** Notes that the handler was given new events, the last of them at this place, and has handled them. */
    final void given(long lastPlace) {
        context.deliveredDirectly(lastPlace);
        delivered = true;
        lastDelivery = null;
        lastFailed = false;
    }

    /** Passes on what {@link #give} returned, once it was {@linkplain #given noted}. */
    final void giveFailed(Slot slot, Throwable error) {
        countFailed(error);
        fail(slot, null, error);
    }

    /** Delivers a new event when it is this lane's. */
    final void offer(Slot slot, boolean isTimed) {
        if (owns(slot) && subscription.isActive()) {
            take(slot, isTimed);
        }
    }

    /** Delivers a new or replayed event, or lets it wait when the subscription is paused. */
    final void take(Slot slot, boolean isTimed) {
        if (!subscription.isPaused() && held.isEmpty()) {
            deliver(slot, isTimed);
        } else if (!subscription.isPaused() || !held.awaitRoom()) {
            // Resumed just now: what has waited comes first.
            letGo();
            deliver(slot, isTimed);
        } else if (mayWant(slot)) {
            held.hold(slot);
        }
    }

    /** Makes the attempt that a redelivery asks for, or lets it wait when the subscription is paused. */
    final void takeAgain(Slot slot, Delivery delivery) {
        boolean paused = subscription.isPaused();
        if (!paused) {
            letGo();
        }
        // Not before: what was held may have had this attempt made as well, and the next one has its own time.
        if (!delivery.expects(slot.attempt())) {
            return;
        }
        if (paused) {
            held.hold(delivery);
        } else {
            redeliver(slot, delivery);
        }
    }

    /** Delivers what waited while the subscription was paused, in the order of the sequences. */
    final void letGo() {
        held.letGo();
    }

    /** Whether nothing is pending that a new event would have to wait for, or be compared with. */
    abstract boolean isClear();

    /** Delivers a new or replayed event for the first time. */
    abstract void deliver(Slot slot, boolean timed);

    /** Makes the attempt that a redelivery asks for. */
    abstract void redeliver(Slot slot, Delivery delivery);

    /**
     * Takes pending deliveries over, in the order of their sequences. Before the link's thread runs.
     *
     * @return those that the timer has to bring
     */
    abstract List<Delivery> restore(List<Delivery> deliveries);

    /** Takes over what failed in an earlier run, of a subscription to which everything is replayed. */
    void goOnWith(List<Delivery> deliveries) {
        if (!deliveries.isEmpty()) {
            throw new IllegalStateException("only a blocking order keeps the attempts of a rebuilding subscription");
        }
    }

    /** What becomes of an attempt that failed. */
    abstract void onFailure(Slot slot, Delivery delivery, Throwable error);

    /** Whether it can ever be stuck. */
    boolean canBeStuck() {
        return false;
    }

    /**
     * Whether it cannot go on, and the whole stage has to wait for it. It says so between two slots, and waits only
     * when it is told to, so that what the stage has done before can go down the chain meanwhile.
     */
    boolean isStuck() {
        return false;
    }

    /**
     * Waits, on the stage's thread, until it can go on; or until the engine closes or the subscription ends: then what
     * it had to wait for stays pending. What was noted so far has been committed. It may be stuck again afterwards.
     */
    void catchUp() {
        throw new IllegalStateException("this retry order never waits: subscription=" + subscription.name());
    }

    /** Notes what is under way as pending. While nothing is delivered. */
    void noteUnderWay() {
        // Most handlers have ended when they return.
    }

    /** Runs something when nothing is under way. */
    void whenIdle(Runnable task) {
        task.run();
    }

    final StageSubscription subscription() {
        return subscription;
    }

    final LaneTools tools() {
        return tools;
    }

    final DeliveryContext context() {
        return context;
    }

    final Settlements settlements() {
        return tools.settlements();
    }

    /** Whether a delivery or an event is this lane's; a subscription with workers has several lanes. */
    final boolean owns(Slot slot) {
        return whole || partition.contains(slot);
    }

    /**
     * Whether the subscription wants an event of its type at all.
     *
     * @return false as well when the filter threw; that is a failed delivery
     */
    final boolean accepts(Slot slot) {
        if (!subscription.hasFilter()) {
            return true;
        }
        try {
            return subscription.accepts(slot.event);
        } catch (Throwable e) {
            countFailed(e);
            onFailure(slot, null, e);
            return false;
        } finally {
            clearInterrupt();
        }
    }

    /**
     * Whether an event that has to wait may be wanted.
     *
     * @return true as well when the filter threw: it is asked again at the first attempt, and then that has failed
     */
    final boolean mayWant(Slot slot) {
        if (!subscription.hasFilter()) {
            return true;
        }
        try {
            return subscription.accepts(slot.event);
        } catch (Throwable e) {
            refuseFatal(e);
            return true;
        } finally {
            clearInterrupt();
        }
    }

    /**
     * Calls the handler.
     *
     * @param slot     with the event
     * @param delivery null at a first attempt that came with a slot of its own
     * @param isTimed  whether the call is timed
     * @return null when the event was handled, else what was thrown
     */
    final Throwable attempt(Slot slot, Delivery delivery, boolean isTimed) {
        delivered = true;
        if (lastDelivery != delivery) {
            lastDelivery = delivery;
        }
        lastFailed = false;
        context.deliver(slot);
        boolean clocked = isTimed || logsEveryDelivery;
        long begun = clocked ? System.nanoTime() : 0;
        Throwable error = null;
        try {
            if (delivery == null || subscription.accepts(slot.event)) {
                call(slot);
                error = followUps.refusal();
            }
        } catch (Throwable e) {
            error = e;
        } finally {
            clearInterrupt();
            context.delivered();
        }
        long nanos = clocked ? System.nanoTime() - begun : 0;
        if (isTimed) {
            counters.countTime(nanos);
        }
        if (error == null) {
            succeeded(slot, delivery, nanos);
        } else if (error != AsyncHandler.NOT_ENDED) {
            countFailed(error);
        }
        return error;
    }

    /** Calls the handler; of an asynchronous one, whose order is to block, the end is waited for. */
    private void call(Slot slot) throws Exception {
        if (handler instanceof AsyncHandler<Object> async) {
            // A copy: a handling that is given up may go on when the slot is used again.
            async.handleNow(settlements().retained(slot), tools, subscription, context);
        } else {
            handler.onEvent(slot.event, context);
        }
    }

    private void succeeded(Slot slot, Delivery delivery, long nanos) {
        counters.countHandled();
        Outcome outcome = null;
        if (logsEveryDelivery) {
            outcome = settlements().handled(subscription, slot, context.attempt(), nanos);
        } else if (delivery != null) {
            outcome = settlements().recovered(subscription, delivery);
        }
        if (delivery != null) {
            delivery.end();
            settlements().countRecovered();
        }
        boolean later = !followUps.isEmpty() && followUps.release(subscription, outcome);
        if (outcome != null && !later) {
            settlements().note(outcome);
        }
    }

    /** Passes on what {@link #attempt} returned. */
    final void fail(Slot slot, Delivery delivery, Throwable error) {
        lastFailed = true;
        onFailure(slot, delivery, error);
    }

    /** Tells the handler that the batch has ended, when it was given an event in it. */
    final void endBatch() {
        if (!delivered) {
            return;
        }
        delivered = false;
        Delivery delivery = lastDelivery;
        lastDelivery = null;
        try {
            subscription.handler().onBatchEnd();
        } catch (Throwable e) {
            refuseFatal(e);
            // The last delivery of the batch has failed; unless it had already, then once is enough.
            if (!lastFailed) {
                countFailed(e);
                // The slot outside of the ring may hold another lane's delivery by now.
                onFailure(delivery == null ? context.slot() : tools.slotOf(delivery), delivery, e);
            }
        } finally {
            clearInterrupt();
        }
    }

    final DeliveryCounters counters() {
        return counters;
    }

    static void refuseFatal(Throwable error) {
        if (error instanceof VirtualMachineError fatal && !(error instanceof StackOverflowError)) {
            // Nothing can be promised in a JVM that ran out of memory or broke.
            throw fatal;
        }
    }

    final void countFailed(Throwable error) {
        refuseFatal(error);
        counters.countFailed();
    }

    /** Gives up an event that finds no room to wait. */
    final void giveUpForWantOfRoom(Slot slot) {
        settlements().giveUp(subscription, slot, new TooManyWaitingException("as many deliveries wait behind failed"
                + " ones as may; drive it again when they are through, or raise maxWaiting: subscription="
                + subscription.name() + ", maxWaiting=" + subscription.definition().retrying().maxWaiting()));
    }

    /** A flag that a handler leaves behind would fail what comes next: another handler, or a journal's file. */
    static void clearInterrupt() {
        Thread.interrupted();
    }
}
