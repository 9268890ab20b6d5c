package io.ringbus.benchmarks.latency;

import io.ringbus.benchmarks.latency.RunPlan.Times;
import io.ringbus.benchmarks.latency.Verdict.Standing;
import io.ringbus.engine.WaitMode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Runs of several contenders in several modes and at several rates, in rounds; contenders are neighbours in time. */
public final class Series {

    private final int rounds;
    private final List<RunPlan> plans = new ArrayList<>();

    /**
     * Plans it. A contender that is the same as another in some mode is left out there.
     *
     * @param contenders who runs, at least one
     * @param journals   in which modes, at least one
     * @param rates      at how many events per second, at least one
     * @param rounds     how often, 1 or more
     * @param shape      what all runs have in common
     * @throws IllegalArgumentException when a value is out of its range, or nothing is left to run
     */
    public Series(List<Contender> contenders, List<JournalMode> journals, List<Long> rates, int rounds, Shape shape) {
        if (rounds < 1) {
            throw new IllegalArgumentException("there is at least one round: rounds=" + rounds);
        }
        this.rounds = rounds;
        for (JournalMode journal : journals) {
            for (long rate : rates) {
                contenders.stream()
                        .filter(contender -> contender.runsWith(journal))
                        .map(contender -> new RunPlan(contender, journal, rate, shape.times(), shape.waitMode(),
                                shape.payloadBytes()))
                        .forEach(plans::add);
            }
        }
        if (plans.isEmpty()) {
            throw new IllegalArgumentException("nothing is left to run: contenders=" + contenders + ", journals="
                    + journals + ", rates=" + rates);
        }
    }

    private Series(int rounds, List<RunPlan> plans) {
        this.rounds = rounds;
        this.plans.addAll(plans);
    }

    /**
     * The same without what another series runs.
     *
     * @param other may differ in how long its runs take
     * @return may be empty
     */
    public Series without(Series other) {
        Set<String> names = other.plans.stream().map(RunPlan::name).collect(Collectors.toSet());
        return new Series(rounds, plans.stream().filter(plan -> !names.contains(plan.name())).toList());
    }

    /**
     * What all runs of a series have in common.
     *
     * @param times        how long things take
     * @param waitMode     how publisher and stages wait
     * @param payloadBytes the size of an event
     */
    public record Shape(Times times, WaitMode waitMode, int payloadBytes) {
    }

    /**
     * How long it takes when all goes well.
     *
     * @return without starting JVMs and reading journals back
     */
    public Duration duration() {
        return plans.stream().map(RunPlan::duration).reduce(Duration.ZERO, Duration::plus).multipliedBy(rounds);
    }

    /**
     * How many runs there are.
     *
     * @return zero or more
     */
    public int size() {
        return plans.size() * rounds;
    }

    /**
     * Runs all of it, and adds a line for each to {@link LatencyResult#FILE}.
     *
     * @param results  where that file and the histogram logs go; made when missing
     * @param journals where journals are made, and deleted after each run; made when missing
     * @param out      told before and after each run
     * @return whether none failed; one that missed its rate has not failed
     * @throws IOException          when a file cannot be written or a JVM not be started
     * @throws InterruptedException when the thread is interrupted
     */
    public boolean run(Path results, Path journals, PrintStream out) throws IOException, InterruptedException {
        Files.createDirectories(results);
        Files.createDirectories(journals);
        Fork fork = new Fork(results, journals);
        boolean noneFailed = true;
        int done = 0;
        for (int round = 1; round <= rounds; round++) {
            for (RunPlan plan : plans) {
                out.printf("[%d/%d] %-16s journal %-5s %,9d/s  ", ++done, size(), plan.contender(), plan.journal(),
                        plan.ratePerSecond());
                out.flush();
                LatencyResult result = fork.run(plan, round);
                out.println(result.summary());
                Files.writeString(results.resolve(LatencyResult.FILE), result.toJson() + System.lineSeparator(),
                        StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                noneFailed &= result.verdict().standing() != Standing.FAILED;
            }
        }
        return noneFailed;
    }
}
