package io.ringbus.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

class JournaledPipelineBenchmarkTest {

    @Test
    void shouldRunBothSidesInJmh() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                .include(JournaledPipelineBenchmark.class.getName())
                .param("payload", "64")
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(1))
                .shouldFailOnError(true)
                .build()).run();

        assertThat(results).extracting(result -> result.getPrimaryResult().getLabel())
                .containsExactlyInAnyOrder("ringbus", "handWritten");
        assertThat(results).allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isPositive());
    }

    @Test
    void shouldGiveForksTheFlagsThatTheBuildGivesItsTests() {
        Fork fork = ChronicleForks.class.getAnnotation(Fork.class);

        assertThat(ManagementFactory.getRuntimeMXBean().getInputArguments()).contains(fork.jvmArgsAppend());
    }
}
