package io.ringbus.examples.tradingcore;

/**
 * A running checksum over order messages, to tell whether two runs of lines are the same. Not against forgery.
 *
 * <p>Each field is multiplied into the sum by an odd constant and the sum is stirred after each message (the finalizer
 * of a splittable generator), so that order and position of every field count.
 */
final class InputFingerprint {

    private static final long ODD = 0x9E3779B97F4A7C15L;

    private long sum;

    void add(OrderMessage message) {
        take(message.line());
        take(message.timeNanos());
        take(message.fractionDigits());
        take(message.type().code());
        take(message.orderId());
        take(message.size());
        take(message.price());
        take(message.direction().sign());
        sum = stir(sum);
    }

    long value() {
        return sum;
    }

    /**
     * Spreads each bit over all others.
     *
     * @param value any number
     * @return as random a number as 64 bits allow, always the same for the same value
     */
    static long stir(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private void take(long field) {
        sum = (sum + field) * ODD;
        sum ^= sum >>> 29;
    }
}
