package io.ringbus.examples.tradingcore;

/**
 * When the newest lines were published, for the latency from there to the book. Written by the publishing thread before
 * it publishes a line, read by the book's thread when it has it: the ring between them carries the visibility.
 */
final class PublishTimes {

    private final long[] nanos;

    /**
     * Times of as many lines as can be between publisher and book.
     *
     * @param ringSize the engine's ring size, a power of two
     */
    PublishTimes(int ringSize) {
        // Twice: the publisher writes the next line's time before it knows whether the ring has a place for it.
        nanos = new long[2 * ringSize];
    }

    void published(long line) {
        nanos[index(line)] = System.nanoTime();
    }

    long nanosSince(long line) {
        return System.nanoTime() - nanos[index(line)];
    }

    private int index(long line) {
        return (int) (line & nanos.length - 1);
    }
}
