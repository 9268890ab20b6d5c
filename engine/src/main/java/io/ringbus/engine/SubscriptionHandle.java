package io.ringbus.engine;

import io.ringbus.engine.stage.StageSubscription;

/** What the subscriber holds of its subscription. */
record SubscriptionHandle(StageSubscription subscription) implements Subscription {

    @Override
    public String name() {
        return subscription.name();
    }

    @Override
    public void unsubscribe() {
        subscription.cancel();
    }

    @Override
    public boolean isActive() {
        return subscription.isActive();
    }
}
