package io.ringbus.examples.tradingcore;

/** Something the caller named cannot be used as it is: a file, or a line of it. The message is meant for the caller. */
class InputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InputException(String message) {
        super(message);
    }

    InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
