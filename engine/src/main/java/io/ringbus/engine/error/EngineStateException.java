package io.ringbus.engine.error;

/** The call does not fit the engine's state: before start, after close, or from a thread that may not make it. */
public class EngineStateException extends RingbusException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public EngineStateException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public EngineStateException(String message, Throwable cause) {
        super(message, cause);
    }
}
