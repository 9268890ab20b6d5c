package io.ringbus.engine.event;

import java.util.concurrent.CompletionStage;

/**
 * Begins to handle events whose handling ends later, on any thread. It is called on the thread of its stage, one event
 * after the other in sequence order; but the handling of many may be under way at once, and they may end in any order.
 *
 * @param <T> the event type subscribed to; it may be a super-type of several registered types
 */
@FunctionalInterface
public interface AsyncEventHandler<T> {

    /**
     * Begins to handle one event. The event stays valid until the stage that is returned completes: a preallocated one
     * is copied before the call. The context is valid only during the call; what is published through it goes out when
     * the handling has ended well.
     *
     * @param event   the event
     * @param context about this delivery; valid only during the call
     * @return completes when the event is handled; completing exceptionally, like throwing from this method, is a
     *         failed delivery, and so is completing later than the subscription's time-out
     * @throws Exception whatever makes this delivery a failed one
     */
    CompletionStage<?> onEvent(T event, EventContext context) throws Exception;

    /**
     * Called once before the first event, on the stage's thread.
     *
     * @throws Exception to refuse the start
     */
    default void onStart() throws Exception {
    }

    /**
     * Called once after the last event, on the stage's thread. Handlings that did not end by then have been given up:
     * a journal keeps them as pending.
     *
     * @throws Exception reported, never disturbing the rest of the stop
     */
    default void onStop() throws Exception {
    }
}
