package io.ringbus.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.runner.RunnerException;

/** Each contender of each benchmark can be run alone, by the name of its method. */
class BenchmarksTest {

    private static final Map<Class<?>, Map<String, String>> BENCHMARKS = Map.of(
            AllocationBenchmark.class, Map.of("fused", "true"),
            JournaledPipelineBenchmark.class, Map.of("payload", "64"),
            MachineLimitBenchmark.class, Map.of(),
            RecoveryBenchmark.class, Map.of("events", "20000"),
            ReplayBenchmark.class, Map.of(),
            RetryBenchmark.class, Map.of("order", "PER_AGGREGATE"),
            SyncedBenchmark.class, Map.of("publishers", "4", "window", "500"));

    static Stream<Arguments> contenders() {
        return BENCHMARKS.entrySet().stream().flatMap(benchmark -> Arrays.stream(benchmark.getKey().getMethods())
                .filter(method -> method.isAnnotationPresent(Benchmark.class))
                .map(Method::getName)
                .map(name -> Arguments.of(benchmark.getKey().getSimpleName(), name, benchmark.getValue())));
    }

    @ParameterizedTest(name = "{0}.{1}")
    @MethodSource("contenders")
    void shouldRunAlone(String benchmark, String contender, Map<String, String> parameters) throws RunnerException {
        assertThat(JmhInProcess.run(benchmark + "\\." + contender + "$", parameters)).isNotEmpty()
                .containsOnly(contender);
    }
}
