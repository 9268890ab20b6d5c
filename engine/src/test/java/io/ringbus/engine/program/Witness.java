package io.ringbus.engine.program;

import io.ringbus.engine.Subscription;
import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.support.Numbered;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The handler of one subscription from its coming to its going, within one generation. It checks at each call what must
 * be true at that instant, writes down what it saw, and fails and publishes where the plan says so.
 */
final class Witness implements EventHandler<Numbered> {

    private final SubscriptionPlan plan;
    private final int priority;
    private final Run run;
    private final Before before;
    private final OrderCheck order;

    private final List<Seen> seen = new ArrayList<>();
    private final Map<Long, Seen> lastOf = new ConcurrentHashMap<>();
    private final Set<Long> attempted = ConcurrentHashMap.newKeySet();
    /** Events up to here may have been given to others at another time, or never. */
    private volatile long lastOld;
    private volatile Subscription handle;
    /** What came to its end before it joined, but in the log only after that was looked at, too. */
    private volatile Set<Long> settledInJoining = Set.of();
    private final Set<Long> discarded = ConcurrentHashMap.newKeySet();
    private final Pauses pauses = new Pauses();
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean leaving;
    private volatile long lastSequence = Long.MAX_VALUE;
    private volatile Set<Long> pendingWhenLeft;

    /** One call, and how many documents the journal held when it ended. */
    record Seen(long sequence, long id, int attempt, boolean replaying, boolean handled, int documents) {
    }

    /**
     * What is known of a subscription when it comes.
     *
     * @param pending  the attempts it goes on with
     * @param driven   those that an operator drove again
     * @param settled  what it must not be given again
     * @param ids      of the events that the journal holds, by sequence
     * @param lastOld  the last of them; unknown to one that joins a running chain, so that it is the highest number
     */
    record Before(Map<Long, Integer> pending, Set<Long> driven, Set<Long> settled, Map<Long, Long> ids, long lastOld) {
    }

    Witness(SubscriptionPlan plan, int priority, Run run, Before before) {
        this.plan = plan;
        this.priority = priority;
        this.run = run;
        this.before = before;
        this.lastOld = before.lastOld;
        this.order = new OrderCheck(plan, this::endedWhileItJoined, run::require);
        if (plan.recovery() == RecoveryMode.RESUME) {
            before.pending.keySet().stream().filter(sequence -> !before.driven.contains(sequence))
                    .forEach(sequence -> isPending(sequence, before.ids.get(sequence)));
        }
    }

    private void isPending(long sequence, long id) {
        if (plan.neverReaches(id)) {
            order.mayBePending(id);
        } else {
            order.isPending(sequence, id);
        }
    }

    SubscriptionPlan plan() {
        return plan;
    }

    int priority() {
        return priority;
    }

    Before before() {
        return before;
    }

    /** Takes its handle, when it was subscribed before the start. */
    void comes(Subscription newHandle) {
        handle = newHandle;
    }

    /** Takes its handle, when it is part of a running chain. */
    void joined(Subscription newHandle, long publishedThrough, boolean hasPast, Set<Long> nowSettled) {
        handle = newHandle;
        lastOld = hasPast ? publishedThrough : newHandle.effectiveFrom() - 1;
        settledInJoining = nowSettled;
    }

    Subscription handle() {
        return handle;
    }

    Pauses pauses() {
        return pauses;
    }

    /** Whether no handling is under way. */
    boolean isIdle() {
        return underWay.get() == 0;
    }

    Subscription leaves() {
        leaving = true;
        return handle;
    }

    void left(long last, Set<Long> pending) {
        lastSequence = last;
        pendingWhenLeft = pending;
    }

    boolean isHere() {
        return !leaving;
    }

    /** Whether it is known when it came and went. */
    boolean isBounded() {
        return handle != null && (!leaving || pendingWhenLeft != null);
    }

    long firstSequence() {
        return handle.effectiveFrom();
    }

    long lastSequence() {
        return lastSequence;
    }

