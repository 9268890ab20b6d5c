package io.ringbus.engine.retry;

import java.time.Instant;

/**
 * A delivery that was given up.
 *
 * @param subscription  the subscription it was for
 * @param sequence      the event's sequence
 * @param eventType     the stable name of the event's type; null when the event could not be read back
 * @param aggregateType the type of the event's aggregate; null for none, and when the event could not be read back
 * @param aggregateId   the aggregate's numeric id; meaningless when there is no aggregate, or its id is a text
 * @param aggregateKey  the aggregate's id as text; null when it is a number or there is none
 * @param event         the event; null when it could not be read back after a restart, and where events are not
 *                      decoded, as in a journal at rest
 * @param errorClass    the class of the last error
 * @param errorMessage  its message, cut to 1,000 characters; empty when it had none
 * @param attempts      how many attempts there were, 0 for a delivery that was given up without one
 * @param firstFailedAt when the first one failed
 * @param lastFailedAt  when the last one failed
 */
public record DeadLetter(String subscription, long sequence, String eventType, String aggregateType, long aggregateId,
        String aggregateKey, Object event, String errorClass, String errorMessage, int attempts, Instant firstFailedAt,
        Instant lastFailedAt) {
}
