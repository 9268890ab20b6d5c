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
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;

/**
 * Runs JMH. Forks of a benchmark and of the peers that it is compared with are started together and take turns, an
 * iteration each. Each round leaves one of JMH's JSON files, after each heat again, so that what was measured is there when
 * somebody loses patience.
 */
final class JmhRuns {

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
        JmhLock lock = new JmhLock();
        try (PrintStream log = new PrintStream(directory.resolve("jmh.txt").toFile(), StandardCharsets.UTF_8)) {
            List<Heat> heats = Heat.of(JmhConfiguration.all(pattern, quick, JmhFork.format(log)));
            int all = heats.stream().mapToInt(heat -> heat.configurations().size()).sum();
            TimeBudget budget = new TimeBudget(time, all);
            Map<Integer, List<RunResult>> results = new HashMap<>();
            int done = 0;
            for (Heat heat : heats) {
                boolean alone = heat.configurations().size() == 1;
                out.print(alone ? "[" + (done + 1) : "[" + (done + 1) + "-" + (done + heat.configurations().size()));
                out.print("/" + all + "] " + (alone ? heat.configurations().get(0).id() + " " : "in turns:\n"));
                out.flush();
                List<RunResult> ofRound = results.computeIfAbsent(heat.round(), round -> new ArrayList<>());
                for (JmhFork fork : heat.run(forks, budget)) {
                    out.println(alone ? fork.outcome() : "  " + fork.id() + " " + fork.outcome());
                    log.print(fork.log());
                    fork.result().ifPresent(ofRound::add);
                    noneFailed &= fork.result().isPresent();
                    done++;
                }
                write(directory.resolve("jmh-" + heat.round() + ".json"), ofRound);
            }
        } finally {
            lock.close();
        }
        return noneFailed;
    }

    private static void write(Path file, List<RunResult> results) throws IOException {
        Path begun = file.resolveSibling(file.getFileName() + ".begun");
        try (PrintStream json = new PrintStream(begun.toFile(), StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, json).writeOut(results);
        }
        Files.move(begun, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
