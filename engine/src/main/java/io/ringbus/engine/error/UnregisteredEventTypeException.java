package io.ringbus.engine.error;

/** An event's class, or an event type in the journal, is not registered at this engine. */
public class UnregisteredEventTypeException extends RingbusException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public UnregisteredEventTypeException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public UnregisteredEventTypeException(String message, Throwable cause) {
        super(message, cause);
    }
}
