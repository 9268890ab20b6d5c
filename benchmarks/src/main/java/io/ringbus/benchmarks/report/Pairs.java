package io.ringbus.benchmarks.report;

import io.ringbus.benchmarks.report.Measured.Position;
import java.util.Collections;
import java.util.List;

/**
 * Ratios of values that were measured in the same run, fork and iteration.
 *
 * @param ratios at least one
 */
record Pairs(List<Double> ratios) {

    /** How many times as fast one was as the other. */
    static Pairs ofSpeed(Measured one, Measured other) {
        List<Position> common = one.values().keySet().stream().filter(other.values()::containsKey).toList();
        return new Pairs(common.stream().map(position -> one.speedRatio(other, position)).toList());
    }

    boolean isEmpty() {
        return ratios.isEmpty();
    }

    double median() {
        return Medians.of(ratios);
    }

    String spread() {
        return ratios.size() + (ratios.size() == 1 ? " pair" : " pairs, " + Figure.number(Collections.min(ratios))
                + " to " + Figure.number(Collections.max(ratios)));
    }
}
