package io.ringbus.examples.tradingcore;

/**
 * One line of the input: the event of the trading core.
 *
 * <p>A record, so that the journal's default codec takes it as it is. It carries its line number, because the sequences
 * of the engine have gaps: from the last line in the journal a restart knows where to go on reading.
 *
 * @param line           the line of the input, from 1
 * @param timeNanos      nanoseconds after midnight
 * @param fractionDigits how many digits of fraction the input's time had, 0 to 9, so that it can be written out again
 *                       exactly as it was read
 * @param type           what happened
 * @param orderId        the order; 0 where the exchange names none
 * @param size           shares
 * @param price          in 1/10,000 dollar; for a halt its code instead, see {@link RiskGate}
 * @param direction      the side on which the order rests
 */
public record OrderMessage(long line, long timeNanos, int fractionDigits, MessageType type, long orderId, long size,
        long price, Direction direction) {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int MAX_FRACTION_DIGITS = 9;

    /**
     * Whether this is a trade that the drop copy reports.
     *
     * @return true for an execution of a visible or of a hidden order
     */
    public boolean isExecution() {
        return type == MessageType.VISIBLE_EXECUTION || type == MessageType.HIDDEN_EXECUTION;
    }

    /**
     * Writes the time as it stands in the input.
     *
     * @param target takes the text
     */
    void appendTime(StringBuilder target) {
        target.append(timeNanos / NANOS_PER_SECOND);
        if (fractionDigits > 0) {
            target.append('.');
            long unit = NANOS_PER_SECOND / 10;
            for (int digit = 0; digit < fractionDigits; digit++) {
                target.append((char) ('0' + timeNanos / unit % 10));
                unit /= 10;
            }
        }
    }

    /**
     * What the digits of a fraction are worth.
     *
     * @param digits the digits as a number
     * @param count  how many there are, 0 to 9
     * @return nanoseconds
     */
    static long fractionNanos(long digits, int count) {
        long nanos = digits;
        for (int i = count; i < MAX_FRACTION_DIGITS; i++) {
            nanos *= 10;
        }
        return nanos;
    }
}
