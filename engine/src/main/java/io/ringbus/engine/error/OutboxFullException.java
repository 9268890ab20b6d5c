package io.ringbus.engine.error;

/**
 * As many events that handlers published wait for a place in the ring as may; none of this delivery's was published, and
 * the delivery has failed.
 */
public class OutboxFullException extends RingbusException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public OutboxFullException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public OutboxFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
