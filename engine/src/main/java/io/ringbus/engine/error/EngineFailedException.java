package io.ringbus.engine.error;

/** The engine stopped because of an error it must not go on after; the cause is that error. */
public class EngineFailedException extends EngineStateException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public EngineFailedException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public EngineFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
