package io.ringbus.journal.replay;

import java.util.List;

/**
 * What a replay came to.
 *
 * @param events       how many events were passed on
 * @param lastSequence the last sequence that was looked at, passed on or not; 0 when there was none
 * @param findings     one sentence for each damage that was passed over, and for a torn end; empty when all was well
 */
public record ReplayReport(long events, long lastSequence, List<String> findings) {

    /**
     * Copies the findings.
     *
     * @param events       how many events were passed on
     * @param lastSequence the last sequence that was looked at
     * @param findings     one sentence for each thing out of the ordinary
     */
    public ReplayReport {
        findings = List.copyOf(findings);
    }
}
