package io.ringbus.engine.stage;

import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.RegisteredType;
import io.ringbus.engine.ring.Slot;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.spi.Outcome.ErrorText;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * What becomes of deliveries that did not simply succeed: noted in the outcome log, and scheduled for another attempt
 * once the note has been committed. One for each link, used by its thread.
 */
final class Settlements {

    private final EngineClock clock;
    private final List<RegisteredType<?>> types;
    private final OutcomeRecorder recorder;
    private final Consumer<List<Retry>> timer;
    private final AtomicLong recovered;

    private final SplittableRandom random = new SplittableRandom();
    private final List<Retry> toSchedule = new ArrayList<>();
    private boolean uncommitted;

    Settlements(EngineClock clock, List<RegisteredType<?>> types, OutcomeRecorder recorder,
            Consumer<List<Retry>> timer, AtomicLong recovered) {
        this.clock = clock;
        this.types = types;
        this.recorder = recorder;
        this.timer = timer;
        this.recovered = recovered;
    }

    /**
     * Notes a failed attempt.
     *
     * @param subscription whose handler failed
     * @param slot         what it was given
     * @param delivery     the delivery; null after a first attempt that came with a slot of its own
     * @param error        what was thrown
     * @return the delivery, at its next attempt and time; null when it was given up
     */
    Delivery failed(StageSubscription subscription, Slot slot, Delivery delivery, Throwable error) {
        boolean known = isKnown(subscription, slot);
        long now = clock.epochNanos();
        Delivery failed = delivery;
        if (failed == null) {
            try {
                failed = copyOf(subscription, slot);
            } catch (Exception | AssertionError | LinkageError | StackOverflowError e) {
                if (known) {
                    recorder.countFailedAgain();
                } else {
                    giveUpUncopied(subscription, slot, error, e);
                }
                return null;
            }
        }
        failed.failedAt(now);
        int attempt = failed.attempt();
        ErrorText text = ErrorText.of(error);
        RetryPolicy policy = subscription.definition().retry();
        long dueAt = policy.nextDueAt(attempt, failed.firstFailedAt(), now, error, random.nextDouble());
        if (dueAt == Long.MIN_VALUE) {
            if (known) {
                recorder.countFailedAgain();
                return null;
            }
            note(new Outcome.Dead(subscription.name(), slot.sequence(), attempt, failed.firstFailedAt(), now, text),
                    failed);
            return null;
        }
        if (!known) {
            note(new Outcome.Failed(subscription.name(), slot.sequence(), attempt, failed.firstFailedAt(), now, dueAt,
                    text), null);
        }
        failed.schedule(attempt + 1, dueAt);
        return failed;
    }

    /**
     * Notes that a delivery waits behind an earlier one.
     *
     * @return the delivery; null when its event could not be copied, which makes it a dead letter
     */
    Delivery waiting(StageSubscription subscription, Slot slot) {
        Delivery delivery;
        try {
            delivery = copyOf(subscription, slot);
        } catch (Exception | AssertionError | LinkageError | StackOverflowError e) {
            giveUpUncopied(subscription, slot, new IllegalStateException("it had to wait behind an earlier one"), e);
            return null;
        }
        note(new Outcome.Waiting(subscription.name(), slot.sequence(), clock.epochNanos()), null);
        return delivery;
    }

    /** Gives a delivery up that was not attempted. */
    void giveUp(StageSubscription subscription, Slot slot, Throwable reason) {
        long now = clock.epochNanos();
        Delivery delivery = null;
        ErrorText text = ErrorText.of(reason);
        try {
            delivery = copyOf(subscription, slot);
        } catch (Exception | AssertionError | LinkageError | StackOverflowError e) {
            text = uncopied(text, e);
        }
        note(new Outcome.Dead(subscription.name(), slot.sequence(), 0, now, now, text), delivery);
    }

    /** That a pending delivery was handled; null when the log knows it, because this is a replay. */
    Outcome recovered(StageSubscription subscription, Delivery delivery) {
        if (delivery.isReplayed() && recorder.isKnown(subscription.name(), delivery.sequence())) {
            return null;
        }
        return new Outcome.Recovered(subscription.name(), delivery.sequence(), delivery.attempt(), clock.epochNanos());
    }

    /** That a delivery was handled, for those that want a log of all; null when the log knows it. */
    Outcome handled(StageSubscription subscription, Slot slot, int attempt, long nanos) {
        return isKnown(subscription, slot) ? null
                : new Outcome.Handled(subscription.name(), slot.sequence(), attempt, clock.epochNanos(), nanos);
    }

    /** Notes an outcome. */
    void note(Outcome outcome) {
        note(outcome, null);
    }

    void countRecovered() {
        recovered.incrementAndGet();
    }

    /** Hands a delivery to the timer, after the next commit. */
    void schedule(Delivery delivery) {
        toSchedule.add(new Retry(delivery, delivery.attempt(), delivery.dueAt()));
    }

    /** Commits what was noted, and only then lets the timer have what was scheduled. */
    void commit() {
        if (uncommitted) {
            uncommitted = false;
            recorder.commit();
        }
        if (!toSchedule.isEmpty()) {
            timer.accept(toSchedule);
            toSchedule.clear();
        }
    }

    private void note(Outcome outcome, Delivery dead) {
        recorder.record(outcome, dead == null ? null : dead.copy());
        uncommitted = true;
    }

    /**
     * Whether this is the replay of something that an earlier run has noted the end of. A rebuilding subscription that
     * fails on it again is retried again where its order allows that, or its state would lack what had been recovered
     * then; but it is not noted again.
     */
    private boolean isKnown(StageSubscription subscription, Slot slot) {
        return isRebuilding(subscription, slot) && recorder.isKnown(subscription.name(), slot.sequence());
    }

    private static boolean isRebuilding(StageSubscription subscription, Slot slot) {
        return slot.kind == Slot.Kind.REPLAY && subscription.definition().recovery() == RecoveryMode.REBUILD;
    }

    /** The delivery of a slot's event, which outlives the slot. What the copier throws is passed on. */
    Delivery copyOf(StageSubscription subscription, Slot slot) {
        Delivery delivery = new Delivery(subscription.index(), slot.sequence(),
                Delivery.EventCopy.of(slot, retained(slot)));
        if (isRebuilding(subscription, slot)) {
            delivery.replayed();
        }
        return delivery;
    }

    /** A slot's event in a form that outlives the slot. What the copier throws is passed on. */
    Object retained(Slot slot) {
        return retained(types.get(slot.typeIndex), slot.event);
    }

    /** The copier of a preallocated type is the user's: what it throws costs the delivery, not the engine. */
    private void giveUpUncopied(StageSubscription subscription, Slot slot, Throwable error, Throwable copierError) {
        long now = clock.epochNanos();
        note(new Outcome.Dead(subscription.name(), slot.sequence(), 1, now, now,
                uncopied(ErrorText.of(error), copierError)), null);
    }

    private static ErrorText uncopied(ErrorText error, Throwable copierError) {
        return new ErrorText(error.className(), error.message()
                + "; and the event could not be copied for another attempt: " + copierError);
    }

    private static <T> Object retained(RegisteredType<T> type, Object event) {
        return type.type().retained(type.type().eventClass().cast(event));
    }
}
