package io.ringbus.engine.stage;

import io.ringbus.engine.error.HandlingTimeoutException;
import io.ringbus.engine.error.InvalidEventException;
import io.ringbus.engine.event.AsyncEventHandler;
import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
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

    /** Thrown when the chain was halted before a handling that was waited for had ended: it has not failed. */
    static final NotEnded NOT_ENDED = new NotEnded();

    private static final long LOOK_MILLIS = 10;

    private final AsyncEventHandler<? super T> handler;

    /**
     * Wraps a handler.
     *
     * @param handler what was subscribed
     */
    public AsyncHandler(AsyncEventHandler<? super T> handler) {
        this.handler = handler;
    }

    /** The type of {@link #NOT_ENDED}. */
    static final class NotEnded extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private NotEnded() {
            super("the chain is halted", null, false, false);
        }
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
    void handleNow(T event, LaneTools tools, StageSubscription subscription, DeliveryContext context)
            throws Exception {
        long begunAt = tools.clock().epochNanos();
        CompletableFuture<Object> ended = new CompletableFuture<>();
        CompletionStage<?> stage = begin(event, context);
        // The call is over, and with it the time to publish.
        context.delivered();
        stage.whenComplete((result, thrown) -> {
            if (thrown == null) {
                ended.complete(null);
            } else {
                ended.completeExceptionally(causeOf(thrown));
            }
        });
        while (!hasEnded(ended)) {
            if (tools.isHalted()) {
                throw NOT_ENDED;
            }
            if (tools.clock().epochNanos() - begunAt >= subscription.definition().handling().timeoutNanos()) {
                throw timeout(subscription);
            }
        }
    }

    private static boolean hasEnded(CompletableFuture<?> ended) throws Exception {
        try {
            ended.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            // Only a close whose time is up interrupts, and it has halted the chain before.
            return false;
        } catch (ExecutionException e) {
            rethrow(e.getCause());
            return true;
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
        if (error instanceof Error fatal) {
            throw fatal;
        }
        throw error instanceof Exception exception ? exception : new ExecutionException(error);
    }
}
