package io.ringbus.engine.ring;

import io.ringbus.engine.spi.Outcome;

/**
 * Stands for the events that one delivery published, until the last link has seen them all: by then they are in the
 * journal. Guarded by the outbox's lock.
 */
public final class FollowUpNote {

    /** Why somebody wants to know when they are in the journal. */
    public enum Purpose {
        /** Nobody does: what a subscription without a past publishes need not come back. */
        NONE,
        /**
         * Only then may the log say that their cause was handled; if it said so before, a crash in between would lose
         * them.
         */
        HOLDS_POSITION,
        /** Until then a subscription that comes back must not take them for missing. */
        ON_ITS_WAY
    }

    long causeSequence;
    String causeSubscription;
    Purpose purpose;
    int left;
    Outcome outcome;

    FollowUpNote() {
        // Filled by the outbox, which uses it again and again.
    }

    boolean isOpen() {
        return left > 0;
    }

    boolean holdsPosition() {
        return isOpen() && purpose == Purpose.HOLDS_POSITION;
    }

    /** One of the events is through; returns what the log has to be told, if it was the last. */
    Outcome passed() {
        left--;
        Outcome told = left == 0 ? outcome : null;
        outcome = left == 0 ? null : outcome;
        return told;
    }
}
