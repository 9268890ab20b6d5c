package io.ringbus.engine.event;

/**
 * Handles the events of one subscription. All methods are called on the thread of its stage, one at a time, in
 * sequence order; so a handler needs no lock for state that only it touches.
 *
 * @param <T> the event type subscribed to; it may be a super-type of several registered types
 */
@FunctionalInterface
public interface EventHandler<T> {

    /**
     * Handles one event.
     *
     * <p>A preallocated event is valid only during the call: keep a copy, never the object. Anything thrown is one
     * failed delivery of this subscription; other subscriptions and the next events are not disturbed. Only a
     * {@link VirtualMachineError} other than {@link StackOverflowError} stops the engine.
     *
     * @param event   the event
     * @param context about this delivery; valid only during the call
     * @throws Exception whatever makes this delivery a failed one
     */
    void onEvent(T event, EventContext context) throws Exception;

    /**
     * Called once before the first event, on the stage's thread.
     *
     * @throws Exception to refuse the start: the engine's {@code start} throws, and nothing is left running; or at a
     *                   running engine to refuse the subscription, and the chain is as it was
     */
    default void onStart() throws Exception {
    }

    /**
     * Called after the last event of a batch, when this handler was given at least one event in it.
     *
     * @throws Exception whatever makes the last delivery of that batch a failed one
     */
    default void onBatchEnd() throws Exception {
    }

    /**
     * Called once after the last event, on the stage's thread, also when the engine failed; for a subscription that
     * leaves a running engine, before its unsubscribing is over. What it throws is
     * in the report that closing returns.
     *
     * @throws Exception reported, never disturbing the rest of the stop
     */
    default void onStop() throws Exception {
    }
}
