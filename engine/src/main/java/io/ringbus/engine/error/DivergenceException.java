package io.ringbus.engine.error;

/**
 * A rebuilding handler published something else, for the same cause, than the journal holds of it: its state is not
 * what it was. The message names both events.
 */
public class DivergenceException extends RingbusException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public DivergenceException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public DivergenceException(String message, Throwable cause) {
        super(message, cause);
    }
}
