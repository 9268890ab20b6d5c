package io.ringbus.engine;

import java.util.List;
import java.util.Map;

/**
 * What closing an engine left behind.
 *
 * @param handledThrough the whole chain is done with all events up to this sequence
 * @param pending        deliveries that wait for another attempt; with a journal they are taken up at the next start
 * @param pendingBySubscription how many of them each subscription has, absent ones included; only those that have any;
 *                       empty when a thread is still at work
 * @param deadLetters    deliveries given up and not cleared; {@code EventEngine.deadLetters()} still lists the newest
 * @param notHandled     places of the ring that were published and that the chain did not finish within the time-out;
 *                       with a journal, the journaled ones are delivered at the next start
 * @param drained        whether everything published was done with and every thread has ended
 * @param failure        what stopped the engine before it was closed; null when nothing did
 * @param hookErrors     what {@code onStop} hooks threw, one sentence each
 */
public record CloseReport(long handledThrough, int pending, Map<String, Integer> pendingBySubscription,
        long deadLetters, long notHandled, boolean drained, Throwable failure, List<String> hookErrors) {

    /**
     * Copies the collections.
     *
     * @param handledThrough as above
     * @param pending as above
     * @param pendingBySubscription as above
     * @param deadLetters as above
     * @param notHandled as above
     * @param drained as above
     * @param failure as above
     * @param hookErrors as above
     */
    public CloseReport {
        pendingBySubscription = Map.copyOf(pendingBySubscription);
        hookErrors = List.copyOf(hookErrors);
    }
}
