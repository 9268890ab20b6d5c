package io.ringbus.engine.ring;

import io.ringbus.engine.spi.Outcome;

/**
 * Stands for the events that one delivery of a resuming subscription published, until the last link has seen them all:
 * by then they are in the journal. Only then may the log say that their cause was handled; if it said so before, a
 * crash in between would lose them. Guarded by the outbox's lock.
 */
public final class FollowUpNote {

    long causeSequence;
    String causeSubscription;
    int left;
    Outcome outcome;

    FollowUpNote() {
        // Filled by the outbox, which uses it again and again.
    }

    /** One of the events is through; returns what the log has to be told, if it was the last. */
    Outcome passed() {
        left--;
        Outcome told = left == 0 ? outcome : null;
        outcome = left == 0 ? null : outcome;
        return told;
    }
}
