package io.ringbus.engine.stage;

import io.ringbus.engine.ring.EventRing;
import io.ringbus.engine.ring.FollowUpNote;
import io.ringbus.engine.ring.Outbox;
import io.ringbus.engine.ring.Slot;
import io.ringbus.engine.spi.Outcome;
import java.util.function.LongSupplier;

/**
 * The last link: what it has seen, every other one has seen before. It takes checkpoints, runs commands in their place
 * between the events, and lets the slots go. What failed on the way was noted by the stages.
 */
public final class RetryLink extends Link {

    private final EventRing ring;
    private final OutcomeRecorder recorder;
    private final Outbox outbox;
    private final FollowUpMatcher matcher;
    private final LongSupplier underWay;
    private final Runnable timerHelp;

    private volatile boolean checkpointDue;
    private volatile boolean aheadOfCheckpoint;
    private boolean noted;
    private long handledThrough;
    private long checkpointedThrough;

    /**
     * The last link of a chain.
     *
     * @param ring      the ring
     * @param recorder  where checkpoints go
     * @param outbox    told of follow-ups that are through, and of places that are free
     * @param matcher   given the follow-ups that the journal holds
     * @param underWay  names the first sequence whose handling has not ended
     * @param timerHelp publishes the redeliveries that are due, called between two batches
     */
    RetryLink(EventRing ring, OutcomeRecorder recorder, Outbox outbox, FollowUpMatcher matcher,
            LongSupplier underWay, Runnable timerHelp) {
        super("retry");
        this.underWay = underWay;
        this.timerHelp = timerHelp;
        this.outbox = outbox;
        this.matcher = matcher;
        this.ring = ring;
        this.recorder = recorder;
    }

    /** Asks for a checkpoint at the end of the next batch. Any thread. */
    public void requestCheckpoint() {
        checkpointDue = true;
    }

    /**
     * Tells it where the journal ends, so that the checkpoint after a recovery is true. On the thread that starts the
     * engine, when nothing is in the ring.
     *
     * @param lastSequence the last sequence of the journal
     */
    public void recoveredThrough(long lastSequence) {
        handledThrough = lastSequence;
    }

    /**
     * Writes a checkpoint, and the whole state when the log wants it or it is asked for. On this link's thread, or
     * after it ended.
     *
     * @param restate whether to write the whole state in any case
     */
    public void checkpoint(boolean restate) {
        checkpoint(endedThrough(), restate);
    }

    /**
     * Whether more was handled than the last checkpoint says. Any thread.
     *
     * @return true when a checkpoint may say something new: it does not while what it stopped at is under way still
     */
    public boolean isAheadOfCheckpoint() {
        return aheadOfCheckpoint;
    }

    @Override
    long process(long first, long last) {
        long place = first;
        while (place <= last) {
            long plain = ring.letGoPlain(place, last);
            if (plain >= place) {
                // Computed, not read: the sequences' cache lines stay with the thread of the first link.
                handledThrough = ring.sequenceOf(plain);
            }
            if (plain < last) {
                finish(plain + 1);
            }
            place = plain + 2;
        }
        if (noted) {
            noted = false;
            recorder.commit();
        }
        if (checkpointDue && handledThrough != checkpointedThrough) {
            checkpointDue = false;
            // One that repeats the last would fill the log for as long as a handling hangs.
            long ended = endedThrough();
            if (ended > checkpointedThrough || recorder.wantsCheckpoint(ended)) {
                checkpoint(ended, false);
            }
        }
        if (!aheadOfCheckpoint && handledThrough != checkpointedThrough) {
            aheadOfCheckpoint = true;
        }
        return last;
    }

    /** Sees to what is not just an event, and lets its slot go. */
    private void finish(long place) {
        Slot slot = ring.slot(place);
        switch (slot.kind) {
            case EVENT -> {
                handledThrough = ring.sequenceOf(place);
                FollowUpNote note = slot.note();
                if (note != null) {
                    noteFollowUp(note);
                }
            }
            case REPLAY -> {
                handledThrough = slot.sequence();
                if (slot.causeSubscription() != null) {
                    matcher.replayed(slot);
                }
            }
            case BARRIER -> slot.command().run();
            default -> {
                // A redelivery was settled by its stage; a void place held nothing.
            }
        }
        slot.clear();
    }

    @Override
    void released() {
        outbox.flush();
        timerHelp.run();
    }

    /** What was handled counts only when its handling has ended, and the journal has what it published. */
    private long endedThrough() {
        long open = Math.min(underWay.getAsLong(), outbox.oldestUnsettledCause());
        return Math.min(handledThrough, open - 1);
    }

    private void checkpoint(long ended, boolean restate) {
        checkpointedThrough = ended;
        recorder.checkpoint(ended, restate);
        checkpointDue = false;
        aheadOfCheckpoint = handledThrough != ended;
    }

    /** It has passed the journal. */
    private void noteFollowUp(FollowUpNote note) {
        Outcome outcome = outbox.passed(note);
        if (outcome != null) {
            recorder.record(outcome, null);
            noted = true;
        }
    }
}
