package io.ringbus.engine.ring;

import java.nio.ByteBuffer;

/** What only some slots have, beside their event: where it comes from, and what is to be done with it. */
final class Attachment {

    /** 0 in both halves for no message id. */
    long messageIdHigh;
    long messageIdLow;
    /** The sequence of the event whose handling published this one; 0 for none. */
    long causeSequence;
    /** The subscription whose handler published this one; null for none. */
    String causeSubscription;
    /** Which of the events it is that were published for the same cause. */
    int causeOrdinal;
    /** Told when the last link has seen this event: then it is in the journal. Null for none. */
    FollowUpNote note;
    /** For a {@link Slot.Kind#REDELIVERY}: what is delivered again. */
    Delivery delivery;
    /** For a {@link Slot.Kind#REDELIVERY}: which attempt it is. */
    int attempt;
    /** The encoded event, where it does not fit the slot's own buffer; null where it does. */
    ByteBuffer bytes;
    /** For a {@link Slot.Kind#BARRIER}: run by the last link, on its thread. */
    Runnable command;

    void clear() {
        messageIdHigh = 0;
        messageIdLow = 0;
        causeSequence = 0;
        causeSubscription = null;
        causeOrdinal = 0;
        note = null;
        delivery = null;
        attempt = 0;
        bytes = null;
        command = null;
    }
}
