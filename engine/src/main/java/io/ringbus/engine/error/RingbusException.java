package io.ringbus.engine.error;

/** The root of every error that Ringbus throws by itself. */
public class RingbusException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public RingbusException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public RingbusException(String message, Throwable cause) {
        super(message, cause);
    }
}
