package io.ringbus.benchmarks.report;

import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A benchmark's raw values, one for each iteration, over all runs that were read.
 */
final class Measured {

    private final BenchmarkId id;
    private final String mode;
    private final String unit;
    private final NavigableMap<Position, Double> values = new TreeMap<>();
    private final NavigableMap<Position, Double> allocated = new TreeMap<>();

    Measured(BenchmarkId id, String mode, String unit) {
        this.id = id;
        this.mode = mode;
        this.unit = unit;
    }

    /**
     * Where a value was measured. Those of two benchmarks at the same position are a pair.
     *
     * @param run       the number of the result file
     * @param fork      counted from 0
     * @param iteration counted from 0
     */
    record Position(int run, int fork, int iteration) implements Comparable<Position> {

        @Override
        public int compareTo(Position other) {
            int runs = Integer.compare(run, other.run);
            int forks = Integer.compare(fork, other.fork);
            return runs != 0 ? runs : forks != 0 ? forks : Integer.compare(iteration, other.iteration);
        }
    }

    void add(Position position, double value) {
        values.put(position, value);
    }

    void addAllocated(Position position, double bytesPerOperation) {
        allocated.put(position, bytesPerOperation);
    }

    BenchmarkId id() {
        return id;
    }

    String unit() {
        return unit;
    }

    /** Whether a larger value is the better one. */
    boolean isThroughput() {
        return "thrpt".equals(mode);
    }

    NavigableMap<Position, Double> values() {
        return values;
    }

    /** Bytes per operation; empty unless JMH ran with {@code -prof gc}. */
    NavigableMap<Position, Double> allocated() {
        return allocated;
    }

    /** The median of how much is done in a time, in a unit of this benchmark's own. */
    double medianSpeed() {
        double median = Medians.of(values.values());
        return isThroughput() ? median : 1 / median;
    }

    /** How many times as fast this one was as the other at a position that both have. */
    double speedRatio(Measured other, Position position) {
        if (!mode.equals(other.mode) || !unit.equals(other.unit)) {
            throw new IllegalArgumentException("two benchmarks are compared in the same mode and unit: " + id + "="
                    + mode + " " + unit + ", " + other.id + "=" + other.mode + " " + other.unit);
        }
        double ratio = values.get(position) / other.values.get(position);
        return isThroughput() ? ratio : 1 / ratio;
    }
}
