package io.ringbus.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

class JmhRunsTest {

    private static final OutputFormat SILENT = OutputFormatFactory.createFormatInstance(
            new PrintStream(OutputStream.nullOutputStream()), VerboseMode.SILENT);

    @Test
    void shouldLetThoseThatAreComparedTakeTurnsAndRunTheOthersOnce() {
        assertThat(turns("ReplayBenchmark", false)).containsExactly(
                "chronicleTailer 1", "ringbus 1", "sqlite 1", "chronicleTailer 2", "ringbus 2");
    }

    @Test
    void shouldRunOnceWhenThereIsNoTime() {
        assertThat(turns("ReplayBenchmark", true)).containsExactly("chronicleTailer 1", "ringbus 1", "sqlite 1");
    }

    @Test
    void shouldKeepThoseWithTheSameParametersTogetherInEachRound() {
        assertThat(turns("JournaledPipelineBenchmark.(ringbus|handWritten)$", false)).containsExactly(
                "handWritten payload=64 1", "ringbus payload=64 1", "handWritten payload=256 1", "ringbus payload=256 1",
                "handWritten payload=1024 1", "ringbus payload=1024 1",
                "handWritten payload=64 2", "ringbus payload=64 2", "handWritten payload=256 2", "ringbus payload=256 2",
                "handWritten payload=1024 2", "ringbus payload=1024 2");
    }

    private static List<String> turns(String pattern, boolean quick) {
        return JmhRuns.turns(JmhConfiguration.all(Pattern.compile(pattern), quick, SILENT)).stream()
                .map(turn -> turn.configuration().id().toString().replaceFirst(".*?\\.", "")
                        .replace(" waitMode=YIELDING", "") + " " + turn.round())
                .toList();
    }
}
