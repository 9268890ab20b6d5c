package io.ringbus.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

class HeatTest {

    private static final OutputFormat SILENT = OutputFormatFactory.createFormatInstance(
            new PrintStream(OutputStream.nullOutputStream()), VerboseMode.SILENT);

    @Test
    void shouldLetThoseThatAreComparedTakeTurnsAndRunTheOthersOnce() {
        assertThat(heats("ReplayBenchmark", false)).containsExactly(
                "1: chronicleTailer, ringbus", "1: sqlite", "2: chronicleTailer, ringbus");
    }

    @Test
    void shouldRunEachOnceWhenThereIsNoTime() {
        assertThat(heats("ReplayBenchmark", true)).containsExactly("1: chronicleTailer, ringbus", "1: sqlite");
    }

    @Test
    void shouldLetOnlyThoseWithTheSameParametersTakeTurns() {
        assertThat(heats("JournaledPipelineBenchmark.(ringbus|handWritten)$", false)).containsExactly(
                "1: handWritten payload=64, ringbus payload=64",
                "1: handWritten payload=256, ringbus payload=256",
                "1: handWritten payload=1024, ringbus payload=1024",
                "2: handWritten payload=64, ringbus payload=64",
                "2: handWritten payload=256, ringbus payload=256",
                "2: handWritten payload=1024, ringbus payload=1024");
    }

    private static List<String> heats(String pattern, boolean quick) {
        return Heat.of(JmhConfiguration.all(Pattern.compile(pattern), quick, SILENT)).stream()
                .map(heat -> heat.round() + ": " + heat.configurations().stream()
                        .map(configuration -> configuration.id().toString().replaceFirst(".*?\\.", "")
                                .replace(" waitMode=YIELDING", ""))
                        .collect(Collectors.joining(", ")))
                .toList();
    }
}
