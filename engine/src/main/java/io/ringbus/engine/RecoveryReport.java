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
 * @param duration            of the whole recovery
 */
public record RecoveryReport(JournalReport journal, long eventsReplayed, int retriesScheduled, long deadLetters,
        List<String> findings, Duration duration) {

    /**
     * Copies the findings.
     *
     * @param journal as above
     * @param eventsReplayed as above
     * @param retriesScheduled as above
     * @param deadLetters as above
     * @param findings as above
     * @param duration as above
     */
    public RecoveryReport {
        findings = List.copyOf(findings);
    }
}
