package io.ringbus.engine;

import io.ringbus.engine.retry.DeadLetter;
import io.ringbus.engine.ring.Delivery.EventCopy;
import io.ringbus.engine.spi.Outcome;
import java.time.Instant;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;

/**
 * A dead letter on its way from the outcome log to whoever asked for it.
 *
 * @param view what is shown of it
 * @param copy its event, or no more than the header of it where events are not decoded; null when it was not looked
 *             up, or is not there
 */
record Letter(DeadLetter view, EventCopy copy) {

    /** The order in which a query means its letters. */
    static final Comparator<Letter> ORDER = Comparator.<Letter>comparingLong(letter -> letter.view.sequence())
            .thenComparing(letter -> letter.view.subscription());

    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    /**
     * Puts one together.
     *
     * @param dead     what the outcome log says
     * @param typeName the name of its event's type; null without a copy
     * @param copy     as above
     */
    static Letter of(Outcome.Dead dead, String typeName, EventCopy copy) {
        return new Letter(new DeadLetter(dead.subscription(), dead.sequence(), typeName,
                copy == null ? null : copy.aggregateType(), copy == null ? 0 : copy.aggregateId(),
                copy == null ? null : copy.aggregateKey(), copy == null ? null : copy.event(),
                dead.error().className(), dead.error().message(), dead.attempts(), instant(dead.firstFailedAt()),
                instant(dead.lastFailedAt())), copy);
    }

    /** The same letter, with its event. */
    Letter with(String typeName, EventCopy found) {
        return new Letter(new DeadLetter(view.subscription(), view.sequence(), typeName, found.aggregateType(),
                found.aggregateId(), found.aggregateKey(), found.event(), view.errorClass(), view.errorMessage(),
                view.attempts(), view.firstFailedAt(), view.lastFailedAt()), found);
    }

    static Instant instant(long epochNanos) {
        return Instant.ofEpochSecond(Math.floorDiv(epochNanos, NANOS_PER_SECOND),
                Math.floorMod(epochNanos, NANOS_PER_SECOND));
    }
}
