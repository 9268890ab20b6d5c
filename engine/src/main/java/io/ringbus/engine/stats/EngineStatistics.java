package io.ringbus.engine.stats;

import java.time.Duration;
import java.util.List;

/**
 * The engine's counters at about one instant. Each number was true at some moment during the call; they are not taken
 * under one lock, so sums may be off by what happened meanwhile. What a handled event published is counted, as waiting
 * or as published: when nobody else publishes and no retry is pending, an empty outbox and {@code handled == published}
 * mean that nothing is under way.
 *
 * @param state              the engine's state
 * @param uptime             since the start; zero before
 * @param published          events published since the start: one for each event of a collection; not redeliveries
 * @param ringSize           slots
 * @param ringOccupied       slots claimed and not yet passed by the last stage
 * @param outboxWaiting      events of handlers that wait for a place in the ring
 * @param watermarks         the four watermarks
 * @param stages             each stage's lag, in chain order, the journal stage and the retry stage included
 * @param subscriptions      each subscription's counters, in the order of subscribing
 * @param retries            the retry stage's counters
 */
public record EngineStatistics(EngineState state, Duration uptime, long published, int ringSize, long ringOccupied,
        long outboxWaiting, Watermarks watermarks, List<StageStatistics> stages,
        List<SubscriptionStatistics> subscriptions, RetryStatistics retries) {

    /**
     * Copies the lists.
     *
     * @param state as above
     * @param uptime as above
     * @param published as above
     * @param ringSize as above
     * @param ringOccupied as above
     * @param outboxWaiting as above
     * @param watermarks as above
     * @param stages as above
     * @param subscriptions as above
     * @param retries as above
     */
    public EngineStatistics {
        stages = List.copyOf(stages);
        subscriptions = List.copyOf(subscriptions);
    }

    /**
     * The counters of one subscription.
     *
     * @param name subscription name
     * @return its counters
     * @throws IllegalArgumentException when there is no such subscription
     */
    public SubscriptionStatistics subscription(String name) {
        return subscriptions.stream().filter(s -> s.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no subscription of this name: name=" + name));
    }

    /**
     * The four watermarks; 0 where nothing is yet, and for the durable ones of an engine without a journal.
     *
     * @param published the highest sequence up to which all events are published
     * @param journaled the highest sequence up to which all events are in the journal
     * @param synced    the highest sequence up to which all events were forced to disk
     * @param handled   the highest sequence with which the whole chain is done
     */
    public record Watermarks(long published, long journaled, long synced, long handled) {
    }

    /**
     * Where a stage stands.
     *
     * @param name the stage
     * @param lag  places of the ring that are published and that this stage has not passed
     */
    public record StageStatistics(String name, long lag) {
    }

    /**
     * What a subscription did since the start.
     *
     * <p>One in {@code timeEvery} slots is timed (256 unless configured otherwise), so mean and maximum speak of a
     * sample.
     *
     * @param name               the subscription
     * @param priority           its priority
     * @param handled            deliveries that ended well: first attempts, redeliveries and replays
     * @param failed             attempts that threw
     * @param meanHandlingNanos  mean time in the handler, nanoseconds; 0 when nothing was timed
     * @param maxHandlingNanos   longest time in the handler, nanoseconds; 0 when nothing was timed
     */
    public record SubscriptionStatistics(String name, int priority, long handled, long failed, long meanHandlingNanos,
            long maxHandlingNanos) {
    }

    /**
     * What the retry stage did since the start.
     *
     * @param pending           deliveries that wait for another attempt, or behind one that does, those brought from
     *                          the journal included
     * @param redelivered       redeliveries published into the ring
     * @param recovered         pending deliveries that were handled: after a failure, or after waiting behind one
     * @param deadLetters       dead letters there are: not driven again, discarded or cleared since they were given up
     * @param meanLatenessNanos mean time by which a redelivery was published after it was due
     * @param p99LatenessNanos  the time that 99 of 100 redeliveries kept within, at most 1/16 (6.25 %) too high; 0 while
     *                          there was none. What a stage attempts while it waits for it is no redelivery
     * @param maxLatenessNanos  longest such time
     */
    public record RetryStatistics(long pending, long redelivered, long recovered, long deadLetters,
            long meanLatenessNanos, long p99LatenessNanos, long maxLatenessNanos) {
    }
}
