package io.ringbus.engine.retry;

import java.time.Instant;

/**
 * A delivery that was given up.
 *
 * @param subscription  the subscription it was for
 * @param sequence      the event's sequence
 * @param event         the event; null when it could not be read back after a restart
 * @param errorClass    the class of the last error
 * @param errorMessage  its message, cut to 1,000 characters; empty when it had none
 * @param attempts      how many attempts there were
 * @param firstFailedAt when the first one failed
 * @param lastFailedAt  when the last one failed
 */
public record DeadLetter(String subscription, long sequence, Object event, String errorClass, String errorMessage,
        int attempts, Instant firstFailedAt, Instant lastFailedAt) {
}
