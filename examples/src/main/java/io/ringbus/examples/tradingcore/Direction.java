package io.ringbus.examples.tradingcore;

/** The side of the book on which the order of a message rests. */
public enum Direction {
    /** 1 in the input: a buy order. */
    BUY(1),
    /** -1 in the input: a sell order. */
    SELL(-1);

    private final int sign;

    Direction(int sign) {
        this.sign = sign;
    }

    /**
     * The number in the input's last column.
     *
     * @return 1 or -1
     */
    int sign() {
        return sign;
    }
}
