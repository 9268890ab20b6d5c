package io.ringbus.engine.stage;

import io.ringbus.engine.error.HandlingTimeoutException;
import io.ringbus.engine.error.InvalidEventException;
import io.ringbus.engine.event.AsyncEventHandler;
import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An asynchronous handler as the chain keeps it.
 *
 * @param <T> the type subscribed to
 */
public final class AsyncHandler<T> implements EventHandler<T> {

    private final AsyncEventHandler<? super T> handler;

    /**
     * Wraps a handler.
     *
     * @param handler what was subscribed
     */
    public AsyncHandler(AsyncEventHandler<? super T> handler) {
        this.handler = handler;
    }

    /** Begins the handling of an event. */
    CompletionStage<?> begin(T event, EventContext context) throws Exception {
        CompletionStage<?> end = handler.onEvent(event, context);
        if (end == null) {
            throw new InvalidEventException("an asynchronous handler returns a CompletionStage; return a completed one"
                    + " when there is nothing to wait for: stage=null");
        }
        return end;
    }

    /** Handles an event and waits for its end, on the stage's thread. */
    void handleNow(T event, EventContext context, StageSubscription subscription) throws Exception {
        long timeoutNanos = subscription.definition().handling().timeoutNanos();
        try {
            begin(event, context).toCompletableFuture().get(timeoutNanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            rethrow(e.getCause());
        } catch (TimeoutException e) {
            throw timeout(subscription);
        }
    }

    static HandlingTimeoutException timeout(StageSubscription subscription) {
        return new HandlingTimeoutException("the handling did not end in time; complete the stage, or raise the"
                + " time-out: subscription=" + subscription.name() + ", timeout="
                + Duration.ofNanos(subscription.definition().handling().timeoutNanos()));
    }

    /** What a stage completed with, without the wrapper that dependent stages put round it. */
    static Throwable causeOf(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    @Override
    public void onEvent(T event, EventContext context) {
        throw new IllegalStateException("asynchronous handlers are called by begin");
    }

    @Override
    public void onStart() throws Exception {
        handler.onStart();
    }

    @Override
    public void onStop() throws Exception {
        handler.onStop();
    }

    private static void rethrow(Throwable error) throws Exception {
        Throwable cause = causeOf(error);
        if (cause instanceof Error fatal) {
            throw fatal;
        }
        throw cause instanceof Exception exception ? exception : new ExecutionException(cause);
    }
}
