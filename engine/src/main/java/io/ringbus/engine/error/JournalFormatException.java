package io.ringbus.engine.error;

/**
 * The directory holds a journal that this version, or this configuration, does not fit: a newer format or another roll
 * cycle.
 */
public class JournalFormatException extends JournalException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public JournalFormatException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public JournalFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
