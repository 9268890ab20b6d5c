package io.ringbus.benchmarks.latency;

import com.fasterxml.jackson.jr.ob.JSON;
import io.ringbus.benchmarks.latency.Verdict.Standing;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What came out of a run: one line of JSON beside the histogram log.
 *
 * @param plan         what was asked for
 * @param round        which of the series' rounds it belongs to, from 1; runs of a round are compared with each other
 * @param verdict      whether it may be believed
 * @param lateness     how well the rate was kept; all zero when it failed
 * @param histogramLog the log's file name, in the directory of the results; empty when it failed
 * @param percentiles  a summary of the log, by name, in nanoseconds
 * @param jvm          the JVM it ran in, by name of the property
 */
public record LatencyResult(RunPlan plan, int round, Verdict verdict, Lateness lateness, String histogramLog,
        Map<String, Long> percentiles, Map<String, String> jvm) {

    /** The file in the directory of the results to which each run adds a line. */
    public static final String FILE = "latency.jsonl";

    private static final Map<String, Double> PERCENTILES = Map.of("p50", 50.0, "p90", 90.0, "p99", 99.0,
            "p99.9", 99.9, "p99.99", 99.99, "max", 100.0);
    private static final List<String> PERCENTILES_IN_ORDER = List.of("p50", "p90", "p99", "p99.9", "p99.99", "max");

    /**
     * Copies the maps.
     *
     * @param plan         what was asked for
     * @param round        from 1
     * @param verdict      whether it may be believed
     * @param lateness     how well the rate was kept
     * @param histogramLog a file name, or empty
     * @param percentiles  nanoseconds by name
     * @param jvm          values by name of the property
     */
    public LatencyResult {
        percentiles = Map.copyOf(percentiles);
        jvm = Map.copyOf(jvm);
    }

    /**
     * How well the rate was kept, in nanoseconds.
     *
     * @param events        how many were measured
     * @param worstBehind   by how much the latest publication was late
     * @param endBehind     how long after it was due the last publication had ended
     * @param drainedBehind how long after it was due the last event had been handled
     */
    public record Lateness(long events, long worstBehind, long endBehind, long drainedBehind) {

        static final Lateness UNKNOWN = new Lateness(0, 0, 0, 0);
    }

    static LatencyResult failed(RunPlan plan, int round, String reason) {
        return new LatencyResult(plan, round, Verdict.failed(reason), Lateness.UNKNOWN, "", Map.of(), jvmProperties());
    }

    static Map<String, Long> percentiles(Histogram histogram) {
        Map<String, Long> values = new LinkedHashMap<>();
        PERCENTILES_IN_ORDER.forEach(name ->
                values.put(name, histogram.getValueAtPercentile(PERCENTILES.get(name))));
        return values;
    }

    static Map<String, String> jvmProperties() {
        Map<String, String> properties = new LinkedHashMap<>();
        for (String name : List.of("java.version", "java.vm.name", "java.vm.version", "java.vendor.version")) {
            properties.put(name, System.getProperty(name, "unknown"));
        }
        return properties;
    }

    /**
     * The line.
     *
     * @return one JSON object without a line break
     */
    public String toJson() {
        Map<String, Object> map = plan.toMap();
        map.put("round", round);
        map.put("standing", verdict.standing().name());
        map.put("reason", verdict.reason());
        map.put("events", lateness.events());
        map.put("worstBehindNanos", lateness.worstBehind());
        map.put("endBehindNanos", lateness.endBehind());
        map.put("drainedBehindNanos", lateness.drainedBehind());
        map.put("histogramLog", histogramLog);
        map.put("percentilesNanos", inOrder());
        map.put("jvm", jvm);
        try {
            return JSON.std.asString(map);
        } catch (IOException e) {
            throw new IllegalStateException("a map of texts and numbers is always JSON", e);
        }
    }

    /**
     * A result from its line.
     *
     * @param line as {@link #toJson()} gave it
     * @return the result
     * @throws IllegalArgumentException when it is no such line
     */
    public static LatencyResult parse(String line) {
        Map<String, Object> map;
        try {
            map = JSON.std.mapFrom(line);
        } catch (IOException e) {
            throw new IllegalArgumentException("this is not a line of JSON: line=" + line, e);
        }
        Map<String, Long> percentiles = new LinkedHashMap<>();
        entries(map, "percentilesNanos").forEach((name, value) -> percentiles.put(name, ((Number) value).longValue()));
        Map<String, String> jvm = new LinkedHashMap<>();
        entries(map, "jvm").forEach((name, value) -> jvm.put(name, String.valueOf(value)));
        return new LatencyResult(RunPlan.of(map), Math.toIntExact(Json.number(map, "round")),
                new Verdict(Standing.valueOf(Json.text(map, "standing")), Json.text(map, "reason")),
                new Lateness(Json.number(map, "events"), Json.number(map, "worstBehindNanos"),
                        Json.number(map, "endBehindNanos"), Json.number(map, "drainedBehindNanos")),
                Json.text(map, "histogramLog"), percentiles, jvm);
    }

    /**
     * The summary for a line on a terminal.
     *
     * @return percentiles in microseconds, or why there are none
     */
    String summary() {
        if (verdict.standing() == Standing.FAILED) {
            return "FAILED: " + verdict.reason();
        }
        StringBuilder text = new StringBuilder();
        inOrder().forEach((name, nanos) -> text.append(String.format("%s %.1f  ", name, nanos / 1e3)));
        text.append("µs");
        return verdict.isValid() ? text.toString() : text + "  INVALID: " + verdict.reason();
    }

    private Map<String, Long> inOrder() {
        Map<String, Long> ordered = new LinkedHashMap<>();
        PERCENTILES_IN_ORDER.stream().filter(percentiles::containsKey)
                .forEach(name -> ordered.put(name, percentiles.get(name)));
        return ordered;
    }

    private static Map<?, ?> raw(Map<String, Object> map, String key) {
        return map.get(key) instanceof Map<?, ?> value ? value : Map.of();
    }

    private static Map<String, Object> entries(Map<String, Object> map, String key) {
        Map<String, Object> entries = new LinkedHashMap<>();
        raw(map, key).forEach((name, value) -> entries.put(String.valueOf(name), value));
        return entries;
    }
}