    /** What was pending when it left; null when it has not. */
    Set<Long> pendingWhenLeft() {
        return pendingWhenLeft;
    }

    boolean mayHaveSettledBefore(long sequence) {
        return settledInJoining.contains(sequence);
    }

    /** What it published before it left reached the journal only now, and with that its delivery was over. */
    private boolean endedWhileItJoined(long sequence) {
        return before.pending.containsKey(sequence) && !lastOf.containsKey(sequence)
                && run.logState().endedOf(plan.name()).contains(sequence);
    }

    boolean mayHold(long sequence, long id) {
        return order.mayHold(sequence, id);
    }

    /** Whether an event that waited while it was paused was neither attempted nor has to wait any longer. */
    boolean isPassedOver(long sequence, long id) {
        return plan.accepts(id) && !plan.neverReaches(id) && !attempted.contains(sequence)
                && !(plan.failing().order() == RetryOrder.PER_AGGREGATE && order.mayHold(sequence, id))
                && !plan.mayOverflow(true);
    }

    /** Asked in front of its handler: whether that is never reached by an event, which fails before. */
    boolean neverComesTo(long id) {
        if (!plan.neverReaches(id) || run.isMended(plan, id)) {
            return false;
        }
        order.mayBePending(id);
        return true;
    }

    List<Seen> seen() {
        synchronized (seen) {
            return List.copyOf(seen);
        }
    }

    boolean wasDrivenAgain(long sequence) {
        return before.driven.contains(sequence) || run.isDrivenAgain(plan, sequence);
    }

    /** Says that an operator has discarded a dead letter. */
    void isDiscarded(long sequence) {
        discarded.add(sequence);
    }

    /** Which deliveries were attempted at all. */
    Set<Long> attempted() {
        return Set.copyOf(attempted);
    }

    @Override
    public void onEvent(Numbered event, EventContext context) throws Exception {
        Attempt attempt = begin(event, context);
        attempt.end();
        if (attempt.fails) {
            fail(attempt.id);
        }
    }

    /** As a handling that ends later: at once, or on another thread; some fail before they begin. */
    CompletionStage<?> onAsyncEvent(Numbered event, EventContext context) throws Exception {
        Attempt attempt = begin(event, context);
        if (attempt.fails && attempt.id % 3 == 0) {
            attempt.end();
            fail(attempt.id);
        }
        attempted.add(attempt.sequence);
        order.isPending(attempt.sequence, attempt.id);
        return attempt.id % 5 == 0 ? attempt.complete(new CompletableFuture<>())
                : CompletableFuture.supplyAsync(() -> attempt).thenCompose(a -> a.complete(new CompletableFuture<>()));
    }

    private Attempt begin(Numbered event, EventContext context) {
        check(event, context);
        Attempt attempt = new Attempt(event.id(), context);
        if (plan.running().slow()) {
            LockSupport.parkNanos(20_000);
        }
        publish(attempt.id, context, attempt.fails);
        return attempt;
    }

    /** One call, and what the context said at its begin. */
    private final class Attempt {

        private final long id;
        private final long sequence;
        private final int number;
        private final boolean replaying;
        private final boolean fails;

        Attempt(long id, EventContext context) {
            this.id = id;
            sequence = context.sequence();
            number = context.attempt();
            replaying = context.replaying();
            fails = number <= plan.failures(id) && !run.isMended(plan, id);
            underWay.incrementAndGet();
        }

        void end() {
            Seen now = new Seen(sequence, id, number, replaying, !fails, run.documents());
            synchronized (seen) {
                seen.add(now);
            }
            lastOf.put(sequence, now);
            attempted.add(sequence);
            order.ends(sequence, id, fails && number < plan.failing().maxAttempts());
            underWay.decrementAndGet();
        }

        CompletableFuture<Void> complete(CompletableFuture<Void> future) {
            end();
            if (fails) {
                future.completeExceptionally(new IllegalStateException("as planned"));
            } else {
                future.complete(null);
            }
            return future;
        }
    }

