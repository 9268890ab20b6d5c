package io.ringbus.engine.error;

/** A call that waits for the chain was made from a handler, which is part of the chain, and would wait for itself. */
public class CalledFromHandlerException extends EngineStateException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public CalledFromHandlerException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public CalledFromHandlerException(String message, Throwable cause) {
        super(message, cause);
    }
}
