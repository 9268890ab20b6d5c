package io.ringbus.engine.error;

/** A second thread published to an engine that is configured for a single producer; the event was not published. */
public class WrongProducerThreadException extends RingbusException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public WrongProducerThreadException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public WrongProducerThreadException(String message, Throwable cause) {
        super(message, cause);
    }
}
