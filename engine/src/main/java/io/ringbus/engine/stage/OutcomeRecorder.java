package io.ringbus.engine.stage;

import io.ringbus.engine.ring.Delivery.EventCopy;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.spi.OutcomeLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;

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

    /**
     * All dead letters. When there are more than memory holds, the whole outcome log is read, and every stage that has
     * an outcome to write waits for that.
     *
     * @return those in memory with their events, the others without
     * @throws io.ringbus.engine.error.JournalException when the log cannot be read
     */
    public synchronized DeadLetters.Stock deadLetters() {
        requireUnbroken();
        DeadLetters.Stock inMemory = ledger.deadLetters().inMemory();
        if (inMemory.outOfReach() == 0) {
            return inMemory;
        }
        commit();
        DeadLetterHistory history = new DeadLetterHistory();
        log.readAll(history::apply);
        Map<DeliveryKey, DeadLetters.Held> letters = new LinkedHashMap<>();
        history.letters().stream().map(outcome -> new DeadLetters.Held(outcome, null))
                .forEach(held -> letters.put(held.key(), held));
        // Without a journal there is no other account of them than memory's.
        inMemory.letters().forEach(held -> letters.put(held.key(), held));
        return new DeadLetters.Stock(List.copyOf(letters.values()),
                Math.max(0, inMemory.letters().size() + inMemory.outOfReach() - letters.size()),
                inMemory.clearings());
    }

    /**
     * Makes a log that ends within a restatement whole, so that what is appended behind it counts. Before the first
     * act where no engine has done so at its start.
     */
    public synchronized void closeGap() {
        guarded(() -> ledger.closeGap(clock.epochNanos(), log::append));
    }

    /**
     * Notes an operator's acts on dead letters, for good when it returns. What is not dead any more is left alone.
     *
     * @param acts      outcomes of the kinds {@link Outcome.DrivenAgain} and {@link Outcome.Discarded}
     * @param clearings what the {@link DeadLetters.Stock} said in which the letters were found
     * @param stands    asked for the index of each act on a letter that is dead still, whether it is to be done; no
     *                  subscription that leaves or joins settles its account meanwhile
     * @return whether each of them had an effect
     * @throws io.ringbus.engine.error.JournalException when it is not certain that they are in the log
     */
    public synchronized List<Boolean> act(List<? extends Outcome> acts, long clearings, IntPredicate stands) {
        List<Boolean> effects = new ArrayList<>();
        for (int i = 0; i < acts.size(); i++) {
            Outcome act = acts.get(i);
            boolean done = ledger.isDead(keyOf(act), clearings) && stands.test(i);
            effects.add(done);
            if (done) {
                record(act, null);
            }
        }
        commit();
        return effects;
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

    /** Whether a checkpoint would say something new of a subscription, or the log wants the whole state again. */
    synchronized boolean wantsCheckpoint(long handledThrough) {
        return ledger.isBehind(handledThrough) || log.wantsRestatement();
    }

    private static DeliveryKey keyOf(Outcome act) {
        if (act instanceof Outcome.DrivenAgain driven) {
            return new DeliveryKey(driven.subscription(), driven.sequence());
        }
        Outcome.Discarded discarded = (Outcome.Discarded) act;
        return new DeliveryKey(discarded.subscription(), discarded.sequence());
    }

    /** After an error it is not certain what is in the log: nothing more is written, and the engine stops. */
    private void guarded(Runnable write) {
        requireUnbroken();
        try {
            write.run();
        } catch (RuntimeException | Error e) {
            broken = e;
            throw e;
        }
    }

    private void requireUnbroken() {
        if (broken instanceof Error error) {
            throw error;
        }
        if (broken instanceof RuntimeException error) {
            throw error;
        }
    }
}
