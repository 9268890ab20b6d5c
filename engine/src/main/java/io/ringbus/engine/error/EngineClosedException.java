package io.ringbus.engine.error;

/** The engine is closing or closed; the event of this call was not published. */
public class EngineClosedException extends EngineStateException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public EngineClosedException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public EngineClosedException(String message, Throwable cause) {
        super(message, cause);
    }
}
