package io.ringbus.engine.error;

/**
 * Part of the journal is torn, flipped, missing or foreign. The message names file, position, and the sequences before
 * and after.
 */
public class JournalDamagedException extends JournalException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public JournalDamagedException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public JournalDamagedException(String message, Throwable cause) {
        super(message, cause);
    }
}
