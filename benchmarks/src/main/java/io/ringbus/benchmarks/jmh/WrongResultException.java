package io.ringbus.benchmarks.jmh;

/** A benchmark did not do what it claims to measure. */
final class WrongResultException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    WrongResultException(String message) {
        super(message);
    }

    WrongResultException(String message, Throwable cause) {
        super(message, cause);
    }
}
