package io.ringbus.engine.error;

/** An asynchronous handling did not end within its time-out. The error of a failed delivery; nobody is thrown it. */
public class HandlingTimeoutException extends RingbusException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public HandlingTimeoutException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public HandlingTimeoutException(String message, Throwable cause) {
        super(message, cause);
    }
}
