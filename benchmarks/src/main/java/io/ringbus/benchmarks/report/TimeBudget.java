package io.ringbus.benchmarks.report;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Spreads the time that is left over what is left to run. What a run takes beyond its iterations (starting a JVM,
 * preparing, reading a journal back, an invocation that outlasts its iteration) is learnt from the contender that ran with
 * the same parameters before it, so that those who are compared have about the same time.
 */
final class TimeBudget {

    private static final Duration SHORTEST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final Duration USUAL_OVERHEAD = Duration.ofMillis(1_500);

    private final Map<String, Duration> overheads = new HashMap<>();

    private Duration left;
    private int runsLeft;

    /**
     * Begins.
     *
     * @param total for all runs
     * @param runs  how many
     */
    TimeBudget(Duration total, int runs) {
        this.left = total;
        this.runsLeft = runs;
    }

    /** How long each measured iteration of the next run is to be. */
    Duration iteration(BenchmarkId id, Iterations iterations) {
        Duration share = left.dividedBy(Math.max(1, runsLeft));
        Duration running = share.minus(overheads.getOrDefault(workload(id), USUAL_OVERHEAD));
        Duration time = iterations.within(running);
        return time.compareTo(LONGEST) > 0 ? LONGEST : max(time, SHORTEST);
    }

    /** The longer one. */
    static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Notes how long a run took, with iterations of this length. */
    void ran(BenchmarkId id, Iterations iterations, Duration iteration, Duration took) {
        Duration beyond = took.minus(iterations.of(iteration));
        overheads.put(workload(id), beyond.isNegative() ? Duration.ZERO : beyond);
        left = left.minus(took);
        runsLeft--;
    }

    private static String workload(BenchmarkId id) {
        return id.type() + id.params();
    }
}
