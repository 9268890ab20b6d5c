package io.ringbus.benchmarks.report;

import io.ringbus.benchmarks.latency.Contender;
import io.ringbus.benchmarks.latency.JournalMode;
import io.ringbus.benchmarks.report.Chart.Axes;
import io.ringbus.benchmarks.report.Chart.Kind;
import io.ringbus.benchmarks.report.Chart.Point;
import io.ringbus.benchmarks.report.Chart.Series;
import io.ringbus.benchmarks.report.LatencyResults.Run;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** Turns results into plots. */
final class Charts {

    private static final String SCALING = "ScalingBenchmark";
    private static final int POINTS_PER_DECADE = 8;
    private static final double NANOS_PER_MICRO = 1e3;

    private final JmhResults jmh;
    private final LatencyResults latency;

    private Charts(JmhResults jmh, LatencyResults latency) {
        this.jmh = jmh;
        this.latency = latency;
    }

    static List<Chart> of(JmhResults jmh, LatencyResults latency) {
        Charts charts = new Charts(jmh, latency);
        Stream<Chart> bars = charts.typesInOrder().filter(type -> !type.equals(SCALING)).flatMap(charts::bars);
        return Stream.of(bars, charts.lines(), charts.percentiles()).flatMap(all -> all).toList();
    }

    private Stream<String> typesInOrder() {
        Set<String> types = new LinkedHashSet<>(Suite.types());
        types.retainAll(jmh.types());
        types.addAll(jmh.types());
        return types.stream();
    }

    /** One for each unit in which a class was measured. */
    private Stream<Chart> bars(String type) {
        return jmh.of(type).stream().collect(Collectors.groupingBy(Measured::unit)).values().stream()
                .map(results -> bars(type, results));
    }

    /** Along the axis stand the parameters that all contenders have; those of one contender are part of its name. */
    private Chart bars(String type, List<Measured> results) {
        Map<String, String> constant = jmh.constantParams(type);
        Set<String> shared = new TreeSet<>(results.get(0).id().params().keySet());
        results.forEach(result -> shared.retainAll(result.id().params().keySet()));
        List<String> labels = results.stream().map(result -> label(result, shared, constant)).distinct().toList();
        List<Series> series = names(type, results, shared, constant).stream().map(name -> new Series(name,
                labels.stream().map(label -> results.stream()
                        .filter(result -> name(result, shared, constant).equals(name)
                                && label(result, shared, constant).equals(label))
                        .findFirst().map(result -> point(0, result.values().values())).orElse(null)).toList(),
                false)).toList();
        return new Chart(Kind.BARS, Suite.part(type).title(),
                new Axes(type, unit(results.get(0)), labels), series, Suite.part(type).leavesOut());
    }

    private static List<String> names(String type, List<Measured> results, Set<String> shared,
            Map<String, String> constant) {
        List<String> order = Suite.part(type).methods();
        return results.stream()
                .sorted(Comparator.comparingInt(result -> {
                    int place = order.indexOf(result.id().method());
                    return place < 0 ? order.size() : place;
                }))
                .map(result -> name(result, shared, constant)).distinct().toList();
    }

    private Stream<Chart> lines() {
        return jmh.of(SCALING).stream().map(result -> result.id().method()).distinct().map(method -> {
            List<Measured> results = jmh.of(SCALING, method).toList();
            String along = varying(results);
            List<Point> points = results.stream()
                    .filter(result -> result.id().params().containsKey(along))
                    .map(result -> point(Double.parseDouble(result.id().params().get(along)),
                            result.values().values()))
                    .sorted(Comparator.comparingDouble(Point::x)).toList();
            return new Chart(Kind.LINES, Suite.part(SCALING).title() + ": " + method,
                    new Axes(along, unit(results.get(0)), List.of()), List.of(new Series(method, points, false)),
                    Suite.part(SCALING).leavesOut());
        });
    }

    /** The first parameter that is a number and has the most values. */
    private static String varying(List<Measured> results) {
        return results.get(0).id().params().keySet().stream()
                .filter(name -> results.stream().allMatch(result ->
                        result.id().params().getOrDefault(name, "").matches("\\d+")))
                .max(Comparator.comparingLong(name -> results.stream()
                        .map(result -> result.id().params().get(name)).distinct().count()))
                .orElse("");
    }

    private Stream<Chart> percentiles() {
        return Stream.of(JournalMode.values()).flatMap(journal -> latency.rates().stream()
                .map(rate -> percentiles(journal, rate)))
                .filter(chart -> !chart.series().isEmpty());
    }

    private Chart percentiles(JournalMode journal, long rate) {
        List<Series> series = new ArrayList<>();
        for (Contender contender : Contender.values()) {
            List<Run> runs = latency.rounds(contender, journal, rate).values().stream()
                    .filter(run -> !run.failed()).toList();
            List<Run> valid = runs.stream().filter(Run::isValid).toList();
            boolean missed = valid.isEmpty();
            (missed ? runs : valid).stream().map(Run::histogram).map(Histogram::copy)
                    .reduce((sum, histogram) -> {
                        sum.add(histogram);
                        return sum;
                    })
                    .ifPresent(sum -> series.add(new Series(
                            missed ? contender + " (missed its rate)" : contender.label(), curve(sum), missed)));
        }
        return new Chart(Kind.PERCENTILES, String.format("Latency, journal %s, %,d events/s", journal, rate),
                new Axes("percentile", "µs", List.of()), series, Suite.LATENCY_LEAVES_OUT);
    }

    /** At x, one event in x was slower. */
    private static List<Point> curve(Histogram histogram) {
        List<Point> points = new ArrayList<>();
        for (int step = 0; ; step++) {
            double oneIn = Math.pow(10, (double) step / POINTS_PER_DECADE);
            boolean last = oneIn >= histogram.getTotalCount();
            double x = last ? histogram.getTotalCount() : oneIn;
            double micros = histogram.getValueAtPercentile(100 * (1 - 1 / x)) / NANOS_PER_MICRO;
            points.add(new Point(x, micros, micros, micros));
            if (last) {
                return points;
            }
        }
    }

    private static Point point(double x, Collection<Double> values) {
        return new Point(x, Medians.of(values), Collections.min(values), Collections.max(values));
    }

    private static String unit(Measured result) {
        return result.unit() + (result.isThroughput() ? ", more is better" : ", less is better");
    }

    private static String label(Measured result, Set<String> shared, Map<String, String> constant) {
        return params(result, constant, shared::contains);
    }

    private static String name(Measured result, Set<String> shared, Map<String, String> constant) {
        return (result.id().method() + " " + params(result, constant, name -> !shared.contains(name))).trim();
    }

    private static String params(Measured result, Map<String, String> constant,
            Predicate<String> wanted) {
        return result.id().params().entrySet().stream()
                .filter(param -> wanted.test(param.getKey()) && !constant.containsKey(param.getKey()))
                .map(param -> param.getKey() + "=" + param.getValue()).collect(Collectors.joining(" "));
    }
}
