package io.ringbus.engine.spi;

/**
 * One entry of the outcome log. Times are nanoseconds since the epoch. A delivery is named by subscription and
 * sequence.
 */
public sealed interface Outcome {

    /** What leaves a delivery pending: there will be an attempt. */
    sealed interface Pending extends Outcome {

        /**
         * The subscription.
         *
         * @return its name
         */
        String subscription();

        /**
         * The event.
         *
         * @return its sequence
         */
        long sequence();

        /**
         * Which attempt comes next.
         *
         * @return from 1
         */
        int nextAttempt();

        /**
         * When the first attempt failed.
         *
         * @return nanoseconds since the epoch; 0 when none did
         */
        default long firstFailedAt() {
            return 0;
        }

        /**
         * When the next attempt is due.
         *
         * @return nanoseconds since the epoch; 0 for at once, or as soon as those before it have come to their end
         */
        default long dueAt() {
            return 0;
        }
    }

    /**
     * An attempt failed, and there will be another.
     *
     * @param subscription  the subscription's name
     * @param sequence      the event's sequence
     * @param attempt       which attempt failed, from 1
     * @param firstFailedAt when the first attempt failed
     * @param failedAt      when this attempt failed
     * @param dueAt         when the next attempt is due
     * @param error         the error's class and message
     */
    record Failed(String subscription, long sequence, int attempt, long firstFailedAt, long failedAt, long dueAt,
            ErrorText error) implements Pending {

        @Override
        public int nextAttempt() {
            return attempt + 1;
        }
    }

    /**
     * A delivery that was pending was handled.
     *
     * @param subscription the subscription's name
     * @param sequence     the event's sequence
     * @param attempt      which attempt succeeded
     * @param at           when
     */
    record Recovered(String subscription, long sequence, int attempt, long at) implements Outcome {
    }

    /**
     * A delivery was given up.
     *
     * @param subscription  the subscription's name
     * @param sequence      the event's sequence
     * @param attempts      how many attempts there were
     * @param firstFailedAt when the first attempt failed
     * @param lastFailedAt  when the last attempt failed
     * @param error         the last error's class and message
     */
    record Dead(String subscription, long sequence, int attempts, long firstFailedAt, long lastFailedAt,
            ErrorText error) implements Outcome {
    }

    /**
     * A delivery waits behind an earlier one of the same subscription that is pending: its first attempt is due when
     * those before it have come to their end.
     *
     * @param subscription the subscription's name
     * @param sequence     the event's sequence
     * @param at           since when
     */
    record Waiting(String subscription, long sequence, long at) implements Pending {

        @Override
        public int nextAttempt() {
            return 1;
        }
    }

    /**
     * A delivery was handled. Written for subscriptions only that ask for a log of every delivery.
     *
     * @param subscription the subscription's name
     * @param sequence     the event's sequence
     * @param attempt      which attempt succeeded
     * @param at           when
     * @param nanos        how long the handler took
     */
    record Handled(String subscription, long sequence, int attempt, long at, long nanos) implements Outcome {
    }

    /**
     * A dead letter is delivered again, beginning with a first attempt. Without effect on a delivery that is not dead.
     *
     * @param subscription the subscription's name
     * @param sequence     the event's sequence
     * @param at           when an operator asked for it
     * @param dueAt        when the attempt is due
     */
    record DrivenAgain(String subscription, long sequence, long at, long dueAt) implements Pending {

        @Override
        public int nextAttempt() {
            return 1;
        }
    }

    /**
     * A dead letter was discarded. Without effect on a delivery that is not dead.
     *
     * @param subscription the subscription's name
     * @param sequence     the event's sequence
     * @param at           when an operator asked for it
     * @param reason       why, cut to 1,000 characters
     */
    record Discarded(String subscription, long sequence, long at, String reason) implements Outcome {

        /**
         * Cuts the reason.
         *
         * @param subscription as above
         * @param sequence     as above
         * @param at           as above
         * @param reason       as above
         */
        public Discarded {
            reason = ErrorText.cut(reason);
        }
    }

    /**
     * The dead letters so far were cleared.
     *
     * @param at when
     */
    record DeadLettersCleared(long at) implements Outcome {
    }

    /**
     * A subscription is part of the chain from here on.
     *
     * @param subscription   its name
     * @param handledThrough it needs no event up to this sequence
     */
    record Subscribed(String subscription, long handledThrough) implements Outcome {
    }

    /**
     * A subscription is no longer part of the chain; its pending deliveries stay.
     *
     * @param subscription   its name
     * @param handledThrough where it was
     */
    record Unsubscribed(String subscription, long handledThrough) implements Outcome {
    }

    /**
     * Every subscription in the chain is done with all events up to a sequence, but for its pending deliveries.
     *
     * @param handledThrough the sequence
     * @param at             when
     */
    record Checkpoint(long handledThrough, long at) implements Outcome {
    }

    /**
     * The whole state follows, up to the next {@link RestatementEnded}; without that one, none of it counts.
     *
     * @param at               when
     * @param olderDeadLetters how many dead letters there are beside those that are stated again; only the newest are,
     *                         the older ones stand further up in the log
     */
    record RestatementBegun(long at, long olderDeadLetters) implements Outcome {
    }

    /**
     * The state is complete; whatever stood before the restatement is superseded.
     *
     * @param at when
     */
    record RestatementEnded(long at) implements Outcome {
    }

    /**
     * An error as it is kept: without its object.
     *
     * @param className the class of the throwable
     * @param message   its message, cut to 1,000 characters; empty when it had none
     */
    record ErrorText(String className, String message) {

        private static final int MAX_MESSAGE = 1_000;

        /**
         * Cuts the message.
         *
         * @param className as above
         * @param message as above
         */
        public ErrorText {
            message = cut(message);
        }

        /**
         * Describes a throwable.
         *
         * @param error what was thrown
         * @return its class and message
         */
        public static ErrorText of(Throwable error) {
            String message;
            try {
                message = error.getMessage();
            } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
                message = "(its getMessage threw " + e.getClass().getName() + ")";
            }
            return new ErrorText(error.getClass().getName(), message);
        }

        private static String cut(String text) {
            String whole = text == null ? "" : text;
            return whole.length() > MAX_MESSAGE ? whole.substring(0, MAX_MESSAGE) : whole;
        }
    }
}
