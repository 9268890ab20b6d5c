package io.ringbus.engine.stage;

import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.EventRing;
import io.ringbus.engine.ring.Failure;
import io.ringbus.engine.ring.RegisteredType;
import io.ringbus.engine.ring.Slot;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.spi.OutcomeLog;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The last link. It takes the failures out of the slots, decides what becomes of each, writes that to the outcome log,
 * and only then lets the slots go: what the handled watermark has passed is noted. Checkpoints are taken here because
 * whatever this link has seen, every other one has seen before.
 */
public final class RetryLink extends Link {

    private final EventRing ring;
    private final EngineClock clock;
    private final List<StageSubscription> subscriptions;
    private final List<RegisteredType<?>> types;
    private final Log log;

    private final SplittableRandom random = new SplittableRandom();
    private final List<Delivery> toSchedule = new ArrayList<>();
    private final AtomicLong recovered = new AtomicLong();
    private final AtomicLong failedAgain = new AtomicLong();

    private Consumer<List<Delivery>> timer = deliveries -> { };
    private volatile boolean checkpointDue;
    private volatile boolean aheadOfCheckpoint;
    private long handledThrough;
    private long checkpointedThrough;

    /**
     * The last link of a chain.
     *
     * @param ring          the ring
     * @param clock         the engine's
     * @param subscriptions by index
     * @param types         by index
     * @param log           where outcomes go
     */
    RetryLink(EventRing ring, EngineClock clock, List<StageSubscription> subscriptions, List<RegisteredType<?>> types,
            Log log) {
        super("retry");
        this.ring = ring;
        this.clock = clock;
        this.subscriptions = subscriptions;
        this.types = types;
        this.log = log;
    }

    /**
     * Where outcomes go: to the log, and to the ledger that is its fold.
     *
     * @param outcomes the log
     * @param ledger   its fold, read already
     */
    public record Log(OutcomeLog outcomes, DeliveryLedger ledger) {

        void write(Outcome outcome, Object event) {
            ledger.apply(outcome, event);
            outcomes.append(outcome);
        }
    }

