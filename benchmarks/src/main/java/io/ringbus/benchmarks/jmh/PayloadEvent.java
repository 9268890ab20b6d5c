package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.Cargo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The event that all pipelines carry: a number, spread over all bytes of a payload, so that an event that
 * is lost, repeated, out of order or damaged anywhere is noticed.
 *
 * <p>Word {@code i} of event {@code n} is {@code n * SPREAD + i}, modulo 2<sup>64</sup>.
 */
public final class PayloadEvent {

    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;
    /** By which a product with the other is undone, modulo 2<sup>64</sup>. */
    private static final long GATHER = inverse(SPREAD);
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] payload;

    /**
     * An event whose payload is all zero.
     *
     * @param payloadBytes a positive multiple of 8
     */
    public PayloadEvent(int payloadBytes) {
        if (payloadBytes < Long.BYTES || payloadBytes % Long.BYTES != 0) {
            throw new IllegalArgumentException(
                    "a payload is one or more words of " + Long.BYTES + " bytes: payload=" + payloadBytes);
        }
        this.payload = new byte[payloadBytes];
    }

    /**
     * What the peers know of it.
     *
     * @param payloadBytes the size of each, a positive multiple of 8
     * @return how it is made, filled and written
     */
    public static Cargo<PayloadEvent> cargo(int payloadBytes) {
        return new Cargo<>(() -> new PayloadEvent(payloadBytes), PayloadEvent::fill, PayloadEvent::payload);
    }

    /**
     * Makes it the event with this number.
     *
     * @param number any
     */
    public void fill(long number) {
        long word = firstWord(number);
        for (int at = 0; at < payload.length; at += Long.BYTES) {
            WORD.set(payload, at, word++);
        }
    }

    /** The first word of the event with a number; each other word is one more than the one before it. */
    static long firstWord(long number) {
        return number * SPREAD;
    }

    /** Takes over the words of a record, which has as many as this. */
    void become(PayloadRecord other) {
        WORD.set(payload, 0, other.word0());
        WORD.set(payload, Long.BYTES, other.word1());
        WORD.set(payload, 2 * Long.BYTES, other.word2());
        WORD.set(payload, 3 * Long.BYTES, other.word3());
        WORD.set(payload, 4 * Long.BYTES, other.word4());
        WORD.set(payload, 5 * Long.BYTES, other.word5());
        WORD.set(payload, 6 * Long.BYTES, other.word6());
        WORD.set(payload, 7 * Long.BYTES, other.word7());
    }

    /**
     * Makes another event the same as this one.
     *
     * @param other with a payload at least as large
     */
    public void copyTo(PayloadEvent other) {
        System.arraycopy(payload, 0, other.payload, 0, payload.length);
    }

    /**
     * The bytes themselves.
     *
     * @return the array, not a copy
     */
    public byte[] payload() {
        return payload;
    }

    boolean hasNumber(long number) {
        return (long) WORD.get(payload, 0) == number * SPREAD;
    }

    /** The number, as the first word tells it. */
    long number() {
        return firstWord() * GATHER;
    }

    /** The number, spread over all bits. */
    long firstWord() {
        return (long) WORD.get(payload, 0);
    }

    /** The sum of all words, modulo 2<sup>64</sup>. */
    long sum() {
        long sum = 0;
        for (int at = 0; at < payload.length; at += Long.BYTES) {
            sum += (long) WORD.get(payload, at);
        }
        return sum;
    }

    /** What {@link #sum()} gives, added up over the events from 1 to {@code last}, computed without them. */
    static long sumThrough(long last, int payloadBytes) {
        long words = payloadBytes / Long.BYTES;
        long numbers = last % 2 == 0 ? last / 2 * (last + 1) : (last + 1) / 2 * last;
        return numbers * SPREAD * words + last * (words * (words - 1) / 2);
    }

    /** Newton's iteration: each turn doubles the bits that are right, from 3 on. */
    private static long inverse(long odd) {
        long inverse = odd;
        for (int bits = 3; bits < Long.SIZE; bits *= 2) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }

    @Override
    public String toString() {
        return "PayloadEvent" + Arrays.toString(payload);
    }
}
