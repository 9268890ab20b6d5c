package io.ringbus.engine.stage;

import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.stats.EngineStatistics.SubscriptionStatistics;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * A subscription as the chain runs it. Its counters have one writer, the stage's thread; everyone may read them.
 */
public final class StageSubscription {

    private final int index;
    private final Definition definition;
    private final EventHandler<Object> handler;
    private final Predicate<Object> filter;

    private final AtomicLong handled = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong timed = new AtomicLong();
    private final AtomicLong timedNanos = new AtomicLong();
    private final AtomicLong maxNanos = new AtomicLong();

    private volatile boolean active = true;
    private long replayAfter;
    private Set<Long> replayWithout = Set.of();

    /**
     * A subscription.
     *
     * @param <T>        the type subscribed to; the dispatch table gives the handler nothing else
     * @param index      its place in the order of subscribing
     * @param definition what it is
     * @param handler    given the events
     * @param filter     null for none
     */
    @SuppressWarnings("unchecked") // the dispatch table only gives it events of its type
    public <T> StageSubscription(int index, Definition definition, EventHandler<? super T> handler,
            Predicate<? super T> filter) {
        this.index = index;
        this.definition = definition;
        this.handler = (EventHandler<Object>) handler;
        this.filter = (Predicate<Object>) filter;
    }

    /**
     * What a subscription is, apart from its handler.
     *
     * @param name     unique in the engine
     * @param type     the type subscribed to
     * @param priority its stage
     * @param retry    what happens to its failures
     * @param recovery what it is given of the past
     */
    public record Definition(String name, Class<?> type, int priority, RetryPolicy retry, RecoveryMode recovery) {
    }

    /**
     * Its place in the order of subscribing.
     *
     * @return the index
     */
    public int index() {
        return index;
    }

    /**
     * What it is.
     *
     * @return the definition
     */
    public Definition definition() {
        return definition;
    }

    /**
     * Its name.
     *
     * @return the name
     */
    public String name() {
        return definition.name;
    }

    /**
     * Whether it still is part of the chain.
     *
     * @return true until it is cancelled
     */
    public boolean isActive() {
        return active;
    }

    /** Ends it: no delivery begins after the one that may be under way. */
    public void cancel() {
        active = false;
    }

    /**
     * Says which replayed events it is given. Before the replay begins.
     *
     * @param after   none up to this sequence
     * @param without nor these, which were settled or wait for another attempt
     */
    public void replay(long after, Set<Long> without) {
        replayAfter = after;
        replayWithout = without;
    }

    boolean wantsReplay(long sequence) {
        return sequence > replayAfter && !replayWithout.contains(sequence);
    }

    EventHandler<Object> handler() {
        return handler;
    }

    boolean accepts(Object event) {
        return filter == null || filter.test(event);
    }

    void countHandled() {
        handled.lazySet(handled.getPlain() + 1);
    }

    void countFailed() {
        failed.lazySet(failed.getPlain() + 1);
    }

    void countTime(long nanos) {
        timed.lazySet(timed.getPlain() + 1);
        timedNanos.lazySet(timedNanos.getPlain() + nanos);
        if (nanos > maxNanos.getPlain()) {
            maxNanos.lazySet(nanos);
        }
    }

    /**
     * Its counters.
     *
     * @return a snapshot
     */
    public SubscriptionStatistics statistics() {
        long samples = timed.get();
        return new SubscriptionStatistics(definition.name, definition.priority, handled.get(), failed.get(),
                samples == 0 ? 0 : timedNanos.get() / samples, maxNanos.get());
    }
}
