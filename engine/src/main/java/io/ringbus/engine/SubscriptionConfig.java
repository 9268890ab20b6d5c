package io.ringbus.engine;

import io.ringbus.engine.event.AsyncEventHandler;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.retry.WaitingOverflow;
import io.ringbus.engine.stage.AsyncHandler;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What a subscription is. Concluded by {@code EventEngine.subscribe}, which checks it as a whole.
 *
 * @param <T> the type subscribed to; a super-type or interface means all its registered sub-types
 */
public final class SubscriptionConfig<T> {

    private final Class<T> type;
    private final EventHandler<? super T> handler;
    private String name;
    private int priority = 100;
    private Predicate<? super T> filter;
    private RetryPolicy retry;
    private RetryOrder retryOrder = RetryOrder.FREE;
    private int maxWaiting = 10_000;
    private WaitingOverflow waitingOverflow = WaitingOverflow.BLOCK_STAGE;
    private int workers;
    private int maxInFlight = 1_024;
    private Duration timeout = Duration.ofSeconds(30);
    private ProcessingLog processingLog = ProcessingLog.FAILURES;
    private RecoveryMode recovery = RecoveryMode.RESUME;
    private StartPosition startAt;

    private SubscriptionConfig(Class<T> type, EventHandler<? super T> handler) {
        this.type = Objects.requireNonNull(type, "type is null: pass the class of the events");
        this.handler = Objects.requireNonNull(handler, "handler is null");
    }

    /**
     * Begins the description of a subscription.
     *
     * @param <T>     the type subscribed to
     * @param type    its class
     * @param handler given the events
     * @return the description; it still needs a {@link #name}
     */
    public static <T> SubscriptionConfig<T> to(Class<T> type, EventHandler<? super T> handler) {
        return new SubscriptionConfig<>(type, handler);
    }

    /**
     * Begins the description of a subscription whose events are handled asynchronously; see {@link #maxInFlight} and
     * {@link #timeout}. It cannot be a rebuilding one, because its state would depend on when handlings end.
     *
     * @param <T>     the type subscribed to
     * @param type    its class
     * @param handler begins to handle the events
     * @return the description; it still needs a {@link #name}
     */
    public static <T> SubscriptionConfig<T> toAsync(Class<T> type, AsyncEventHandler<? super T> handler) {
        return new SubscriptionConfig<>(type,
                new AsyncHandler<T>(Objects.requireNonNull(handler, "handler is null")));
    }

    /**
     * Begins the description of a subscription whose handler takes something else than the event: what is made of it
     * on the stage's thread, behind the filter. What the mapping throws is a failed delivery, and so is null; to pass
     * over events use {@link #filter}.
     *
     * @param <T>     the type subscribed to
     * @param <R>     what the handler takes
     * @param type    the class of the events
     * @param mapping makes one of the other
     * @param handler given what the mapping made
     * @return the description; it still needs a {@link #name}
     */
    public static <T, R> SubscriptionConfig<T> mapped(Class<T> type, Function<? super T, ? extends R> mapping,
            EventHandler<? super R> handler) {
        return new SubscriptionConfig<>(type,
                new MappedHandler<T, R>(Objects.requireNonNull(mapping, "mapping is null"),
                        Objects.requireNonNull(handler, "handler is null")));
    }

    /**
     * Names the subscription. The journal knows it by this name, so it stays the same across restarts.
     *
     * @param newName unique in the engine, 1 to 128 characters
     * @return this
     */
    public SubscriptionConfig<T> name(String newName) {
        this.name = newName;
        return this;
    }

    /**
     * Sets the priority; a lower number runs earlier. Subscriptions of one priority share a thread and run in the
     * order in which they subscribed.
     *
     * @param newPriority any number; 100 when not set
     * @return this
     */
    public SubscriptionConfig<T> priority(int newPriority) {
        this.priority = newPriority;
        return this;
    }

    /**
     * Passes over events for which the predicate is false. It runs on the stage's thread before the handler; when it
     * throws, the delivery has failed.
     *
     * @param newFilter true for events to be handled; a rebuilding subscription needs one that depends on the event
     *                  alone
     * @return this
     */
    public SubscriptionConfig<T> filter(Predicate<? super T> newFilter) {
        this.filter = newFilter;
        return this;
    }

    /**
     * Sets the retry policy. When not set, {@link RetryPolicy#defaults()}; or {@link RetryPolicy#none()} for a
     * rebuilding subscription, which takes another only with {@link RetryOrder#BLOCKING}.
     *
     * @param newRetry the policy
     * @return this
     */
    public SubscriptionConfig<T> retry(RetryPolicy newRetry) {
        this.retry = Objects.requireNonNull(newRetry, "retry policy is null: use RetryPolicy.none()");
        return this;
    }

