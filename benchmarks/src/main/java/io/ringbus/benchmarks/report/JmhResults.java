package io.ringbus.benchmarks.report;

import com.fasterxml.jackson.jr.ob.JSON;
import io.ringbus.benchmarks.report.Measured.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What stands in JMH's JSON files ({@code -rf json}); each file is a run. */
final class JmhResults {

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private final Map<BenchmarkId, Measured> measured = new LinkedHashMap<>();
    private final Set<String> jdks = new LinkedHashSet<>();
    private final Set<String> settings = new LinkedHashSet<>();

    private JmhResults() {
    }

    /**
     * Reads files.
     *
     * @throws IOException when one cannot be read, or is not what JMH writes
     */
    static JmhResults read(List<Path> files) throws IOException {
        JmhResults results = new JmhResults();
        for (int run = 0; run < files.size(); run++) {
            try {
                for (Object result : JSON.std.listFrom(Files.readString(files.get(run)))) {
                    results.add(run, JsonObjects.map(result));
                }
            } catch (IOException | RuntimeException e) {
                throw new IOException("this is not what JMH writes with -rf json: file=" + files.get(run), e);
            }
        }
        return results;
    }

    Collection<Measured> all() {
        return measured.values();
    }

    /** Those of a class, in the order in which their methods were first met. */
    List<Measured> of(String type) {
        return measured.values().stream().filter(result -> result.id().type().equals(type)).toList();
    }

    Stream<Measured> of(String type, String method) {
        return of(type).stream().filter(result -> result.id().method().equals(method));
    }

    Set<String> types() {
        return measured.keySet().stream().map(BenchmarkId::type)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Parameters of a class that have one value only. */
    Map<String, String> constantParams(String type) {
        Map<String, Set<String>> values = new LinkedHashMap<>();
        of(type).forEach(result -> result.id().params().forEach((name, value) ->
                values.computeIfAbsent(name, key -> new LinkedHashSet<>()).add(value)));
        return values.entrySet().stream().filter(entry -> entry.getValue().size() == 1)
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().iterator().next()));
    }

    /** The Java versions that measured. */
    Set<String> jdks() {
        return jdks;
    }

    /** Forks, iterations and JVM flags, one line for each combination. */
    Set<String> settings() {
        return settings;
    }

    private void add(int run, Map<String, Object> result) {
        Map<String, String> params = new LinkedHashMap<>();
        JsonObjects.map(result.getOrDefault("params", Map.of())).forEach((name, value) ->
                params.put(name, String.valueOf(value)));
        BenchmarkId id = BenchmarkId.of(JsonObjects.text(result, "benchmark"), params);
        Map<String, Object> primary = JsonObjects.map(result.get("primaryMetric"));
        Measured into = measured.computeIfAbsent(id, key -> new Measured(id, JsonObjects.text(result, "mode"),
                JsonObjects.text(primary, "scoreUnit")));
        raw(run, primary).forEach(into::add);
        Map<String, Object> secondary = JsonObjects.map(result.getOrDefault("secondaryMetrics", Map.of()));
        if (secondary.containsKey(ALLOCATED)) {
            raw(run, JsonObjects.map(secondary.get(ALLOCATED))).forEach(into::addAllocated);
        }
        jdks.add(JsonObjects.text(result, "jdkVersion") + ", " + JsonObjects.text(result, "vmName") + " "
                + JsonObjects.text(result, "vmVersion"));
        settings.add(Stream.of("jmhVersion", "mode", "forks", "warmupIterations", "warmupTime",
                        "measurementIterations", "measurementTime", "jvmArgs")
                .map(name -> name + "=" + result.get(name)).collect(Collectors.joining(", ")));
    }

    private static Map<Position, Double> raw(int run, Map<String, Object> metric) {
        Map<Position, Double> values = new LinkedHashMap<>();
        List<?> forks = new ArrayList<>((Collection<?>) metric.get("rawData"));
        for (int fork = 0; fork < forks.size(); fork++) {
            List<?> iterations = new ArrayList<>((Collection<?>) forks.get(fork));
            for (int iteration = 0; iteration < iterations.size(); iteration++) {
                values.put(new Position(run, fork, iteration), ((Number) iterations.get(iteration)).doubleValue());
            }
        }
        return values;
    }

    /** JMH's files of a directory. */
    static List<Path> filesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".json"))
                    .filter(file -> !file.getFileName().toString().equals(Environment.FILE))
                    .sorted(Comparator.comparing(Path::getFileName)).toList();
        }
    }
}
