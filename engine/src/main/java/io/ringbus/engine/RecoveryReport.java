package io.ringbus.engine;

import io.ringbus.engine.spi.JournalReport;
import java.time.Duration;
import java.util.List;

/**
 * What a start found and did.
 *
 * @param journal             what opening the journal found
 * @param eventsReplayed      events fed into the ring as replays
 * @param retriesScheduled    pending deliveries taken over, at their attempt and their time
 * @param deadLetters         dead letters the journal holds and that are not cleared
 * @param findings            one sentence for each thing out of the ordinary: what the journal reports, subscriptions
 *                            that are not there any more and what they left pending, retired event types passed over
 * @param followUps           what rebuilding handlers published, compared with what the journal holds
 * @param duration            of the whole recovery
 */
public record RecoveryReport(JournalReport journal, long eventsReplayed, int retriesScheduled, long deadLetters,
        List<String> findings, FollowUps followUps, Duration duration) {

    /**
     * What rebuilding handlers published while they were given the past.
     *
     * @param matched     what the journal holds as well, and which was not published again
     * @param published   what the journal did not hold, and which was published now
     * @param diverged    how often journal and handler differ
     * @param divergences a sentence for each of the first hundred, which names both events
     */
    public record FollowUps(long matched, long published, long diverged, List<String> divergences) {

        /**
         * Copies the divergences.
         *
         * @param matched as above
         * @param published as above
         * @param diverged as above
         * @param divergences as above
         */
        public FollowUps {
            divergences = List.copyOf(divergences);
        }
    }

    /**
     * Copies the findings.
     *
     * @param journal as above
     * @param eventsReplayed as above
     * @param retriesScheduled as above
     * @param deadLetters as above
     * @param findings as above
     * @param followUps as above
     * @param duration as above
     */
    public RecoveryReport {
        findings = List.copyOf(findings);
    }
}
