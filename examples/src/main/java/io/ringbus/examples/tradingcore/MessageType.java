package io.ringbus.examples.tradingcore;

import java.util.List;

/** What happened to an order, in the numbering of the input's second column. */
public enum MessageType {
    /** 1: a new limit order. */
    NEW_ORDER,
    /** 2: part of an order was cancelled. */
    PARTIAL_CANCELLATION,
    /** 3: an order was deleted. */
    DELETION,
    /** 4: a visible order was executed, in part or in full. */
    VISIBLE_EXECUTION,
    /** 5: a hidden order was executed; the book never showed it. */
    HIDDEN_EXECUTION,
    /** 6: a cross trade, such as the opening auction. */
    CROSS_TRADE,
    /** 7: a trading halt began or ended; the price column says which. */
    TRADING_HALT;

    private static final List<MessageType> BY_CODE = List.of(values());

    /**
     * The type that a number of the input stands for.
     *
     * @param code the second column
     * @return the type, or null when there is none of that number
     */
    static MessageType of(long code) {
        return code >= 1 && code <= BY_CODE.size() ? BY_CODE.get((int) code - 1) : null;
    }

    /**
     * The number in the input's second column.
     *
     * @return 1 to 7
     */
    int code() {
        return ordinal() + 1;
    }
}
