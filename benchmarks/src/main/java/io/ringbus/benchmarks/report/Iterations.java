package io.ringbus.benchmarks.report;

import java.time.Duration;

/**
 * How many iterations a fork has.
 *
 * @param warmUps  the first ones
 * @param measured the last ones
 */
record Iterations(int warmUps, int measured) {

    /** Of a benchmark with many invocations in each; few, since opening and reading a journal takes as long as one. */
    static final Iterations USUAL = new Iterations(2, 3);
    /** Where a single invocation takes seconds, whatever the time of an iteration, most of them with the disk. */
    static final Iterations LONG = new Iterations(1, 2);
    /** Of a benchmark that measures one shot, in a JVM that has done nothing before. */
    static final Iterations ONE_SHOT = new Iterations(0, 1);

    /** How long they take, those that warm up one time and those that are measured the other. */
    Duration of(Duration warmUp, Duration iteration) {
        return warmUp.multipliedBy(warmUps).plus(iteration.multipliedBy(measured));
    }
}
