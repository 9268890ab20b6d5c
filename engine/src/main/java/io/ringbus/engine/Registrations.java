package io.ringbus.engine;

import io.ringbus.engine.error.InvalidConfigurationException;
import io.ringbus.engine.error.SubscriptionRefusedException;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.retry.WaitingOverflow;
import io.ringbus.engine.stage.AsyncHandler;
import io.ringbus.engine.stage.StageSubscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The event types and subscriptions of an engine; each is checked when it comes. */
final class Registrations {

    private static final int MAX_NAME = 128;
    private static final int MAX_WORKERS = 64;
    private static final Duration LONGEST = Duration.ofDays(365);

    private final boolean fused;

    private final List<EventType<?>> types = new ArrayList<>();
    private final List<StageSubscription> subscriptions = new ArrayList<>();
    private final Map<String, StartPosition> startPositions = new HashMap<>();
    private int nextIndex;

    /**
     * None yet.
     *
     * @param fused whether the chain will run on one thread
     */
    Registrations(boolean fused) {
        this.fused = fused;
    }

    synchronized void add(EventType<?> type) {
        for (EventType<?> other : types) {
            if (other.name().equals(type.name()) || other.eventClass() == type.eventClass()) {
                throw new InvalidConfigurationException("an event type's name and class are registered once: type="
                        + type + ", registered=" + other);
            }
        }
        types.add(type);
    }

    synchronized <T> StageSubscription add(SubscriptionConfig<T> config) {
        requireName(config.name());
        if (types.stream().noneMatch(type -> config.type().isAssignableFrom(type.eventClass()))) {
            throw new SubscriptionRefusedException("no registered event type is a " + config.type().getName()
                    + "; register its type first: subscription=" + config.name());
        }
        if (config.startAt() != null && config.recovery() != RecoveryMode.RESUME) {
            throw new SubscriptionRefusedException("only a resuming subscription has a start position: subscription="
                    + config.name() + ", recovery=" + config.recovery() + ", startAt=" + config.startAt());
        }
        StageSubscription subscription = new StageSubscription(nextIndex,
                new StageSubscription.Definition(config.name(), config.type(), config.priority(), retryingOf(config),
                        config.recovery(), handlingOf(config)),
                config.handler(), config.filter());
        if (config.startAt() != null) {
            startPositions.put(config.name(), config.startAt());
        }
        subscriptions.add(subscription);
        // Never used again, also when this one has left: deliveries that wait speak of it by its index.
        nextIndex++;
        return subscription;
    }

    /** Gives a name back: its subscription was refused, or has left. */
    synchronized void remove(StageSubscription subscription) {
        if (subscriptions.remove(subscription)) {
            startPositions.remove(subscription.name());
        }
    }

    synchronized List<EventType<?>> types() {
        return List.copyOf(types);
    }

    synchronized List<StageSubscription> subscriptions() {
        return List.copyOf(subscriptions);
    }

    synchronized Map<String, StartPosition> startPositions() {
        return Map.copyOf(startPositions);
    }

    private void requireName(String name) {
        if (name == null || name.isBlank() || name.length() > MAX_NAME) {
            throw new SubscriptionRefusedException("a subscription needs a name of 1 to " + MAX_NAME
                    + " characters: name=" + name);
        }
        if (subscriptions.stream().anyMatch(other -> other.name().equals(name))) {
            throw new SubscriptionRefusedException("a subscription of this name exists; the journal knows them by name,"
                    + " so each needs its own: name=" + name);
        }
    }

    private StageSubscription.Handling handlingOf(SubscriptionConfig<?> config) {
        if (config.workers() < 0 || config.workers() > MAX_WORKERS) {
            throw new SubscriptionRefusedException("a subscription has up to " + MAX_WORKERS + " workers: subscription="
                    + config.name() + ", workers=" + config.workers());
        }
        if (config.workers() > 0 && fused) {
            throw new SubscriptionRefusedException("in a fused chain everything runs on one thread; leave workers and"
                    + " ownThread out, or do not fuse the chain: subscription=" + config.name() + ", workers="
                    + config.workers());
        }
        if (config.handler() instanceof AsyncHandler<?> && config.recovery() == RecoveryMode.REBUILD) {
            throw new SubscriptionRefusedException("a rebuilding subscription is not handled asynchronously, because its"
                    + " state would depend on when handlings end; use another recovery mode: subscription="
                    + config.name());
        }
        if (config.maxInFlight() < 1) {
            throw new SubscriptionRefusedException("at least one handling may be under way: subscription="
                    + config.name() + ", maxInFlight=" + config.maxInFlight());
        }
        if (config.timeout().compareTo(Duration.ZERO) <= 0 || config.timeout().compareTo(LONGEST) > 0) {
            throw new SubscriptionRefusedException("a time-out is more than zero and at most " + LONGEST
                    + ": subscription=" + config.name() + ", timeout=" + config.timeout());
        }
        return new StageSubscription.Handling(config.workers(), config.processingLog() == ProcessingLog.EVERY_DELIVERY,
                config.maxInFlight(), config.timeout().toNanos());
    }

    private static StageSubscription.Retrying retryingOf(SubscriptionConfig<?> config) {
        if (config.maxWaiting() < 1) {
            throw new SubscriptionRefusedException("at least one delivery may wait behind a failed one: subscription="
                    + config.name() + ", maxWaiting=" + config.maxWaiting());
        }
        boolean rebuilds = config.recovery() == RecoveryMode.REBUILD;
        if (rebuilds && config.retryOrder() == RetryOrder.PER_AGGREGATE) {
            throw refusedToRebuild(config);
        }
        if (rebuilds && config.retryOrder() == RetryOrder.FREE && config.retry() != null && config.retry().retries()) {
            throw refusedToRebuild(config);
        }
        if (rebuilds && config.waitingOverflow() == WaitingOverflow.DEAD_LETTER) {
            throw new SubscriptionRefusedException("what waits for a paused rebuilding subscription is never given up,"
                    + " because its state would lack it until a restart replays it; use maxWaiting(n, BLOCK_STAGE):"
                    + " subscription=" + config.name() + ", waitingOverflow=" + config.waitingOverflow());
        }
        RetryPolicy unlessSet = rebuilds && config.retryOrder() == RetryOrder.FREE
                ? RetryPolicy.none() : RetryPolicy.defaults();
        return new StageSubscription.Retrying(config.retry() == null ? unlessSet : config.retry(), config.retryOrder(),
                config.maxWaiting(), config.waitingOverflow());
    }

    private static SubscriptionRefusedException refusedToRebuild(SubscriptionConfig<?> config) {
        return new SubscriptionRefusedException("a rebuilding subscription is not retried in this order, because later"
                + " events would pass the failed one and its state would depend on the clock; leave the policy out, or"
                + " use retryOrder(BLOCKING): subscription=" + config.name() + ", retryOrder=" + config.retryOrder()
                + ", retry=" + config.retry());
    }
}
