package io.ringbus.benchmarks.report;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Forks that run at the same time and take turns, an iteration each. A machine that others use as well changes its speed
 * several times a second, and then it changes it for all of them; forks one behind the other would each meet another
 * machine.
 *
 * @param round          counted from 1; each leaves a result file
 * @param configurations what runs in the forks, one in each
 */
record Heat(int round, List<JmhConfiguration> configurations) {

    /**
     * Round by round. Those that are compared with each other, with the same parameters, share a heat; of the others each
     * has one of its own.
     */
    static List<Heat> of(List<JmhConfiguration> all) {
        int rounds = all.stream().mapToInt(JmhConfiguration::rounds).max().orElse(0);
        List<Heat> heats = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            Map<String, List<JmhConfiguration>> groups = new LinkedHashMap<>();
            for (JmhConfiguration configuration : all) {
                if (round <= configuration.rounds()) {
                    groups.computeIfAbsent(group(configuration), name -> new ArrayList<>()).add(configuration);
                }
            }
            for (List<JmhConfiguration> group : groups.values()) {
                heats.add(new Heat(round, group));
            }
        }
        return heats;
    }

    private static String group(JmhConfiguration configuration) {
        // Who has fewer iterations would measure while the others warm up.
        return Suite.isCompared(configuration.id())
                ? configuration.id().type() + " " + configuration.shared() + " " + configuration.iterations()
                : configuration.id().toString();
    }

    /**
     * Runs it.
     *
     * @param forks  1; or 0 to run in this JVM, one behind the other, for tests
     * @param budget how long iterations may be
     */
    List<JmhFork> run(int forks, TimeBudget budget) throws IOException {
        int size = configurations.size();
        // By what one of them needs: those that are compared have as much time.
        Duration iteration = budget.iteration(configurations.get(0).id(), configurations.get(0).iterations());
        long begin = System.nanoTime();
        try {
            return forks > 0 && size > 1 ? runInTurns(iteration, forks) : configurations.stream()
                    .map(configuration -> JmhFork.run(configuration, iteration, forks, Optional.empty())).toList();
        } finally {
            Duration each = Duration.ofNanos(System.nanoTime() - begin).dividedBy(size);
            configurations.forEach(configuration ->
                    budget.ran(configuration.id(), configuration.iterations(), iteration, each));
        }
    }

    private List<JmhFork> runInTurns(Duration iteration, int forks) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(configurations.size());
        try (Turns turns = new Turns(configurations.size())) {
            List<Callable<JmhFork>> runs = new ArrayList<>();
            for (JmhConfiguration configuration : configurations) {
                int member = runs.size();
                runs.add(() -> {
                    try {
                        return JmhFork.run(configuration, iteration, forks, Optional.of(turns.address(member)));
                    } finally {
                        turns.leave(member);
                    }
                });
            }
            return ended(threads.invokeAll(runs));
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while benchmarks ran: " + configurations);
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<JmhFork> ended(List<Future<JmhFork>> runs) throws InterruptedException {
        List<JmhFork> forks = new ArrayList<>();
        for (Future<JmhFork> run : runs) {
            try {
                forks.add(run.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("JMH itself failed: " + e.getCause(), e.getCause());
            }
        }
        return forks;
    }
}
