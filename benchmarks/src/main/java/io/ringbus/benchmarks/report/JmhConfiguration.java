package io.ringbus.benchmarks.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/**
 * A benchmark with one value for each of its parameters.
 *
 * @param name       its class and method
 * @param id         the same for a reader, with the parameters
 * @param iterations how many a fork has
 * @param rounds     how many forks, one in each
 * @param shared     the parameters that all contenders of its class have, for an order in which contenders are neighbours
 */
record JmhConfiguration(String name, BenchmarkId id, Iterations iterations, int rounds, String shared) {

    /**
     * All there are on the class path, contenders next to each other.
     *
     * @param pattern only benchmarks in whose names it is found
     * @param quick   only the first value of each parameter, for a moment, in one round
     * @param out     told about the search
     */
    static List<JmhConfiguration> all(Pattern pattern, boolean quick, OutputFormat out) {
        List<JmhConfiguration> found = new ArrayList<>();
        Map<String, Set<String>> sharedNames = new LinkedHashMap<>();
        Collection<BenchmarkListEntry> entries = BenchmarkList.defaultList().getAll(out, List.of());
        for (BenchmarkListEntry entry : entries) {
            Set<String> names = entry.getParams().hasValue() ? entry.getParams().get().keySet() : Set.of();
            sharedNames.computeIfAbsent(type(entry.getUsername()), type -> new TreeSet<>(names)).retainAll(names);
        }
        for (BenchmarkListEntry entry : entries) {
            if (pattern.matcher(entry.getUsername()).find()) {
                Map<String, String[]> values = entry.getParams().orElse(Map.of());
                combinations(values, quick).forEach(params -> {
                    BenchmarkId id = BenchmarkId.of(entry.getUsername(), params);
                    found.add(new JmhConfiguration(entry.getUsername(), id, iterations(id, entry.getMode(), quick),
                            quick ? 1 : Suite.rounds(id),
                            sharedNames.get(type(entry.getUsername())).stream().map(id.params()::get)
                                    .collect(Collectors.joining(" "))));
                });
            }
        }
        // Backwards, because a window of 1 outlasts its iterations: what comes behind it has its time taken.
        found.sort(Comparator.comparing((JmhConfiguration configuration) -> configuration.id().type())
                .thenComparing(JmhConfiguration::shared, Comparator.reverseOrder())
                .thenComparing(configuration -> configuration.id().method()));
        return found;
    }

    /** Makes JMH run this and nothing else. */
    void restrict(ChainedOptionsBuilder options) {
        options.include("^" + Pattern.quote(name) + "$");
        id.params().forEach(options::param);
    }

    private static Iterations iterations(BenchmarkId id, Mode mode, boolean quick) {
        if (mode == Mode.SingleShotTime) {
            return Iterations.ONE_SHOT;
        }
        if (quick) {
            return Iterations.QUICK;
        }
        // A force, or a commit, for nearly each event.
        boolean isLong = id.type().equals("SyncedBenchmark")
                && ("1".equals(id.params().get("window")) || "1".equals(id.params().get("commitEvery")));
        if (isLong) {
            return Suite.isCompared(id) ? Iterations.LONG_COMPARED : Iterations.LONG;
        }
        if (!Suite.isCompared(id)) {
            return Iterations.USUAL;
        }
        return id.type().equals("JournaledPipelineBenchmark") ? Iterations.CROWDED : Iterations.COMPARED;
    }

    private static List<Map<String, String>> combinations(Map<String, String[]> values, boolean quick) {
        List<Map<String, String>> combinations = new ArrayList<>(List.of(Map.of()));
        values.forEach((name, choices) -> {
            List<Map<String, String>> longer = new ArrayList<>();
            for (Map<String, String> begun : combinations) {
                for (String choice : quick ? List.of(choices[0]) : List.of(choices)) {
                    Map<String, String> combination = new LinkedHashMap<>(begun);
                    combination.put(name, choice);
                    longer.add(combination);
                }
            }
            combinations.clear();
            combinations.addAll(longer);
        });
        return combinations;
    }

    private static String type(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }
}
