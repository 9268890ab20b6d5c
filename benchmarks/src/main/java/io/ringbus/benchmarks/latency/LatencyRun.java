package io.ringbus.benchmarks.latency;

import io.ringbus.benchmarks.jmh.WrongResultException;
import io.ringbus.benchmarks.latency.LatencyResult.Lateness;
import io.ringbus.benchmarks.latency.OpenLoop.Pace;
import io.ringbus.benchmarks.peers.Pipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * One run in this JVM: warm-up, measurement, verification, log.
 *
 * <p>The warm-up goes at {@value #WARM_UP_RATE} events per second, when the run's own rate is lower, and at the run's own
 * in turns, {@value #WARM_UP_TURNS} times each. The JVM compiles what has run often enough, and again what comes to do
 * something that it has not done before: what is seldom done at the run's own rate would be compiled while it is measured,
 * and what was compiled at another rate is wrong at its own. Between the stretches all that was published is handled.
 */
final class LatencyRun {

    /** Per second. */
    static final long WARM_UP_RATE = 500_000;
    /** As few as the JVM takes to have seen a rate again that it compiled for; shorter ones would be over before it does. */
    static final int WARM_UP_TURNS = 3;

    private static final Duration BETWEEN_STRETCHES = Duration.ofMillis(10);

    private final RunPlan plan;
    private final int round;
    private final Opening opening;

    private TimedHandler handler;
    private Pipeline pipeline;
    private long published;

    LatencyRun(RunPlan plan, int round, Opening opening) {
        this.plan = plan;
        this.round = round;
        this.opening = opening;
    }

    /**
     * Runs, and writes the log.
     *
     * @param journalDirectory exists, empty
     * @param histogramLog     is written
     * @throws WrongResultException when an event was lost, repeated, swapped or damaged, or is not in the journal
     */
    LatencyResult execute(Path journalDirectory, Path histogramLog) throws IOException {
        handler = new TimedHandler(plan.payloadBytes());
        try (Pipeline opened = opening.open(plan, journalDirectory.resolve("journal"), handler)) {
            pipeline = opened;
            Duration stretch = plan.times().warmUp().dividedBy(2 * WARM_UP_TURNS);
            for (int turn = 0; turn < WARM_UP_TURNS; turn++) {
                discard(stretch, Math.max(WARM_UP_RATE, plan.ratePerSecond()));
                discard(stretch, plan.ratePerSecond());
            }
            LatencyResult result = measure(histogramLog);
            verifyJournal();
            return result;
        }
    }

    private void discard(Duration time, long ratePerSecond) {
        long events = events(time, ratePerSecond);
        if (events > 0) {
            Schedule schedule = next(events, ratePerSecond);
            handler.awaitAndVerify(publish(schedule).last());
        }
    }

    private LatencyResult measure(Path histogramLog) throws IOException {
        Schedule schedule = next(Math.max(1, events(plan.times().measured(), plan.ratePerSecond())),
                plan.ratePerSecond());
        long startMillis = System.currentTimeMillis();
        Pace pace = publish(schedule);
        long drained = handler.awaitAndVerify(pace.last()) - schedule.dueNanos(pace.last());
        HistogramLog.write(histogramLog, plan + ", round=" + round, startMillis, handler.histograms());
        return new LatencyResult(plan, round, Verdict.of(plan, schedule, pace, drained),
                new Lateness(pace.last() - schedule.first() + 1, pace.worstBehind(), pace.endBehind(), drained),
                histogramLog.getFileName().toString(),
                LatencyResult.percentiles(HistogramLog.sum(handler.histograms())), LatencyResult.jvmProperties());
    }

    private Pace publish(Schedule schedule) {
        Pace pace = new OpenLoop(pipeline, plan.waitMode(), System::nanoTime).publish(schedule);
        published = pace.last();
        return pace;
    }

    private Schedule next(long events, long ratePerSecond) {
        // One that was given up leaves no gap: the next stretch begins behind the last event that was published.
        Schedule schedule = new Schedule(published + 1, events, System.nanoTime() + BETWEEN_STRETCHES.toNanos(),
                ratePerSecond);
        handler.begin(schedule);
        return schedule;
    }

    private void verifyJournal() {
        if (plan.journal() == JournalMode.OFF) {
            return;
        }
        long journaled = pipeline.closeAndCountJournaled();
        if (journaled != published) {
            throw new WrongResultException("the journal does not hold what was published: published=" + published
                    + ", journaled=" + journaled);
        }
    }

    private static long events(Duration time, long ratePerSecond) {
        return time.toMillis() * ratePerSecond / 1_000;
    }

    /** How a contender is made. */
    @FunctionalInterface
    interface Opening {
        Pipeline open(RunPlan plan, Path directory, TimedHandler handler);
    }
}
