package io.ringbus.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileTest {

    static {
        // Figures do not matter here, so another JMH on the machine does not, either.
        System.setProperty("jmh.ignoreLock", "true");
    }

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void shouldLeaveWhatThePageIsMadeOf() throws IOException {
        Path results = Files.createDirectory(directory.resolve("results"));

        boolean noneFailed = new JmhRuns(results, print(out), 0).run(
                Pattern.compile("(JournaledPipelineBenchmark\\.(ringbus|handWritten)|AllocationBenchmark.preallocated)$"),
                true, Duration.ofSeconds(1));

        assertThat(noneFailed).as(out.toString(StandardCharsets.UTF_8)).isTrue();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("[1/3] AllocationBenchmark.preallocated",
                "[2-3/3] in turns:", "JournaledPipelineBenchmark.ringbus");
        JmhResults read = JmhResults.read(JmhResults.filesIn(results));
        assertThat(read.all()).hasSize(3)
                .allSatisfy(measured -> assertThat(measured.values()).hasSize(Iterations.QUICK.measured()));
        assertThat(read.of("AllocationBenchmark", "preallocated")).singleElement()
                .satisfies(measured -> assertThat(measured.allocated()).hasSize(Iterations.QUICK.measured()));
        assertThat(Figures.of(read, LatencyResults.in(results))).filteredOn(figure ->
                        figure.formula().equals("ringbus / handWritten") && !figure.value().isEmpty())
                .singleElement().satisfies(figure -> assertThat(figure.spread()).startsWith("2 pairs"));
    }

    @Test
    void shouldMeasureForksThatTakeTurns() throws IOException {
        boolean noneFailed = new JmhRuns(directory, print(out), 1).run(
                Pattern.compile("DispatchBenchmark\\.(ringbus|rawDisruptor)$"), true, Duration.ofSeconds(1));

        assertThat(noneFailed).as(out.toString(StandardCharsets.UTF_8)).isTrue();
        assertThat(Files.readString(directory.resolve("jmh-1.json")).split(TurnProfiler.WAITED)).hasSize(1 + 2);
        assertThat(JmhResults.read(JmhResults.filesIn(directory)).all()).hasSize(2)
                .allSatisfy(measured -> assertThat(measured.values()).hasSize(Iterations.QUICK.measured()));
    }

    @Test
    void shouldWriteThePageAndNoteOnWhatItRan() throws IOException {
        Path results = directory.resolve("results");

        int exitCode = run("--quick", "--only", "^nothing$", "--directory", results.toString());

        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(exitCode).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).trim()).endsWith(results.resolve("report.html").toString());
        assertThat(Environment.of(results).facts()).containsEntry("Cores",
                String.valueOf(Runtime.getRuntime().availableProcessors())).containsKeys("Processor", "Memory",
                "Operating system", "File system of journals", "JDK", "Commit", "Command");
    }

    @Test
    void shouldNotMixTwoProfiles() throws IOException {
        Files.writeString(directory.resolve("jmh-1.json"), "[]");

        assertThat(run("--directory", directory.toString())).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--directory=" + directory);
    }

    @Test
    void shouldNameABadTime() {
        assertThat(run("--minutes", "0")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--minutes=0");
    }

    private int run(String... args) {
        return Profile.run(args, print(out), print(err));
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
