package io.ringbus.engine;

import java.util.concurrent.CompletableFuture;

/**
 * The handle of a subscription. Thread-safe.
 *
 * <p>It speaks of two sequences, which bound what its handler is given: every event of its type from
 * {@link #effectiveFrom()} on, up to and including the sequence that {@link #unsubscribe()} returns, each once but for
 * retries, and no other.
 */
public interface Subscription {

    /**
     * Its name.
     *
     * @return unique in the engine
     */
    String name();

    /**
     * The first sequence that it can be given.
     *
     * <p>Of a subscription made while the engine runs: the one behind the slot of its change; or where its catching up
     * began, when it was given events of the past. Of one made before the start: where its replay began, which is 1 for
     * a rebuilding one, what follows its position for a resuming one, and the first event of this run for a live one.
     * Redeliveries that were pending before may have lower sequences.
     *
     * @return the sequence; 0 before {@link EventEngine#start()} has settled it
     */
    long effectiveFrom();

    /**
     * Ends the subscription, and waits for that: when it returns, its handler is done with its last event and its stop
     * hook has been called, on the thread of its stage. What the hook threw is logged, and among the
     * {@link CloseReport#hookErrors()}. With a journal, its position is in the outcome log when this returns, and its
     * pending deliveries are kept and reported; without one they are dropped. That position is before an event whose
     * follow-ups were not in the journal yet, so such an event is given again to one that comes back. Its name may be
     * subscribed again. Before the start it is just taken back. Idempotent: a second call returns the same sequence,
     * also after the engine was closed.
     *
     * <p>It takes effect behind all that is in the ring, so a handler that does not come back, and a thread that holds
     * what a handler waits for, keep it waiting until the engine is closed.
     *
     * @return the last sequence its handler could have been given; 0 when the engine was not started
     * @throws io.ringbus.engine.error.CalledFromHandlerException from one of the engine's own threads; use
     *                                                            {@link #unsubscribeAsync()}
     * @throws io.ringbus.engine.error.EngineStateException       while the engine is starting, and when it is or was
     *                                                            closed or failed before the subscription could end by
     *                                                            this
     */
    long unsubscribe();

    /**
     * Ends the subscription without waiting; may be called from a handler, its own included. Never throws for the
     * engine's state.
     *
     * @return completes as {@link #unsubscribe()} returns or throws, on a thread of the chain, which therefore must not
     *         be kept busy by what depends on it
     */
    CompletableFuture<Long> unsubscribeAsync();

    /**
     * Lets the deliveries of this subscription wait, retries included, until {@link #resume()}; the others of its stage
     * go on. What waits is bounded as with {@code PER_AGGREGATE}: see {@link SubscriptionConfig#maxWaiting}; it is noted
     * in the outcome log, so a start finds it, and is not paused any more. Does nothing when it is paused already.
     *
     * @return the last sequence that its handler could have been given before; when this returns, it is done with it
     * @throws io.ringbus.engine.error.CalledFromHandlerException from one of the engine's own threads
     * @throws io.ringbus.engine.error.EngineStateException       when the engine does not run
     */
    long pause();

    /**
     * Delivers what waited, in the order of the sequences, and goes on. Does nothing when it is not paused.
     *
     * @return the last sequence that had to wait; when this returns, each that waited has been attempted
     * @throws io.ringbus.engine.error.CalledFromHandlerException from one of the engine's own threads
     * @throws io.ringbus.engine.error.EngineStateException       when the engine does not run
     */
    long resume();

    /**
     * Whether its deliveries wait.
     *
     * @return true from {@link #pause()} to {@link #resume()}
     */
    boolean isPaused();

    /**
     * Whether it still is part of the chain.
     *
     * @return false once it has ended
     */
    boolean isActive();
}
