package io.ringbus.benchmarks.jmh;

/**
 * The payload of a {@link PayloadEvent} of {@value #BYTES} bytes as a record, which is what one writes first.
 *
 * @param word0 the first word
 * @param word1 the second word
 * @param word2 the third word
 * @param word3 the fourth word
 * @param word4 the fifth word
 * @param word5 the sixth word
 * @param word6 the seventh word
 * @param word7 the last word
 */
public record PayloadRecord(long word0, long word1, long word2, long word3, long word4, long word5, long word6,
        long word7) {

    /** The bytes of its payload. */
    public static final int BYTES = 8 * Long.BYTES;
    /** What an object of this class takes on the heap: a header of 12 bytes, 8 longs, and 4 bytes of padding. */
    public static final int OBJECT_BYTES = 16 + BYTES;

    static PayloadRecord numbered(long number) {
        long word = PayloadEvent.firstWord(number);
        return new PayloadRecord(word, word + 1, word + 2, word + 3, word + 4, word + 5, word + 6, word + 7);
    }
}
