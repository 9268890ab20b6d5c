package io.ringbus.examples.tradingcore;

/** A line of the input is no order message. Everything before it has been published. */
final class MalformedLineException extends InputException {

    private static final long serialVersionUID = 1L;

    MalformedLineException(String file, long line, String defect) {
        super(file + ", line " + line + ": " + defect);
    }
}
