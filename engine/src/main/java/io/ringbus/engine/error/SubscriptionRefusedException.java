package io.ringbus.engine.error;

/**
 * A subscription that cannot work as asked: a name in use, a retry policy on a rebuilding subscription, an unknown
 * type, a missing start position.
 */
public class SubscriptionRefusedException extends RingbusException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was wrong and what to do.
     *
     * @param message the value and the remedy
     */
    public SubscriptionRefusedException(String message) {
        super(message);
    }

    /**
     * Names what was wrong and what to do, with the error underneath.
     *
     * @param message the value and the remedy
     * @param cause   what it came from
     */
    public SubscriptionRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
