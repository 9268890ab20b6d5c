package io.ringbus.benchmarks.latency;

/**
 * When each event of a stretch is due. An event that was late does not push back the ones after it.
 *
 * @param first         the number of the stretch's first event
 * @param count         how many there are
 * @param startNanos    when the first one is due, on {@link System#nanoTime()}
 * @param ratePerSecond how many are due in a second
 */
record Schedule(long first, long count, long startNanos, long ratePerSecond) {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    long last() {
        return first + count - 1;
    }

    long dueNanos(long number) {
        return startNanos + (number - first) * NANOS_PER_SECOND / ratePerSecond;
    }

    /** In which second of the stretch an event is due, counted from 0. */
    int second(long number) {
        return (int) ((number - first) / ratePerSecond);
    }

    int seconds() {
        return second(last()) + 1;
    }
}
