package io.ringbus.engine.error;

/**
 * The encoded event, or a collection journaled as one, is larger than the journal takes; nothing of it was published.
 */
public class EventTooLargeException extends EncodingException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public EventTooLargeException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public EventTooLargeException(String message, Throwable cause) {
        super(message, cause);
    }
}
