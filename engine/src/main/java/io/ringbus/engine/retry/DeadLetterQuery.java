package io.ringbus.engine.retry;

import io.ringbus.engine.error.InvalidConfigurationException;
import java.time.Duration;
import java.time.Instant;

/**
 * Which dead letters are meant: those that fit everything that was asked for. Immutable; each method returns a changed
 * copy, and the last call of one name counts.
 *
 * <p>A query means its letters in one order, by sequence and then by subscription, so the same query with the same
 * {@link #limit(int) limit} lists, drives again and discards the same letters.
 */
public final class DeadLetterQuery {

    private static final DeadLetterQuery ALL = new DeadLetterQuery(new OfDelivery(null, 0, null, Duration.ZERO),
            new OfEvent(null, null, 0, null), Integer.MAX_VALUE);

    private final OfDelivery delivery;
    private final OfEvent event;
    private final int limit;

    private DeadLetterQuery(OfDelivery delivery, OfEvent event, int limit) {
        this.delivery = delivery;
        this.event = event;
        this.limit = limit;
    }

    /**
     * Means every dead letter.
     *
     * @return the query
     */
    public static DeadLetterQuery all() {
        return ALL;
    }

    /**
     * Means those of one subscription.
     *
     * @param name its name
     * @return the changed copy
     */
    public DeadLetterQuery subscription(String name) {
        return with(new OfDelivery(text("subscription", name), delivery.sequence, delivery.errorClass,
                delivery.minAge));
    }

    /**
     * Means those of one event; together with {@link #subscription} that is one letter at most.
     *
     * @param sequence the event's sequence, at least 1
     * @return the changed copy
     */
    public DeadLetterQuery sequence(long sequence) {
        if (sequence < 1) {
            throw new InvalidConfigurationException("events are numbered from 1: sequence=" + sequence);
        }
        return with(new OfDelivery(delivery.subscription, sequence, delivery.errorClass, delivery.minAge));
    }

    /**
     * Means those whose last error was of one class, or of one package.
     *
     * @param name the class's full name, without its sub-classes; or a package and a dot at the end, as
     *             {@code "java.net."}, for all classes in it and below
     * @return the changed copy
     */
    public DeadLetterQuery errorClass(String name) {
        return with(new OfDelivery(delivery.subscription, delivery.sequence, text("errorClass", name),
                delivery.minAge));
    }

    /**
     * Means those whose last attempt failed so long ago or longer.
     *
     * @param age zero, the default, or more
     * @return the changed copy
     */
    public DeadLetterQuery olderThan(Duration age) {
        if (age == null || age.isNegative()) {
            throw new InvalidConfigurationException("an age is zero or more: olderThan=" + age);
        }
        return with(new OfDelivery(delivery.subscription, delivery.sequence, delivery.errorClass, age));
    }

    /**
     * Means those of one event type. A letter whose event cannot be read back is not meant.
     *
     * @param name the type's stable name
     * @return the changed copy
     */
    public DeadLetterQuery eventType(String name) {
        return with(new OfEvent(text("eventType", name), event.aggregateType, event.aggregateId, event.aggregateKey));
    }

    /**
     * Means those of one aggregate with a numeric id. A letter whose event cannot be read back is not meant.
     *
     * @param type the aggregate's type
     * @param id   its id
     * @return the changed copy
     */
    public DeadLetterQuery aggregate(String type, long id) {
        return with(new OfEvent(event.type, text("aggregateType", type), id, null));
    }

    /**
     * Means those of one aggregate whose id is a text. A letter whose event cannot be read back is not meant.
     *
     * @param type the aggregate's type
     * @param key  its id
     * @return the changed copy
     */
    public DeadLetterQuery aggregate(String type, String key) {
        return with(new OfEvent(event.type, text("aggregateType", type), 0, text("aggregateKey", key)));
    }

    /**
     * Means no more than so many: those of the lowest sequences.
     *
     * @param letters at least 1; no limit when not set
     * @return the changed copy
     */
    public DeadLetterQuery limit(int letters) {
        if (letters < 1) {
            throw new InvalidConfigurationException("a query means at least one letter: limit=" + letters);
        }
        return new DeadLetterQuery(delivery, event, letters);
    }

    /**
     * How many are meant at most.
     *
     * @return the limit; {@link Integer#MAX_VALUE} for none
     */
    public int limit() {
        return limit;
    }

    /**
     * Whether it takes a letter's event to answer: its type or its aggregate is asked for.
     *
     * @return false when the outcome log alone tells which letters are meant
     */
    public boolean asksForEvent() {
        return event.type != null || event.aggregateType != null;
    }

    /**
     * Leaves out what was asked for of event type and aggregate.
     *
     * @return the changed copy
     */
    public DeadLetterQuery anyEvent() {
        return with(ALL.event);
    }

    /**
     * Whether a letter fits, the limit apart.
     *
     * @param letter a dead letter
     * @param now    by which its age is counted
     * @return true when it fits everything that was asked for
     */
    public boolean matches(DeadLetter letter, Instant now) {
        return delivery.matches(letter, now) && event.matches(letter);
    }

    @Override
    public String toString() {
        return "DeadLetterQuery[" + delivery + ", " + event + ", limit=" + limit + "]";
    }

    private DeadLetterQuery with(OfDelivery changed) {
        return new DeadLetterQuery(changed, event, limit);
    }

    private DeadLetterQuery with(OfEvent changed) {
        return new DeadLetterQuery(delivery, changed, limit);
    }

    private static String text(String name, String value) {
        if (value == null || value.isBlank()) {
            throw new InvalidConfigurationException("what is asked for needs a name; leave it out to mean all: " + name
                    + "=" + value);
        }
        return value;
    }

    /** What the outcome log tells; null and 0 mean any. */
    private record OfDelivery(String subscription, long sequence, String errorClass, Duration minAge) {

        boolean matches(DeadLetter letter, Instant now) {
            return (subscription == null || subscription.equals(letter.subscription()))
                    && (sequence == 0 || sequence == letter.sequence())
                    && (errorClass == null || isOfError(letter.errorClass()))
                    // A clock set back makes letters that are younger than now; they are meant when no age is.
                    && (minAge.isZero() || Duration.between(letter.lastFailedAt(), now).compareTo(minAge) >= 0);
        }

        private boolean isOfError(String name) {
            return errorClass.endsWith(".") ? name.startsWith(errorClass) : name.equals(errorClass);
        }
    }

    /** What only the event tells; null means any. */
    private record OfEvent(String type, String aggregateType, long aggregateId, String aggregateKey) {

        boolean matches(DeadLetter letter) {
            return (type == null || type.equals(letter.eventType()))
                    && (aggregateType == null || isOfAggregate(letter));
        }

        private boolean isOfAggregate(DeadLetter letter) {
            if (!aggregateType.equals(letter.aggregateType())) {
                return false;
            }
            return aggregateKey != null ? aggregateKey.equals(letter.aggregateKey())
                    : letter.aggregateKey() == null && aggregateId == letter.aggregateId();
        }
    }
}
