package io.ringbus.benchmarks.report;

import java.time.Duration;

/**
 * How many iterations a fork has.
 *
 * @param warmUps        the first ones
 * @param measured       the last ones; few, since opening and reading a journal takes as long as one
 * @param shortestWarmUp how long each of the first ones is at least
 */
record Iterations(int warmUps, int measured, Duration shortestWarmUp) {

    /** Of a benchmark with many invocations in each. */
    static final Iterations USUAL = new Iterations(2, 3, Duration.ofMillis(500));
    /** Of one that is compared with others, some of which are compiled sooner than others. */
    static final Iterations COMPARED = new Iterations(2, 5, Duration.ofMillis(1_200));
    /** Likewise, where three threads never let go of two processors: the compiler takes longer. */
    static final Iterations CROWDED = new Iterations(4, 9, Duration.ofMillis(1_200));
    /** Where a single invocation takes seconds, whatever the time of an iteration, most of them with the disk. */
    static final Iterations LONG = new Iterations(1, 1, Duration.ofMillis(500));
    /** Likewise, of one that is compared with others. */
    static final Iterations LONG_COMPARED = new Iterations(1, 3, Duration.ofMillis(500));
    /** Where nothing is to be learnt but that it works. */
    static final Iterations QUICK = new Iterations(1, 2, Duration.ofMillis(100));
    /** Of a benchmark that measures one shot, in a JVM that has done nothing before. */
    static final Iterations ONE_SHOT = new Iterations(0, 1, Duration.ZERO);

    /** How long each of those that warm up is, before others of this length. */
    Duration warmUp(Duration iteration) {
        return TimeBudget.max(iteration, shortestWarmUp);
    }

    /** How long they take when those that are measured are of this length. */
    Duration of(Duration iteration) {
        return warmUp(iteration).multipliedBy(warmUps).plus(iteration.multipliedBy(measured));
    }

    /** How long those that are measured may be, for all together to take so long; negative where that is too short. */
    Duration within(Duration time) {
        Duration equal = time.dividedBy(warmUps + measured);
        return equal.compareTo(shortestWarmUp) >= 0 ? equal
                : time.minus(shortestWarmUp.multipliedBy(warmUps)).dividedBy(measured);
    }
}
