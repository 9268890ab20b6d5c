package io.ringbus.examples.tradingcore;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.RecordType;

/**
 * Makes an order message of the fields of a line, straight from the characters that the CSV reader has buffered: a line
 * costs no strings. For each line the CSV reader is given the parser itself, which holds either a message or a defect.
 */
final class OrderMessageParser extends AbstractBaseCsvCallbackHandler<OrderMessageParser> {

    static final String SIX_COLUMNS = "six columns: time,type,order id,size,price,direction";

    private static final int COLUMNS = 6;
    private static final int MAX_SECONDS_DIGITS = 6;
    private static final int MAX_FRACTION_DIGITS = 9;
    private static final int MAX_ID_DIGITS = 18;
    private static final int MAX_SIZE_DIGITS = 12;
    private static final int MAX_PRICE_DIGITS = 15;
    private static final int SHOWN_CHARACTERS = 40;
    private static final long NO_NUMBER = Long.MIN_VALUE;

    private long timeNanos;
    private int fractionDigits;
    private MessageType type;
    private long orderId;
    private long size;
    private long price;
    private Direction direction;
    private String defect;

    /**
     * What is wrong with the line that was parsed last: the value and what was expected.
     *
     * @return one sentence without line number, or null when nothing is wrong
     */
    String defect() {
        return defect;
    }

    /**
     * The message of the line that was parsed last.
     *
     * @return the message; only of a line without defect
     */
    OrderMessage message() {
        return new OrderMessage(line(), timeNanos, fractionDigits, type, orderId, size, price, direction);
    }

    /**
     * The line that was parsed last.
     *
     * @return its number in the file, from 1
     */
    long line() {
        return getStartingLineNumber();
    }

    @Override
    protected void handleBegin(long startingLineNumber) {
        defect = null;
    }

    @Override
    protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
        if (defect != null) {
            return;
        }
        switch (index) {
            case 0 -> time(buffer, offset, length);
            case 1 -> type(buffer, offset, length);
            case 2 -> orderId(buffer, offset, length);
            case 3 -> size(buffer, offset, length);
            case 4 -> price(buffer, offset, length);
            case 5 -> direction(buffer, offset, length);
            default -> { }
        }
    }

    @Override
    protected OrderMessageParser buildRecord() {
        int columns = getFieldCount();
        if (getRecordType() == RecordType.EMPTY) {
            defect = "the line is empty; expected " + SIX_COLUMNS;
        } else if (columns != COLUMNS) {
            defect = "the line has " + columns + (columns == 1 ? " column" : " columns") + "; expected " + SIX_COLUMNS;
        }
        return this;
    }

    private void time(char[] buffer, int offset, int length) {
        int point = 0;
        while (point < length && buffer[offset + point] != '.') {
            point++;
        }
        long seconds = digits(buffer, offset, point, MAX_SECONDS_DIGITS);
        fractionDigits = Math.max(length - point - 1, 0);
        long fraction = point == length ? 0 : digits(buffer, offset + point + 1, fractionDigits, MAX_FRACTION_DIGITS);
        boolean zeroInFront = point > 1 && buffer[offset] == '0';
        if (seconds == NO_NUMBER || fraction == NO_NUMBER || zeroInFront) {
            expected("column 1 (time)", buffer, offset, length,
                    "seconds after midnight, such as 34200.004241176: up to six digits with no zero in front,"
                            + " and up to nine digits of fraction");
            return;
        }
        timeNanos = seconds * 1_000_000_000L + OrderMessage.fractionNanos(fraction, fractionDigits);
    }

    private void type(char[] buffer, int offset, int length) {
        type = MessageType.of(digits(buffer, offset, length, 1));
        if (type == null) {
            expected("column 2 (type)", buffer, offset, length, "a message type from 1 to 7");
        }
    }

    private void orderId(char[] buffer, int offset, int length) {
        orderId = digits(buffer, offset, length, MAX_ID_DIGITS);
        if (orderId == NO_NUMBER) {
            expected("column 3 (order id)", buffer, offset, length, "a whole number of 1 to 18 digits");
        }
    }

    private void size(char[] buffer, int offset, int length) {
        size = digits(buffer, offset, length, MAX_SIZE_DIGITS);
        if (size == NO_NUMBER) {
            expected("column 4 (size)", buffer, offset, length, "a whole number of shares of 1 to 12 digits");
        }
    }

    private void price(char[] buffer, int offset, int length) {
        // A halt has a code in the place of the price, and one of the codes is -1.
        boolean negative = type == MessageType.TRADING_HALT && length > 0 && buffer[offset] == '-';
        price = negative ? digits(buffer, offset + 1, length - 1, MAX_PRICE_DIGITS)
                : digits(buffer, offset, length, MAX_PRICE_DIGITS);
        if (price == NO_NUMBER) {
            expected("column 5 (price)", buffer, offset, length,
                    "a price in 1/10,000 dollar, a whole number of 1 to 15 digits");
        } else if (negative) {
            price = -price;
        }
    }

    private void direction(char[] buffer, int offset, int length) {
        if (length == 1 && buffer[offset] == '1') {
            direction = Direction.BUY;
        } else if (length == 2 && buffer[offset] == '-' && buffer[offset + 1] == '1') {
            direction = Direction.SELL;
        } else {
            expected("column 6 (direction)", buffer, offset, length, "1 (buy) or -1 (sell)");
        }
    }

    private void expected(String column, char[] buffer, int offset, int length, String what) {
        String value = new String(buffer, offset, Math.min(length, SHOWN_CHARACTERS))
                + (length > SHOWN_CHARACTERS ? "…" : "");
        defect = column + " is \"" + value + "\"; expected " + what;
    }

    private static long digits(char[] buffer, int offset, int length, int maxDigits) {
        if (length < 1 || length > maxDigits) {
            return NO_NUMBER;
        }
        long value = 0;
        for (int i = offset; i < offset + length; i++) {
            int digit = buffer[i] - '0';
            if (digit < 0 || digit > 9) {
                return NO_NUMBER;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
