package io.ringbus.engine.error;

/** No place in the ring became free within the configured time-out; the event was not published. */
public class RingFullException extends RingbusException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public RingFullException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public RingFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
