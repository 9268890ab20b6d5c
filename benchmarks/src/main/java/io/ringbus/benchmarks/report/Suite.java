package io.ringbus.benchmarks.report;

import io.ringbus.benchmarks.latency.Contender;
import io.ringbus.benchmarks.latency.JournalMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a whole report holds, so that what is missing is seen; and what each of its figures leaves out. */
final class Suite {

    private static final Map<String, Part> PARTS = new LinkedHashMap<>();

    /** Events per second. */
    static final List<Long> RATES = List.of(10_000L, 100_000L, 500_000L, 1_000_000L);

    /** What the charts of latency leave out. */
    static final String LATENCY_LEAVES_OUT = "Measured from the time an event was due to the end of its handling, by "
            + "one publisher with pauses of equal length; no bursts, no garbage of an application, no network. Rounds "
            + "are added up; those that missed their rate are left out, unless all did. On a shared machine the last "
            + "percentiles are as much the machine's as the contender's.";

    static {
        part("JournaledPipelineBenchmark", "Publish, journal, handle", "Forcing to disk, serialization of real "
                        + "objects, several publishers, recovery, and latency: the ring is full all the time.",
                "ringbus", "ringbusFused", "handWritten", "handWrittenBatched", "sqlite");
        part("AllocationBenchmark", "What is allocated", "Opening and closing, and what an application's handlers "
                        + "allocate.", "preallocated", "records");
        part("DispatchBenchmark", "Publish and handle, in memory", "A journal, retries, handlers that do more than "
                        + "read an event, and what the buses can do besides; one thread publishes.",
                "ringbus", "rawDisruptor", "arrayBlockingQueue", "guavaEventBus", "mbassador", "vertxEventBus");
        part("SyncedBenchmark", "Publish and wait until it is on disk", "What the disk does behind a force: whether a "
                        + "virtual one keeps its word is not seen. Other writers of the same disk.",
                "ringbus", "handWrittenForced", "sqliteFull");
        part("ReplayBenchmark", "Read and decode all", "A cold page cache, and the handlers that a replay is for.",
                "ringbus", "chronicleTailer", "sqlite");
        part("RecoveryBenchmark", "From open to running, after a kill", "A cold page cache, and the work of rebuilding "
                + "handlers.", "ringbus");
        part("RetryBenchmark", "What failures cost", "Handlers that take long to fail, and dead letters.",
                "noFailures", "onePercentFailing");
        part("ScalingBenchmark", "How it grows", "A journal; more cores than this machine has.",
                "subscriptions", "publishers", "batches", "ringSize");
        part("MachineLimitBenchmark", "The machine's own limit", "Everything but the memory and the disk.",
                "touched", "touchedChecked", "untouched", "prepared", "forced");
    }

    /** Of which ratios are made that are not far from one: they take turns, and a single fork is no verdict on them. */
    private static final Map<String, List<String>> COMPARED = Map.of(
            "JournaledPipelineBenchmark", List.of("ringbus", "handWritten", "handWrittenBatched"),
            "DispatchBenchmark", List.of("ringbus", "rawDisruptor", "mbassador", "guavaEventBus", "vertxEventBus"),
            "SyncedBenchmark", List.of("ringbus", "handWrittenForced"),
            "ReplayBenchmark", List.of("ringbus", "chronicleTailer"));

    private static final int COMPARING_ROUNDS = 2;

    private Suite() {
    }

    /**
     * A class of benchmarks.
     *
     * @param title     what it measures
     * @param leavesOut what it does not
     * @param methods   its contenders; none where any will do
     */
    record Part(String title, String leavesOut, List<String> methods) {
    }

    static Part part(String type) {
        return PARTS.getOrDefault(type, new Part(type, "Not described; see its documentation.", List.of()));
    }

    /** In how many forks a benchmark is run, one in each round. */
    static int rounds(BenchmarkId id) {
        return isCompared(id) ? COMPARING_ROUNDS : 1;
    }

    /** Whether ratios are made of it and of others with the same parameters. */
    static boolean isCompared(BenchmarkId id) {
        return COMPARED.getOrDefault(id.type(), List.of()).contains(id.method());
    }

    static List<String> types() {
        return List.copyOf(PARTS.keySet());
    }

    /** Benchmarks and latency runs that have no result, and runs that failed. */
    static List<String> missing(JmhResults jmh, LatencyResults latency) {
        List<String> missing = new ArrayList<>();
        PARTS.forEach((type, part) -> {
            if (jmh.of(type).isEmpty()) {
                missing.add(type);
            } else {
                part.methods().stream().filter(method -> jmh.of(type, method).findAny().isEmpty())
                        .forEach(method -> missing.add(type + "." + method));
            }
        });
        for (JournalMode journal : JournalMode.values()) {
            for (long rate : RATES) {
                List<Contender> notRun = List.of(Contender.values()).stream()
                        .filter(contender -> contender.runsWith(journal))
                        .filter(contender -> latency.rounds(contender, journal, rate).isEmpty()).toList();
                if (!notRun.isEmpty()) {
                    missing.add(String.format("latency, journal %s, %,d/s: %s", journal, rate, notRun.stream()
                            .map(Contender::label).collect(Collectors.joining(", "))));
                }
            }
        }
        latency.all().stream().filter(LatencyResults.Run::failed).forEach(run -> missing.add("latency, "
                + run.result().plan().name() + ", round " + run.result().round() + ", failed: "
                + run.result().verdict().reason()));
        return missing;
    }

    private static void part(String type, String title, String leavesOut, String... methods) {
        PARTS.put(type, new Part(title, leavesOut, List.of(methods)));
    }
}
