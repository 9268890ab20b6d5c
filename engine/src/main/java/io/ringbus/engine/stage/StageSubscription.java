package io.ringbus.engine.stage;

import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.retry.WaitingOverflow;
import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.stats.EngineStatistics.SubscriptionStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** A subscription as the chain runs it: what it is, and the lanes in which its handler is called. */
public final class StageSubscription {

    private final int index;
    private final Definition definition;
    private final EventHandler<Object> handler;
    private final Predicate<Object> filter;

    private final List<Lane> lanes = new CopyOnWriteArrayList<>();

    private volatile boolean active = true;
    private volatile boolean paused;
    private volatile boolean leaving;
    private volatile boolean catchingUp;
    private volatile long effectiveFrom;
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
     * @param retrying what happens to its failures
     * @param recovery what it is given of the past
     * @param handling on how many threads, and how
     */
    public record Definition(String name, Class<?> type, int priority, Retrying retrying, RecoveryMode recovery,
            Handling handling) {

        /**
         * When a failed delivery is tried again.
         *
         * @return the policy
         */
        public RetryPolicy retry() {
            return retrying.policy;
        }
    }

    /**
     * How events are handled.
     *
     * @param workers           threads of its own, each with its share of the aggregates; 0 for the stage's thread
     * @param logsEveryDelivery whether each delivery that was handled is noted in the outcome log
     * @param maxInFlight       how many asynchronous handlings of a thread may be under way
     * @param timeoutNanos      how long one may take
     */
    public record Handling(int workers, boolean logsEveryDelivery, int maxInFlight, long timeoutNanos) {
    }

    /**
     * What happens to failures.
     *
     * @param policy     when they are tried again
     * @param order      what the next events do meanwhile
     * @param maxWaiting how many may wait behind pending ones
     * @param overflow   what happens to the next one then
     */
    public record Retrying(RetryPolicy policy, RetryOrder order, int maxWaiting, WaitingOverflow overflow) {
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
     * Whether somebody has asked for it to go: then its stage waits for nothing of it any more, or it would never pass
     * on the slot of the change.
     */
    boolean isLeaving() {
        return leaving;
    }

    void leaving() {
        leaving = true;
    }

    /**
     * Whether its deliveries wait.
     *
     * @return true from a pause to the next resumption
     */
    public boolean isPaused() {
        return paused;
    }

    void paused(boolean newPaused) {
        paused = newPaused;
    }

    /**
     * The first sequence it can be given for the first time.
     *
     * @return the sequence; 0 before that is decided
     */
    public long effectiveFrom() {
        return effectiveFrom;
    }

    /**
     * Says which sequence is the first it can be given.
     *
     * @param sequence the sequence
     */
    public void effectiveFrom(long sequence) {
        effectiveFrom = sequence;
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

    /**
     * Whether it is being given the past, before its stage goes on.
     *
     * @return true until it has caught up
     */
    public boolean isCatchingUp() {
        return catchingUp;
    }

    void catchingUp(boolean isCatchingUp) {
        catchingUp = isCatchingUp;
    }

    /** Notes what is under way as pending: its position may pass that then. */
    void noteUnderWay() {
        lanes.forEach(Lane::noteUnderWay);
    }

    /** Runs something when no handling of it is under way, at once or on the completions' thread. */
    void whenIdle(Runnable task) {
        Runnable next = task;
        for (Lane lane : lanes) {
            Runnable then = next;
            next = () -> lane.whenIdle(then);
        }
        next.run();
    }

    /** Its shares, one for each thread that runs it. */
    List<Lane> lanes() {
        return lanes;
    }

    boolean hasFilter() {
        return filter != null;
    }

    /** Makes one thread's share of it. When the chain is wired, or changes. */
    Lane newLane(LaneTools tools, Partition partition) {
        boolean async = handler instanceof AsyncHandler<?>;
        Lane lane = switch (definition.retrying.order) {
            case FREE -> async ? new AsyncLane(this, tools, partition) : new FreeLane(this, tools, partition);
            case PER_AGGREGATE -> async ? new AsyncLane(this, tools, partition)
                    : new AggregateLane(this, tools, partition);
            case BLOCKING -> new BlockingLane(this, tools, partition);
        };
        lanes.add(lane);
        return lane;
    }

    /**
     * Takes over what is pending since an earlier run. Before the chain runs.
     *
     * @param deliveries in the order of their sequences
     * @return those that the timer has to bring
     */
    public List<Delivery> restore(List<Delivery> deliveries) {
        if (definition.recovery == RecoveryMode.REBUILD) {
            // Everything is replayed to it; only the attempts go on where they were.
            lanes.forEach(lane -> lane.goOnWith(ownOf(lane, deliveries)));
            return List.of();
        }
        // What is driven again holds nobody up before its time, as it did not while the engine ran.
        List<Delivery> toSchedule = new ArrayList<>(deliveries.stream().filter(Delivery::isDrivenAgain).toList());
        List<Delivery> others = deliveries.stream().filter(delivery -> !delivery.isDrivenAgain()).toList();
        lanes.forEach(lane -> toSchedule.addAll(lane.restore(ownOf(lane, others))));
        return toSchedule;
    }

    private static List<Delivery> ownOf(Lane lane, List<Delivery> deliveries) {
        return deliveries.stream().filter(delivery -> lane.owns(lane.tools().slotOf(delivery))).toList();
    }

    /**
     * Its counters.
     *
     * @return a snapshot
     */
    public SubscriptionStatistics statistics() {
        long samples = sum(DeliveryCounters::timed);
        return new SubscriptionStatistics(definition.name, definition.priority, sum(DeliveryCounters::handled),
                sum(DeliveryCounters::failed), samples == 0 ? 0 : sum(DeliveryCounters::timedNanos) / samples,
                counters().mapToLong(DeliveryCounters::maxNanos).max().orElse(0));
    }

    private long sum(ToLongFunction<DeliveryCounters> counter) {
        return counters().mapToLong(counter).sum();
    }

    private Stream<DeliveryCounters> counters() {
        return lanes.stream().map(Lane::counters);
    }
}
