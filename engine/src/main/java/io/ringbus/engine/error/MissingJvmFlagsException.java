package io.ringbus.engine.error;

/** The JVM was started without flags that the journal's storage needs; the message prints them. */
public class MissingJvmFlagsException extends JournalException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public MissingJvmFlagsException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public MissingJvmFlagsException(String message, Throwable cause) {
        super(message, cause);
    }
}
