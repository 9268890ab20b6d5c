package io.ringbus.engine.error;

/** The journal could not be opened, read or written. */
public class JournalException extends RingbusException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public JournalException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public JournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
