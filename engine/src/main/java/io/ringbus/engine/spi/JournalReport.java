package io.ringbus.engine.spi;

import java.util.List;

/**
 * What opening a journal found.
 *
 * @param location     where the journal is, for messages; empty for none
 * @param lastSequence the highest sequence it holds, 0 when it is empty
 * @param findings     one sentence for each thing out of the ordinary: a torn end that was cut off, damage that is
 *                     passed over, a recreated file; empty when all was well
 */
public record JournalReport(String location, long lastSequence, List<String> findings) {

    /**
     * Copies the findings.
     *
     * @param location as above
     * @param lastSequence as above
     * @param findings as above
     */
    public JournalReport {
        findings = List.copyOf(findings);
    }
}
