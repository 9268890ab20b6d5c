package io.ringbus.engine;

import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.ring.Lifecycle;
import io.ringbus.engine.stage.Changes;
import io.ringbus.engine.stage.StageSubscription;
import io.ringbus.engine.stats.EngineState;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;

/** Subscribing and unsubscribing, before the start and while the engine runs. Any thread. */
final class Subscribing {

    private final Lifecycle lifecycle;
    private final Registrations registrations;
    private final Supplier<EngineCore> core;

    Subscribing(Lifecycle lifecycle, Registrations registrations, Supplier<EngineCore> core) {
        this.lifecycle = lifecycle;
        this.registrations = registrations;
        this.core = core;
    }

    /** Adds a subscription; completed at once before the start. What is wrong with the description itself is thrown. */
    CompletableFuture<Subscription> subscribe(SubscriptionConfig<?> config) {
        EngineState state = lifecycle.state();
        if (state == EngineState.NEW) {
            return CompletableFuture.completedFuture(new Handle(registrations.add(config)));
        }
        if (state != EngineState.RUNNING) {
            return CompletableFuture.failedFuture(refusal("subscribe"));
        }
        StageSubscription subscription = registrations.add(config);
        return core.get().chain().changes().join(subscription, config.startAt() == StartPosition.EARLIEST)
                .handle((sequence, error) -> {
                    if (error != null) {
                        registrations.remove(subscription);
                        throw error instanceof CompletionException known ? known : new CompletionException(error);
                    }
                    return new Handle(subscription);
                });
    }

    /** Waits for a future of this class, and throws what it failed with. */
    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private EngineStateException refusal(String call) {
        return lifecycle.state() == EngineState.RECOVERING && lifecycle.failure() == null
                ? new EngineStateException(call + " before start(), or after it has returned: state="
                        + EngineState.RECOVERING)
                : lifecycle.refusal();
    }

    /** What its owner has in hand. */
    private final class Handle implements Subscription {

        private final StageSubscription subscription;
        private CompletableFuture<Long> ending;

        Handle(StageSubscription subscription) {
            this.subscription = subscription;
        }

        @Override
        public String name() {
            return subscription.name();
        }

        @Override
        public long effectiveFrom() {
            return subscription.effectiveFrom();
        }

        @Override
        public long unsubscribe() {
            if (!hasEnded()) {
                // Before it begins: a call that is refused changes nothing.
                lifecycle.requireNoEngineThread("unsubscribe", "unsubscribeAsync");
            }
            return await(end());
        }

        @Override
        public CompletableFuture<Long> unsubscribeAsync() {
            // A copy: what its owner does to it is nobody else's affair.
            return end().copy();
        }

        @Override
        public long pause() {
            return await(change("pause", changes -> changes.pause(subscription)));
        }

        @Override
        public long resume() {
            return await(change("resume", changes -> changes.resume(subscription)));
        }

        @Override
        public boolean isPaused() {
            return subscription.isPaused();
        }

        private CompletableFuture<Long> change(String call, Function<Changes, CompletableFuture<Long>> change) {
            lifecycle.requireNoEngineThread(call, "a thread of your own");
            if (lifecycle.state() != EngineState.RUNNING) {
                return CompletableFuture.failedFuture(refusal(call));
            }
            if (!subscription.isActive()) {
                return CompletableFuture.failedFuture(new EngineStateException("the subscription has ended: call="
                        + call + ", subscription=" + subscription.name()));
            }
            return change.apply(core.get().chain().changes());
        }

        @Override
        public boolean isActive() {
            return subscription.isActive();
        }

        private synchronized boolean hasEnded() {
            return ending != null && ending.isDone();
        }

        private synchronized CompletableFuture<Long> end() {
            if (ending == null || ending.isCompletedExceptionally()) {
                ending = begin();
            }
            return ending;
        }

        private CompletableFuture<Long> begin() {
            EngineState state = lifecycle.state();
            if (state == EngineState.NEW) {
                registrations.remove(subscription);
                subscription.cancel();
                return CompletableFuture.completedFuture(0L);
            }
            if (state != EngineState.RUNNING) {
                return CompletableFuture.failedFuture(refusal("unsubscribe"));
            }
            return core.get().chain().changes().leave(subscription).thenApply(sequence -> {
                registrations.remove(subscription);
                return sequence;
            });
        }
    }
}
