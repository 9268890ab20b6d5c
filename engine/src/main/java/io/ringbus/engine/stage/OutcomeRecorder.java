package io.ringbus.engine.stage;

import io.ringbus.engine.ring.Delivery.EventCopy;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.spi.OutcomeLog;
import java.util.function.Function;

/**
 * Where outcomes go: to the log, and to the ledger that is its fold. Every stage writes here on its own thread before
 * it lets go of the slots concerned, so whatever the handled watermark has passed is noted, and a stage that waits for
 * a retry can note each attempt although nothing of it has reached the end of the chain. All under this object's lock,
 * which nobody takes where nothing failed.
 */
public final class OutcomeRecorder {

    private final OutcomeLog log;
    private final DeliveryLedger ledger;
    private final EngineClock clock;

    private Throwable broken;
    private long failedAgain;

    /**
     * A recorder.
     *
     * @param log    the log
     * @param ledger its fold, read already when the first outcome comes
     * @param clock  the engine's
     */
    public OutcomeRecorder(OutcomeLog log, DeliveryLedger ledger, EngineClock clock) {
        this.log = log;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Takes an outcome; a dead letter with its event, if there is a copy. It is in the log after the next commit. */
    synchronized void record(Outcome outcome, EventCopy event) {
        guarded(() -> {
            ledger.apply(outcome, event);
            log.append(outcome);
        });
    }

    /** Makes what was recorded outlive a crash. */
    synchronized void commit() {
        guarded(log::commit);
    }

    /** Whether the log knows already what became of a delivery of an earlier run; then it is not noted again. */
    synchronized boolean isKnown(String subscription, long sequence) {
        return ledger.hasDealtWith(subscription, sequence);
    }

    /** Counts a failure that is not noted again. */
    synchronized void countFailedAgain() {
        failedAgain++;
    }

    /**
     * Failures of rebuilding subscriptions on events that they had dealt with in an earlier run: not noted again.
     *
     * @return the count since the start
     */
    public synchronized long failedAgain() {
        return failedAgain;
    }

    /** Clears the dead letters, for good when it returns. */
    public synchronized void clearDeadLetters() {
        record(new Outcome.DeadLettersCleared(clock.epochNanos()), null);
        commit();
    }

    /** Uses the ledger, while nothing is written. */
    synchronized <T> T ask(Function<DeliveryLedger, T> question) {
        return question.apply(ledger);
    }

    /** Writes a checkpoint, and the whole state when the log wants it or it is asked for. */
    synchronized void checkpoint(long handledThrough, boolean restate) {
        record(new Outcome.Checkpoint(handledThrough, clock.epochNanos()), null);
        guarded(() -> {
            if (restate || log.wantsRestatement()) {
                ledger.restate(clock.epochNanos(), log::append);
            }
            log.commit();
        });
    }

    /** After an error it is not certain what is in the log: nothing more is written, and the engine stops. */
    private void guarded(Runnable write) {
        if (broken instanceof Error error) {
            throw error;
        }
        if (broken instanceof RuntimeException error) {
            throw error;
        }
        try {
            write.run();
        } catch (RuntimeException | Error e) {
            broken = e;
            throw e;
        }
    }
}
