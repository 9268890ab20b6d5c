package io.ringbus.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.runner.RunnerException;

class JournaledPipelineBenchmarkTest {

    @Test
    void shouldRunAllContendersWithOneFilter() throws RunnerException {
        assertThat(JmhInProcess.run(JournaledPipelineBenchmark.class.getName(), Map.of("payload", "64")))
                .containsExactlyInAnyOrder("ringbus", "ringbusFused", "handWritten", "handWrittenBatched", "sqlite",
                        "sqlite");
    }

    @Test
    void shouldGiveForksTheFlagsThatTheBuildGivesItsTests() {
        Fork fork = ChronicleForks.class.getAnnotation(Fork.class);

        assertThat(ManagementFactory.getRuntimeMXBean().getInputArguments()).contains(fork.jvmArgsAppend());
    }
}
