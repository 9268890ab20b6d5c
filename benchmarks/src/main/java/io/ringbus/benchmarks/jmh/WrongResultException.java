package io.ringbus.benchmarks.jmh;

/** A benchmark did not do what it claims to measure. */
public final class WrongResultException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what was wrong.
     *
     * @param message what was due, and what was there
     */
    public WrongResultException(String message) {
        super(message);
    }

    /**
     * Says what was wrong, and why.
     *
     * @param message what was due, and what was there
     * @param cause   what led to it
     */
    public WrongResultException(String message, Throwable cause) {
        super(message, cause);
    }
}
