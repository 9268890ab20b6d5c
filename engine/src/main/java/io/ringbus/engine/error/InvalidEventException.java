package io.ringbus.engine.error;

/** What was to be published is no event at all, such as null; nothing was published. */
public class InvalidEventException extends RingbusException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public InvalidEventException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public InvalidEventException(String message, Throwable cause) {
        super(message, cause);
    }
}
