package io.ringbus.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

class DispatchBenchmarkTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "ringbus", "rawDisruptor", "arrayBlockingQueue", "guavaEventBus", "mbassador", "vertxEventBus"
    })
    void shouldRunEachContenderAlone(String contender) throws RunnerException {
        Collection<RunResult> results = run(options(DispatchBenchmark.class.getName() + "\\." + contender + "$")
                .param("handlers", "4")
                .param("producer", "SINGLE"));

        assertThat(results).singleElement().satisfies(result -> {
            assertThat(result.getPrimaryResult().getLabel()).isEqualTo(contender);
            assertThat(result.getPrimaryResult().getScore()).isPositive();
        });
    }

    @Test
    void shouldRunTheScalingSeries() throws RunnerException {
        Collection<RunResult> results = run(options(ScalingBenchmark.class.getName())
                .param("subscriptions", "64")
                .param("publishers", "4")
                .param("batch", "100")
                .param("slots", "1024"));

        assertThat(results).extracting(result -> result.getPrimaryResult().getLabel())
                .containsExactlyInAnyOrder("subscriptions", "publishers", "batches", "ringSize");
        assertThat(results).allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isPositive());
    }

    private static ChainedOptionsBuilder options(String include) {
        return new OptionsBuilder()
                .include(include)
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(1))
                .shouldFailOnError(true);
    }

    private static Collection<RunResult> run(ChainedOptionsBuilder options) throws RunnerException {
        return new Runner(options.build()).run();
    }
}
