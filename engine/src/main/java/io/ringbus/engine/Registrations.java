package io.ringbus.engine;

import io.ringbus.engine.error.InvalidConfigurationException;
import io.ringbus.engine.error.SubscriptionRefusedException;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.stage.StageSubscription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The event types and subscriptions of an engine that is not started yet; each is checked when it comes. */
final class Registrations {

    private static final int MAX_NAME = 128;

    private final List<EventType<?>> types = new ArrayList<>();
    private final List<StageSubscription> subscriptions = new ArrayList<>();
    private final Map<String, StartPosition> startPositions = new HashMap<>();

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
        StageSubscription subscription = new StageSubscription(subscriptions.size(),
                new StageSubscription.Definition(config.name(), config.type(), config.priority(), retryOf(config),
                        config.recovery()),
                config.handler(), config.filter());
        if (config.startAt() != null) {
            startPositions.put(config.name(), config.startAt());
        }
        subscriptions.add(subscription);
        return subscription;
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

    private static RetryPolicy retryOf(SubscriptionConfig<?> config) {
        if (config.recovery() != RecoveryMode.REBUILD) {
            return config.retry() == null ? RetryPolicy.defaults() : config.retry();
        }
        if (config.retry() != null && config.retry().retries()) {
            throw new SubscriptionRefusedException("a rebuilding subscription is not retried, because later events"
                    + " would"
                    + " pass the failed one and its state would depend on the clock; leave the policy out:"
                    + " subscription=" + config.name() + ", retry=" + config.retry());
        }
        return RetryPolicy.none();
    }
}