    /**
     * Says who takes deliveries that wait for another attempt. Before the chain runs.
     *
     * @param newTimer given them after their failure is in the log
     */
    void scheduleWith(Consumer<List<Delivery>> newTimer) {
        timer = newTimer;
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

    /** Clears the dead letters, for good when it returns. On this link's thread. */
    public void clearDeadLetters() {
        log.write(new Outcome.DeadLettersCleared(clock.epochNanos()), null);
        log.outcomes.commit();
    }

    /**
     * Writes a checkpoint, and the whole state when the log wants it or it is asked for. On this link's thread, or
     * after it ended.
     *
     * @param restate whether to write the whole state in any case
     */
    public void checkpoint(boolean restate) {
        for (StageSubscription subscription : subscriptions) {
            if (!subscription.isActive()) {
                log.ledger.leave(subscription.name(), outcome -> log.write(outcome, null));
            }
        }
        log.write(new Outcome.Checkpoint(handledThrough, clock.epochNanos()), null);
        if (restate || log.outcomes.wantsRestatement()) {
            log.ledger.restate(clock.epochNanos(), log.outcomes::append);
        }
        log.outcomes.commit();
        checkpointedThrough = handledThrough;
        checkpointDue = false;
        aheadOfCheckpoint = false;
    }

    /**
     * Whether something was handled since the last checkpoint. Any thread.
     *
     * @return true when a checkpoint would say something new
     */
    public boolean isAheadOfCheckpoint() {
        return aheadOfCheckpoint;
    }

    /**
     * Deliveries that were handled after a failure.
     *
     * @return the count since the start
     */
    public long recovered() {
        return recovered.get();
    }

    /**
     * Failures of rebuilding subscriptions on events that they had dealt with in an earlier run: not noted again.
     *
     * @return the count since the start
     */
    public long failedAgain() {
        return failedAgain.get();
    }

    @Override
    long process(long first, long last) {
        for (long place = first; place <= last; place++) {
            Slot slot = ring.slot(place);
            switch (slot.kind) {
                case EVENT, REPLAY -> {
                    noteFailures(slot);
                    handledThrough = slot.sequence;
                }
                case REDELIVERY -> {
                    if (slot.failures() != null) {
                        noteFailures(slot);
                    } else if (slot.delivered) {
                        noteRecovery(slot.delivery);
                    }
                }
                case BARRIER -> slot.command.run();
                default -> {
                    // A void place held nothing.
                }
            }
            slot.clear();
        }
        if (checkpointDue && handledThrough != checkpointedThrough) {
            checkpoint(false);
        }
        if (!aheadOfCheckpoint && handledThrough != checkpointedThrough) {
            aheadOfCheckpoint = true;
        }
        log.outcomes.commit();
        if (!toSchedule.isEmpty()) {
            timer.accept(toSchedule);
            toSchedule.clear();
        }
        return last;
    }

    private void noteFailures(Slot slot) {
        List<Failure> failures = slot.failures();
        if (failures != null) {
            for (Failure failure : failures) {
                noteFailure(slot, failure);
            }
        }
    }

    private void noteFailure(Slot slot, Failure failure) {
        StageSubscription subscription = subscriptions.get(failure.subscription());
        if (slot.kind == Slot.Kind.REPLAY && wasNotedBefore(subscription, slot.sequence)) {
            failedAgain.lazySet(failedAgain.get() + 1);
            return;
        }
        Delivery delivery = slot.delivery;
        if (delivery == null) {
            try {
                delivery = new Delivery(subscription.index(), slot.sequence,
                        Delivery.EventCopy.of(slot, retained(types.get(slot.typeIndex), slot.event)), failure.at());
            } catch (Exception | AssertionError | LinkageError | StackOverflowError e) {
                giveUpUncopied(slot, failure, e);
                return;
            }
        }
        int attempt = slot.delivery == null ? 1 : delivery.attempt();
        Outcome.ErrorText error = Outcome.ErrorText.of(failure.error());
        long dueAt = subscription.definition().retry().nextDueAt(attempt, delivery.firstFailedAt(), failure.at(),
                failure.error(), random.nextDouble());
        if (dueAt == Long.MIN_VALUE) {
            log.write(new Outcome.Dead(subscription.name(), slot.sequence, attempt, delivery.firstFailedAt(),
                    failure.at(), error), delivery.event());
        } else {
            log.write(new Outcome.Failed(subscription.name(), slot.sequence, attempt, delivery.firstFailedAt(),
                    failure.at(), dueAt, error), null);
            delivery.schedule(attempt + 1, dueAt);
            toSchedule.add(delivery);
        }
    }

    /** The copier of a preallocated type is the user's: what it throws costs the delivery, not the engine. */
    private void giveUpUncopied(Slot slot, Failure failure, Throwable copierError) {
        Outcome.ErrorText error = Outcome.ErrorText.of(failure.error());
        log.write(new Outcome.Dead(subscriptions.get(failure.subscription()).name(), slot.sequence, 1, failure.at(),
                failure.at(), new Outcome.ErrorText(error.className(), error.message()
                        + "; and the event could not be copied for another attempt: " + copierError)), null);
    }

    /** A rebuilding subscription fails again on what it failed on before; its dead letter is in the log already. */
    private boolean wasNotedBefore(StageSubscription subscription, long sequence) {
        if (subscription.definition().recovery() != RecoveryMode.REBUILD) {
            return false;
        }
        return log.ledger.hasDealtWith(subscription.name(), sequence);
    }

    private void noteRecovery(Delivery delivery) {
        recovered.lazySet(recovered.get() + 1);
        log.write(new Outcome.Recovered(subscriptions.get(delivery.subscription()).name(), delivery.sequence(),
                delivery.attempt(), clock.epochNanos()), null);
    }

    private static <T> Object retained(RegisteredType<T> type, Object event) {
        return type.type().retained(type.type().eventClass().cast(event));
    }
}