    private void check(Numbered event, EventContext context) {
        long sequence = context.sequence();
        int attempt = context.attempt();
        String what = plan.name() + " was given " + event.id() + " with sequence " + sequence + ", attempt " + attempt;
        run.require(Events.isWhole(event) && plan.accepts(event.id()), what + ", which it must not be given");
        run.require(Events.isAboutItsAccount(event.id(), context), what + ", which is about " + context.aggregateType()
                + " " + context.aggregateId() + context.aggregateKey());
        run.require(run.isCommitted(sequence), what + " before it was in the journal");
        run.require(!pauses.isInForce(), what + " while it is paused");
        run.require(!context.replaying() || plan.recovery() != RecoveryMode.LIVE, what + ", an old event");
        Seen earlier = lastOf.get(sequence);
        boolean isDriven = attempt == 1 && wasDrivenAgain(sequence);
        if (earlier != null) {
            run.require(!earlier.handled() && (isDriven || attempt == earlier.attempt() + 1), what + " after "
                    + earlier);
        } else {
            int expected = before.pending.getOrDefault(sequence, 1);
            run.require(isDriven || attempt == expected || plan.neverReaches(event.id()), what + " instead of "
                    + expected);
            run.require(isDriven || !before.settled.contains(sequence), what + ", which the log has as settled");
        }
        run.require(!discarded.contains(sequence) || plan.recovery() == RecoveryMode.REBUILD, what
                + ", which was discarded");
        boolean isNew = attempt == 1 && !isDriven && !before.pending.containsKey(sequence);
        order.begins(sequence, event.id(), isNew, what);
        if (isNew) {
            run.witnesses().stream().filter(this::isBefore).forEach(other -> run.require(
                    !other.mustHaveSeen(sequence, event.id(), this, context.replaying())
                            || other.attempted.contains(sequence) || other.mayHold(sequence, event.id())
                            || other.pauses.mayHold(sequence)
                            || other.before.pending.containsKey(sequence)
                            || other.leaving || other.plan.running().async() && run.mayRefuse(),
                    what + " before " + other.plan.name() + " was done with it"));
        }
    }

    /**
     * Whether another runs before this one. An asynchronous one that has no room for an event lets the others of its
     * stage have it first.
     */
    private boolean isBefore(Witness other) {
        List<Witness> all = run.witnesses();
        boolean shareAThread = other.plan.running().workers() == 0 && plan.running().workers() == 0;
        return other.priority < priority || other.priority == priority && shareAThread
                && !other.plan.running().async() && all.indexOf(other) < all.indexOf(this);
    }

    private boolean mustHaveSeen(long sequence, long id, Witness later, boolean replaying) {
        if (leaving || !plan.accepts(id) || plan.neverReaches(id)) {
            return false;
        }
        if (sequence <= later.lastOld || sequence <= lastOld) {
            return replaying && plan.recovery() == RecoveryMode.REBUILD && isFromStart() && later.isFromStart();
        }
        return true;
    }

    private boolean isFromStart() {
        return before.lastOld != Long.MAX_VALUE;
    }

    /** What a failed attempt publishes must not come out. */
    private void publish(long id, EventContext context, boolean fails) {
        try {
            for (int i = 0; i < plan.followUps(id); i++) {
                run.publishFollowUp(context, Events.followUp(id, plan.index(), i));
            }
            if (plan.publishes() == SubscriptionPlan.Publishes.BY_ENGINE && !fails && id % 5 == 0
                    && !Events.isFollowUp(id) && !context.replaying()) {
                run.tryPublishFromHandler();
            }
        } catch (EngineStateException e) {
            run.require(run.mayRefuse(), "publishing from a handler was refused: " + e);
        }
    }

    private static void fail(long id) throws Exception {
        switch ((int) (id % 4)) {
            case 0 -> throw new IllegalStateException("as planned");
            case 1 -> throw new IOException("as planned");
            case 2 -> throw new AssertionError("as planned");
            default -> throw new StackOverflowError("as planned");
        }
    }
}
