package io.ringbus.benchmarks.report;

import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Lets a fork wait for its turn before each iteration, and pass it on behind it. It is a profiler because JMH calls those
 * before an iteration sets anything up, and after it has torn everything down; what it measures is how long was waited, in
 * milliseconds. The other end is in the JVM that starts the forks. One thread.
 */
public final class TurnProfiler implements InternalProfiler {

    /** The name of what it measures. */
    static final String WAITED = "turns.waited";

    private final String address;
    private TurnTaker turns;
    private long waitedNanos;
    private int iterations;

    /**
     * Made by JMH, also in the JVM that starts the forks; connects when the first iteration begins.
     *
     * @param address what {@link Turns#address} gave the fork
     */
    public TurnProfiler(String address) {
        this.address = address;
    }

    @Override
    public String getDescription() {
        return "Lets forks take turns, an iteration each";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        long begin = System.nanoTime();
        if (turns == null) {
            turns = new TurnTaker(address);
        }
        turns.await();
        waitedNanos = System.nanoTime() - begin;
    }

    /** Behind the last iteration the turn ends with this JVM, whose end is work that the next one shall not measure. */
    @Override
    public Collection<? extends Result<?>> afterIteration(BenchmarkParams benchmark, IterationParams iteration,
            IterationResult result) {
        iterations++;
        if (iterations < benchmark.getWarmup().getCount() + benchmark.getMeasurement().getCount()) {
            turns.pass();
        }
        return List.of(new ScalarResult(WAITED, waitedNanos / 1e6, "ms", AggregationPolicy.AVG));
    }
}
