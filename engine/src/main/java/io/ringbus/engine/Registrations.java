package io.ringbus.engine;

import io.ringbus.engine.error.InvalidConfigurationException;
import io.ringbus.engine.error.SubscriptionRefusedException;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.stage.StageSubscription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The event types and subscriptions of an engine; each is checked when it comes. */
final class Registrations {

    private static final int MAX_NAME = 128;

    private final List<EventType<?>> types = new ArrayList<>();
    private final List<StageSubscription> subscriptions = new ArrayList<>();
    private final Map<String, StartPosition> startPositions = new HashMap<>();
    private int nextIndex;

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
                        config.recovery(), config.processingLog() == ProcessingLog.EVERY_DELIVERY),
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
