package io.ringbus.benchmarks.latency;

import io.ringbus.benchmarks.latency.RunPlan.Times;
import io.ringbus.engine.WaitMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of {@link Main}. */
@Command(name = "latency", usageHelpWidth = 100, sortOptions = false, showDefaultValues = true,
        description = "Measures latency from the time each event was due, a JVM per run.",
        footer = {"", "Exit codes: 0 all ran, though some may have missed their rate; 1 a run failed; 2 bad option."})
final class Options {

    @Option(names = "--contenders", split = ",", paramLabel = "NAME",
            defaultValue = "ringbus,handWritten,ringbusFused,handWrittenFused", description = "Who runs.")
    private List<Contender> contenders;

    @Option(names = "--journals", split = ",", paramLabel = "MODE", defaultValue = "OFF,NONE,BATCH",
            description = "OFF: in memory; NONE: journaled; BATCH: forced to disk, too.")
    private List<JournalMode> journals;

    @Option(names = "--rates", split = ",", paramLabel = "N", defaultValue = "10000,100000,500000,1000000",
            description = "Events per second.")
    private List<Long> rates;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "1",
            description = "How often each is run; the contenders of a round run next to each other.")
    private int rounds;

    @Option(names = "--warm-up", paramLabel = "SECONDS", defaultValue = "4",
            description = "Before the measurement; discarded.")
    private double warmUp;

    @Option(names = "--seconds", paramLabel = "SECONDS", defaultValue = "5", description = "What is measured.")
    private double seconds;

    @Option(names = "--behind", paramLabel = "MILLISECONDS", defaultValue = "50",
            description = "A run whose publisher, or whose last handling, was later than this is invalid.")
    private long behind;

    @Option(names = "--wait-mode", paramLabel = "MODE", defaultValue = "YIELDING",
            description = "How publisher and stages wait: ${COMPLETION-CANDIDATES}.")
    private WaitMode waitMode;

    @Option(names = "--payload", paramLabel = "BYTES", defaultValue = "64", description = "The size of an event.")
    private int payload;

    @Option(names = "--directory", paramLabel = "DIR", defaultValue = "latency-results",
            description = "Gets a line per run in " + LatencyResult.FILE + ", and a histogram log for each.")
    private Path directory;

    @Option(names = "--journal-directory", paramLabel = "DIR", defaultValue = "${sys:java.io.tmpdir}",
            description = "Where journals are made, and deleted after each run.")
    private Path journalDirectory;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Prints this.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    Series series() {
        try {
            return new Series(contenders, journals, rates, rounds, shape());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    Path directory() {
        return directory;
    }

    Path journalDirectory() {
        return journalDirectory;
    }

    private Series.Shape shape() {
        return new Series.Shape(new Times(millis(warmUp), millis(seconds), Duration.ofMillis(behind)), waitMode,
                payload);
    }

    private static Duration millis(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1_000));
    }
}
