package io.ringbus.benchmarks.report;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
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
 * A run of JMH with one fork, when it has ended.
 *
 * @param id      what ran in it
 * @param result  empty when it failed
 * @param outcome the result, or why there is none, in a line
 * @param log     what JMH said
 */
record JmhFork(BenchmarkId id, Optional<RunResult> result, String outcome, String log) {

    private static final String ALLOCATION = "AllocationBenchmark";

    /**
     * Runs it.
     *
     * @param configuration what runs in it
     * @param iteration     how long each measured iteration is
     * @param forks         1; or 0 to run in this JVM, for tests
     * @param turns         where it asks for its turns, see {@link Turns#address}; empty when it runs alone
     */
    static JmhFork run(JmhConfiguration configuration, Duration iteration, int forks, Optional<String> turns) {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        Optional<RunResult> result = Optional.empty();
        String outcome;
        try {
            OutputFormat format = format(new PrintStream(log, true, StandardCharsets.UTF_8));
            RunResult run = new Runner(options(configuration, iteration, forks, turns), format).runSingle();
            result = Optional.of(run);
            Result<?> primary = run.getPrimaryResult();
            outcome = Figure.number(primary.getStatistics().getPercentile(50)) + " " + primary.getScoreUnit();
        } catch (RunnerException | RuntimeException e) {
            outcome = "FAILED, see jmh.txt: " + reason(e);
        }
        return new JmhFork(configuration.id(), result, outcome, log.toString(StandardCharsets.UTF_8));
    }

    /** How JMH tells what it does. */
    static OutputFormat format(PrintStream log) {
        return OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL);
    }

    private static Options options(JmhConfiguration configuration, Duration iteration, int forks,
            Optional<String> turns) {
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
        turns.ifPresent(address -> options.addProfiler(TurnProfiler.class, address));
        return options.build();
    }

    private static TimeValue milliseconds(Duration time) {
        return TimeValue.milliseconds(time.toMillis());
    }

    private static String reason(Exception error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }
}
