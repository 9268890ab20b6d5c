package io.ringbus.engine.error;

/** A configured value is out of its range, or two values do not go together. Thrown before anything is started. */
public class InvalidConfigurationException extends RingbusException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public InvalidConfigurationException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public InvalidConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
