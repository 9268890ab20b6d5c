package io.ringbus.journal.replay;

import java.util.List;

/**
 * What a reading of outcomes came to.
 *
 * @param outcomes        how many outcomes were passed on
 * @param highestSequence the highest sequence of an event that the log names, also where it is no longer kept; 0 when it
 *                        names none
 * @param findings        one sentence for each damage that was passed over, for a torn end, and for files at the
 *                        beginning that are no longer there; empty when all was well
 */
public record OutcomeReport(long outcomes, long highestSequence, List<String> findings) {

    /**
     * Copies the findings.
     *
     * @param outcomes        how many outcomes were passed on
     * @param highestSequence the highest sequence that the log names
     * @param findings        one sentence for each thing out of the ordinary
     */
    public OutcomeReport {
        findings = List.copyOf(findings);
    }
}
