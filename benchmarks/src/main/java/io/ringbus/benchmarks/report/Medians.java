package io.ringbus.benchmarks.report;

import java.util.Collection;

/** Medians. */
final class Medians {

    private Medians() {
    }

    /** The middle value; of an even number of values, the mean of the two in the middle. */
    static double of(Collection<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no values have no median");
        }
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
