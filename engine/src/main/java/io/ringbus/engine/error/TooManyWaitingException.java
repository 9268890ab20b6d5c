package io.ringbus.engine.error;

/**
 * As many deliveries of a subscription wait behind failed ones as may. The error of a dead letter; nobody is thrown it.
 */
public class TooManyWaitingException extends RingbusException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public TooManyWaitingException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public TooManyWaitingException(String message, Throwable cause) {
        super(message, cause);
    }
}
