package io.ringbus.engine.error;

/** The journal's directory cannot be used: a file in its place, not writable, a read-only file system. */
public class JournalAccessException extends JournalException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public JournalAccessException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public JournalAccessException(String message, Throwable cause) {
        super(message, cause);
    }
}
