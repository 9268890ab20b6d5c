package io.ringbus.benchmarks.report;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What tells a benchmark's result from the others of a run.
 *
 * @param type   the simple name of its class
 * @param method the contender
 * @param params JMH's parameters by name
 */
record BenchmarkId(String type, String method, SortedMap<String, String> params) {

    /** Of a class and method written as one, and parameters in any order. */
    static BenchmarkId of(String benchmark, Map<String, String> params) {
        String[] names = benchmark.split("\\.");
        if (names.length < 2) {
            throw new IllegalArgumentException("a benchmark is named by class and method: benchmark=" + benchmark);
        }
        return new BenchmarkId(names[names.length - 2], names[names.length - 1], new TreeMap<>(params));
    }

    /** Whether it has these values; a parameter that it does not have is no hindrance. */
    boolean agreesWith(Map<String, String> values) {
        return values.entrySet().stream().allMatch(value ->
                params.getOrDefault(value.getKey(), value.getValue()).equals(value.getValue()));
    }

    /** Parameters as text, without those that are the same wherever they occur. */
    String paramsWithout(Map<String, String> constant) {
        return params.entrySet().stream()
                .filter(param -> !param.getValue().equals(constant.get(param.getKey())))
                .map(param -> param.getKey() + "=" + param.getValue())
                .collect(Collectors.joining(" "));
    }

    @Override
    public String toString() {
        return (type + "." + method + " " + paramsWithout(Map.of())).trim();
    }
}
