package io.ringbus.engine.error;

/**
 * An event's bytes cannot be turned back into the event: they are cut, damaged or foreign, or its class has changed in
 * a way that its codec does not bridge. Whoever reads the journal adds the event's sequence.
 */
public class DecodingException extends JournalException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public DecodingException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public DecodingException(String message, Throwable cause) {
        super(message, cause);
    }
}