    /**
     * Says what the next events do while a delivery of this subscription waits for another attempt.
     *
     * @param newRetryOrder {@link RetryOrder#FREE} when not set; a rebuilding subscription takes {@code BLOCKING}, or
     *                      none when it is not retried
     * @return this
     */
    public SubscriptionConfig<T> retryOrder(RetryOrder newRetryOrder) {
        this.retryOrder = Objects.requireNonNull(newRetryOrder, "retry order is null");
        return this;
    }

    /**
     * Bounds how many deliveries may wait behind pending ones with {@link RetryOrder#PER_AGGREGATE}, and while the
     * subscription is paused. Each takes some 200 bytes beside its event, and is in the outcome log.
     *
     * @param newMaxWaiting at least 1; 10,000 when not set
     * @param newOverflow   what happens to the next one; {@link WaitingOverflow#BLOCK_STAGE} when not set, and the only
     *                      one that a rebuilding subscription takes, whose state would lack what is given up
     * @return this
     */
    public SubscriptionConfig<T> maxWaiting(int newMaxWaiting, WaitingOverflow newOverflow) {
        this.maxWaiting = newMaxWaiting;
        this.waitingOverflow = Objects.requireNonNull(newOverflow, "waiting overflow is null");
        return this;
    }

    /**
     * Gives the subscription a thread of its own inside its stage, beside the others of its priority: it runs at the
     * same time as they do, no longer in the order of subscribing. The next stage waits for it as for the others.
     *
     * @return this
     */
    public SubscriptionConfig<T> ownThread() {
        return workers(1);
    }

    /**
     * Gives the subscription threads of its own inside its stage, each with its share of the aggregates: the order of
     * events of one aggregate stays, those of different aggregates are handled at the same time. Events without an
     * aggregate all go to the first thread. The handler is called by all of them, at the same time; its hooks are
     * called on each.
     *
     * @param newWorkers 1 to 64; none when not set: then it shares its stage's thread. Not in a fused chain
     * @return this
     */
    public SubscriptionConfig<T> workers(int newWorkers) {
        this.workers = newWorkers;
        return this;
    }

    /**
     * Bounds how many asynchronous handlings may be under way, on each thread. At the bound the stage waits until one
     * has ended.
     *
     * @param handlings at least 1; 1,024 when not set
     * @return this
     */
    public SubscriptionConfig<T> maxInFlight(int handlings) {
        this.maxInFlight = handlings;
        return this;
    }

    /**
     * Sets how long an asynchronous handling may take; then its delivery has failed, and when it ends later, that is
     * passed over. Looked at some hundred times a second.
     *
     * @param newTimeout more than zero, at most 365 days; 30 s when not set
     * @return this
     */
    public SubscriptionConfig<T> timeout(Duration newTimeout) {
        this.timeout = Objects.requireNonNull(newTimeout, "time-out is null");
        return this;
    }

    /**
     * Says which outcomes are written to the outcome log.
     *
     * @param newProcessingLog {@link ProcessingLog#FAILURES} when not set
     * @return this
     */
    public SubscriptionConfig<T> processingLog(ProcessingLog newProcessingLog) {
        this.processingLog = Objects.requireNonNull(newProcessingLog, "processing log is null");
        return this;
    }

    /**
     * Says what the subscription is given of the past at a start.
     *
     * @param newRecovery {@link RecoveryMode#RESUME} when not set
     * @return this
     */
    public SubscriptionConfig<T> recovery(RecoveryMode newRecovery) {
        this.recovery = Objects.requireNonNull(newRecovery, "recovery mode is null");
        return this;
    }

    /**
     * Says where a resuming subscription begins that is new to a journal which already holds events. There is no
     * default: without it such a start is refused, because either choice would surprise somebody. One that joins a
     * running engine begins with what is published from then on when it does not say.
     *
     * @param newStartAt the position; without effect for a subscription that the journal knows
     * @return this
     */
    public SubscriptionConfig<T> startAt(StartPosition newStartAt) {
        this.startAt = newStartAt;
        return this;
    }

    Class<T> type() {
        return type;
    }

    EventHandler<? super T> handler() {
        return handler;
    }

    String name() {
        return name;
    }

    int priority() {
        return priority;
    }

    Predicate<? super T> filter() {
        return filter;
    }

    RetryPolicy retry() {
        return retry;
    }

    RetryOrder retryOrder() {
        return retryOrder;
    }

    int maxWaiting() {
        return maxWaiting;
    }

    WaitingOverflow waitingOverflow() {
        return waitingOverflow;
    }

    int workers() {
        return workers;
    }

    int maxInFlight() {
        return maxInFlight;
    }

    Duration timeout() {
        return timeout;
    }

    ProcessingLog processingLog() {
        return processingLog;
    }

    RecoveryMode recovery() {
        return recovery;
    }

    StartPosition startAt() {
        return startAt;
    }
}
