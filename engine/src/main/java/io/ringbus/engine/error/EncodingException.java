package io.ringbus.engine.error;

/** The codec, or the aggregate's function, failed on this event, which was not published; the cause says why. */
public class EncodingException extends RingbusException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public EncodingException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public EncodingException(String message, Throwable cause) {
        super(message, cause);
    }
}
