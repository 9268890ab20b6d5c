package io.ringbus.benchmarks.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs JMH, forks of a benchmark and its peers in turns, so that they are neighbours in time. Each round leaves one of
 * JMH's JSON files, after each fork again, so that what was measured is there when somebody loses patience.
 */
final class JmhRuns {

    private static final String ALLOCATION = "AllocationBenchmark";

    private final Path directory;
    private final PrintStream out;
    private final int forks;

    /**
     * Prepares.
     *
     * @param directory exists; gets JSON files and JMH's log
     * @param out       told before and after each benchmark
     * @param forks     1; or 0 to run in this JVM, for tests
     */
    JmhRuns(Path directory, PrintStream out, int forks) {
        this.directory = directory;
        this.out = out;
        this.forks = forks;
    }

    /**
     * Runs all.
     *
     * @param pattern only benchmarks in whose names it is found
     * @param quick   whether each benchmark runs once, with the first value of each parameter
     * @param time    about how long it may take
     * @return whether none failed
     */
    boolean run(Pattern pattern, boolean quick, Duration time) throws IOException {
        boolean noneFailed = true;
        try (PrintStream log = new PrintStream(directory.resolve("jmh.txt").toFile(), StandardCharsets.UTF_8)) {
            OutputFormat format = OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL);
            List<Turn> turns = turns(JmhConfiguration.all(pattern, quick, format));
            TimeBudget budget = new TimeBudget(time, turns.size());
            Map<Integer, List<RunResult>> results = new HashMap<>();
            int begun = 0;
            for (Turn turn : turns) {
                out.printf("[%d/%d] %-70s ", ++begun, turns.size(), turn.configuration.id());
                out.flush();
                List<RunResult> ofRound = results.computeIfAbsent(turn.round, round -> new ArrayList<>());
                noneFailed &= run(turn.configuration, budget, format, ofRound);
                write(directory.resolve("jmh-" + turn.round + ".json"), ofRound);
            }
        }
        return noneFailed;
    }

    /**
     * A fork.
     *
     * @param configuration what runs in it
     * @param round         counted from 1
     */
    record Turn(JmhConfiguration configuration, int round) {
    }

    /**
     * Round by round. What slows a machine down for minutes slows one round down, and in a round those that are compared
     * are next to each other.
     */
    static List<Turn> turns(List<JmhConfiguration> all) {
        int rounds = all.stream().mapToInt(JmhConfiguration::rounds).max().orElse(0);
        return IntStream.rangeClosed(1, rounds).boxed()
                .flatMap(round -> all.stream().filter(configuration -> round <= configuration.rounds())
                        .map(configuration -> new Turn(configuration, round)))
                .toList();
    }

    private boolean run(JmhConfiguration configuration, TimeBudget budget, OutputFormat format,
            List<RunResult> results) {
        Duration iteration = budget.iteration(configuration.id(), configuration.iterations());
        long begin = System.nanoTime();
        try {
            RunResult result = new Runner(options(configuration, iteration), format).runSingle();
            results.add(result);
            Result<?> primary = result.getPrimaryResult();
            out.println(Figure.number(primary.getStatistics().getPercentile(50)) + " " + primary.getScoreUnit());
            return true;
        } catch (RunnerException e) {
            out.println("FAILED, see jmh.txt: " + reason(e));
            return false;
        } finally {
            budget.ran(configuration.id(), configuration.iterations(), iteration,
                    Duration.ofNanos(System.nanoTime() - begin));
        }
    }

    private Options options(JmhConfiguration configuration, Duration iteration) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .forks(forks)
                .warmupIterations(configuration.iterations().warmUps())
                .warmupTime(milliseconds(configuration.iterations().warmUp(iteration)))
                .measurementIterations(configuration.iterations().measured())
                .measurementTime(milliseconds(iteration))
                .shouldFailOnError(true);
        configuration.restrict(options);
        if (configuration.id().type().equals(ALLOCATION)) {
            options.addProfiler(GCProfiler.class);
        }
        return options.build();
    }

    private static TimeValue milliseconds(Duration time) {
        return TimeValue.milliseconds(time.toMillis());
    }

    private static void write(Path file, List<RunResult> results) throws IOException {
        Path begun = file.resolveSibling(file.getFileName() + ".begun");
        try (PrintStream json = new PrintStream(begun.toFile(), StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, json).writeOut(results);
        }
        Files.move(begun, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String reason(RunnerException error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }
}
