package io.ringbus.benchmarks.report;

import io.ringbus.benchmarks.latency.Contender;
import io.ringbus.benchmarks.latency.JournalMode;
import io.ringbus.benchmarks.latency.RunPlan.Times;
import io.ringbus.benchmarks.latency.Series;
import io.ringbus.engine.WaitMode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * One command for everything: JMH in short iterations, the latency harness, the page. It takes fourteen minutes or so, or as
 * many as it is given; longer runs of JMH and of the harness, by hand, say more about each single figure.
 */
@Command(name = "profile", usageHelpWidth = 100, sortOptions = false, showDefaultValues = true,
        description = "Measures everything in some minutes, writes a page, and prints where it is.",
        footer = {"", "Exit codes: 0 done; 1 something failed, the page shows it as missing; 2 bad option."})
public final class Profile implements Callable<Integer> {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int BAD_OPTION = 2;

    /** Of the whole time; the rest is for the latency harness. */
    private static final double SHARE_OF_JMH = 0.65;
    /** What a latency run takes beyond its own time: a JVM's start, reading the journal back. */
    private static final Duration BEYOND_A_RUN = Duration.ofSeconds(2);
    private static final Duration QUICK = Duration.ofMinutes(1);
    private static final Duration BEHIND = Duration.ofMillis(50);
    private static final int PAYLOAD_BYTES = 64;
    private static final int LATENCY_ROUNDS = 3;
    /**
     * How many times as long the runs of which ratios are made warm up as they are measured: until then the compilers
     * take a stage's processor for a millisecond at a time, and the longer the more there is to be compiled.
     */
    private static final int LATENCY_WARM_UP = 3;
    /** How many times as long as the others they are measured. */
    private static final int LATENCY_SHARES = 10;

    private final PrintStream out;

    @Option(names = "--minutes", paramLabel = "N", defaultValue = "10", description = "About how long it may take.")
    private int minutes;

    @Option(names = "--quick", description = "Takes two minutes: each benchmark once, with its first parameters, for a "
            + "moment. Shows that all of it works, and nothing else.")
    private boolean quick;

    @Option(names = "--only", paramLabel = "REGEX", defaultValue = "",
            description = "Runs only benchmarks in whose names this is found; the harness is named latency.")
    private Pattern only;

    @Option(names = "--directory", paramLabel = "DIR",
            description = "Where results and page go; it must not hold results. Without it, a new one next to the jar.")
    private Path directory;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Prints this.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    Profile(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs the program and ends the process.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(run(args, new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8)));
    }

    /**
     * Runs the program.
     *
     * @param args see {@code --help}
     * @param out  told before and after each step, and the page's path last
     * @param err  takes errors
     * @return the exit code: 0 done, 1 something failed, 2 bad option
     */
    static int run(String[] args, PrintStream out, PrintStream err) {
        return new CommandLine(new Profile(out))
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .setExecutionExceptionHandler((error, commandLine, parsed) -> {
                    err.println("profile: " + error);
                    return FAILED;
                })
                .setParameterExceptionHandler((error, rest) -> {
                    err.println("profile: " + error.getMessage() + " (--help lists the options)");
                    return BAD_OPTION;
                })
                .execute(args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        require(minutes >= 1, "it takes at least a minute: --minutes=" + minutes);
        Path results = directory == null ? freshDirectory() : directory;
        Files.createDirectories(results);
        try (Stream<Path> files = Files.list(results)) {
            require(files.findAny().isEmpty(), "the directory is not empty, name another: --directory=" + results);
        }
        Path journals = Path.of(System.getProperty("java.io.tmpdir"));
        Environment.capture(journals, commandLine()).write(results);
        Duration total = quick ? QUICK : Duration.ofMinutes(minutes);
        out.println("Takes " + total.toMinutes() + " min or somewhat more; results go to " + results);
        long jmhMillis = Math.round(total.toMillis() * SHARE_OF_JMH);
        boolean noneFailed = new JmhRuns(results, out, 1).run(only, quick,
                Duration.ofMillis(jmhMillis));
        if (only.matcher("latency").find()) {
            for (Series series : latency(total.minusMillis(jmhMillis))) {
                noneFailed &= series.run(results, journals, out);
            }
        }
        out.println(Main.write(results));
        return noneFailed ? DONE : FAILED;
    }

    /** First the runs of which ratios are made, in rounds; then each of the others once, for less of the time. */
    private List<Series> latency(Duration time) {
        List<JournalMode> journaled = List.of(JournalMode.NONE);
        if (quick) {
            return List.of(new Series(List.of(Contender.values()), journaled, List.of(100_000L), 1,
                    shape(Duration.ofMillis(400), 1)));
        }
        List<Contender> fused = List.of(Contender.RINGBUS_FUSED, Contender.HAND_WRITTEN_FUSED);
        List<Long> rates = List.of(100_000L, 500_000L);
        int compared = fused.size() * rates.size() * LATENCY_ROUNDS;
        int others = everything(Duration.ofSeconds(1)).size() - compared / LATENCY_ROUNDS;
        Duration running = time.minus(BEYOND_A_RUN.multipliedBy(compared + others));
        // Measured for one share, those compared for some; each with its warm-up.
        Duration share = TimeBudget.max(
                running.dividedBy((long) LATENCY_SHARES * (1 + LATENCY_WARM_UP) * compared + 2L * others),
                Duration.ofMillis(200));
        Series ratios = new Series(fused, journaled, rates, LATENCY_ROUNDS,
                shape(share.multipliedBy(LATENCY_SHARES), LATENCY_WARM_UP));
        return List.of(ratios, everything(share).without(ratios));
    }

    private static Series everything(Duration measured) {
        return new Series(List.of(Contender.values()), List.of(JournalMode.values()), Suite.RATES, 1,
                shape(measured, 1));
    }

    /** The warm-up as many times as long as the measurement. */
    private static Series.Shape shape(Duration measured, int warmUp) {
        return new Series.Shape(new Times(measured.multipliedBy(warmUp), measured, BEHIND), WaitMode.YIELDING,
                PAYLOAD_BYTES);
    }

    private String commandLine() {
        return "java -cp " + System.getProperty("java.class.path") + " " + Profile.class.getName() + " "
                + String.join(" ", spec.commandLine().getParseResult().originalArgs());
    }

    private static Path freshDirectory() {
        String name = "profile-" + LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
        try {
            return Path.of(Profile.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .resolveSibling(name);
        } catch (URISyntaxException e) {
            return Path.of(name);
        }
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
