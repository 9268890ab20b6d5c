package io.ringbus.benchmarks.latency;

import com.fasterxml.jackson.jr.ob.JSON;
import io.ringbus.benchmarks.jmh.ChronicleForks;
import io.ringbus.benchmarks.jmh.TemporaryDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A run in a JVM of its own, with the flags that Chronicle needs: neither the last run's compiled code nor its heap is
 * left to the next one, and a plain {@code java -cp} is enough to start a series.
 */
final class Fork {

    /** Beyond the run's own time: starting, draining, reading the journal back. */
    private static final Duration GRACE = Duration.ofSeconds(150);

    private final Path results;
    private final Path journals;

    /**
     * Prepares runs.
     *
     * @param results  where histogram logs and what a run prints are left; exists
     * @param journals where each run's journal is made, and deleted after it; exists
     */
    Fork(Path results, Path journals) {
        this.results = results;
        this.journals = journals;
    }

    /**
     * Runs and waits.
     *
     * @param plan  what to run
     * @param round the round it belongs to
     * @return what came out, also when it failed
     * @throws IOException          when no JVM can be started, or a file not be written
     * @throws InterruptedException when the thread is interrupted; the run is ended then
     */
    LatencyResult run(RunPlan plan, int round) throws IOException, InterruptedException {
        String name = "latency-" + round + "-" + plan.name();
        Path printed = results.resolve(name + ".txt");
        try (TemporaryDirectory journal = new TemporaryDirectory(journals)) {
            Path answer = journal.path().resolve("result.json");
            Process process = new ProcessBuilder(ChronicleForks.command(Fork.class,
                    JSON.std.asString(plan.toMap()), String.valueOf(round), journal.path().toString(),
                    results.resolve(name + ".hlog").toString(), answer.toString()))
                    .redirectErrorStream(true).redirectOutput(printed.toFile()).start();
            Thread endIt = new Thread(process::destroyForcibly, "end-" + name);
            Runtime.getRuntime().addShutdownHook(endIt);
            try {
                Duration limit = plan.duration().plus(GRACE);
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    return LatencyResult.failed(plan, round, "it did not end within " + limit);
                }
            } finally {
                process.destroyForcibly().waitFor();
                Runtime.getRuntime().removeShutdownHook(endIt);
            }
            if (process.exitValue() != 0 || Files.notExists(answer)) {
                return LatencyResult.failed(plan, round, "exit code " + process.exitValue() + ", see "
                        + printed.getFileName() + lastLine(printed));
            }
            return LatencyResult.parse(Files.readString(answer));
        }
    }

    /**
     * What a fork executes.
     *
     * @param args plan, round, journal directory, histogram log, file for the result
     * @throws IOException when a file cannot be written
     */
    public static void main(String[] args) throws IOException {
        RunPlan plan = RunPlan.of(JSON.std.mapFrom(args[0]));
        LatencyResult result = new LatencyRun(plan, Integer.parseInt(args[1]), plan.contender()::open)
                .execute(Path.of(args[2]), Path.of(args[3]));
        Files.writeString(Path.of(args[4]), result.toJson());
        // Not every contender ends its threads when it is closed.
        System.exit(0);
    }

    private static String lastLine(Path printed) throws IOException {
        return Files.readAllLines(printed, StandardCharsets.UTF_8).stream()
                .filter(line -> line.startsWith("Exception in") || line.startsWith("Caused by"))
                .reduce((first, second) -> second)
                .map(line -> ": " + line)
                .orElse("");
    }
}
