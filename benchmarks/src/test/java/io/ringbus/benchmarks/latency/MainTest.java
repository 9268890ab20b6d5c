package io.ringbus.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void shouldRunEachContenderInAJvmOfItsOwnAndLeaveItsResults() throws IOException {
        int exitCode = run("--contenders", "ringbusFused", "--journals", "none", "--rates", "20000", "--warm-up",
                "0.05", "--seconds", "0.05", "--behind", "60000", "--wait-mode", "parking", "--directory",
                directory.resolve("results").toString(), "--journal-directory", directory.toString());

        assertThat(text(err)).isEmpty();
        assertThat(exitCode).isZero();
        List<String> lines = Files.readAllLines(directory.resolve("results").resolve(LatencyResult.FILE));
        assertThat(lines).hasSize(1);
        LatencyResult result = LatencyResult.parse(lines.get(0));
        assertThat(result.lateness().events()).isEqualTo(1_000);
        assertThat(HistogramLog.read(directory.resolve("results").resolve(result.histogramLog())).getTotalCount())
                .isEqualTo(1_000);
        assertThat(text(out)).contains("[1/1] ringbusFused").contains("p99.9");
        try (var left = Files.list(directory)) {
            assertThat(left).containsExactly(directory.resolve("results"));
        }
    }

    @Test
    void shouldNotMixTwoSeries() throws IOException {
        Files.writeString(directory.resolve(LatencyResult.FILE), "");

        assertThat(run("--directory", directory.toString())).isEqualTo(2);
        assertThat(text(err)).contains("--directory=" + directory);
    }

    @Test
    void shouldListItsOptions() {
        assertThat(run("--help")).isZero();
        assertThat(text(out)).contains("--rates", "--contenders", "--seconds");
    }

    @ParameterizedTest
    @CsvSource({"--rates, 0, rate=0", "--contenders, nobody, contender=nobody", "--rounds, 0, rounds=0",
            "--seconds, 0, measured=PT0S", "--payload, 63, payload=63", "--behind, 0, behind=PT0S"})
    void shouldNameABadValue(String option, String value, String message) {
        assertThat(run(option, value, "--directory", directory.toString())).isEqualTo(2);
        assertThat(text(err)).contains(message).contains("--help");
    }

    @Test
    void shouldLeaveOutAContenderThatIsTheSameAsAnother() {
        assertThat(run("--contenders", "handWrittenFused", "--journals", "OFF")).isEqualTo(2);
        assertThat(text(err)).contains("nothing is left to run");
    }

    private int run(String... args) {
        return Main.run(args, print(out), print(err));
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
