package io.ringbus.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

class RetryBenchmarkTest {

    @Test
    void shouldRunBothSidesInJmh() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                .include(RetryBenchmark.class.getName())
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(1))
                .shouldFailOnError(true)
                .build()).run();

        assertThat(results).extracting(result -> result.getPrimaryResult().getLabel())
                .containsExactlyInAnyOrder("noFailures", "noFailures", "onePercentFailing", "onePercentFailing");
        assertThat(results).allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isPositive());
    }
}
