package io.ringbus.engine.error;

/** Another process is writing to this journal. */
public class JournalLockedException extends JournalException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public JournalLockedException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public JournalLockedException(String message, Throwable cause) {
        super(message, cause);
    }
}
