package io.ringbus.benchmarks.report;

import io.ringbus.benchmarks.jmh.PayloadRecord;
import io.ringbus.benchmarks.latency.Contender;
import io.ringbus.benchmarks.latency.JournalMode;
import io.ringbus.benchmarks.report.Figure.Status;
import io.ringbus.benchmarks.report.Figure.Target;
import io.ringbus.benchmarks.report.LatencyResults.Run;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The table of what is asked of Ringbus. A ratio is the median of the ratios of pairs: of iterations at the same place
 * of one JMH run, or of latency runs of one round. Where a peer comes in variants, in parameters that Ringbus does not
 * have, or where several peers are named, the one with the highest median stands for them.
 */
final class Figures {

    /** An object takes at least 16 bytes, so less than this is none per event: what opening and closing leave. */
    static final double NO_OBJECT_BYTES = 4;

    private static final List<String> BUSES = List.of("guavaEventBus", "mbassador", "vertxEventBus");
    private static final String RINGBUS = "ringbus";
    /** The peer that shows what can be had at all; a contender of the journaled benchmark only. */
    private static final String CEILING = "handWrittenBatched";

    private final JmhResults jmh;
    private final LatencyResults latency;
    private final List<Figure> figures = new ArrayList<>();

    private Figures(JmhResults jmh, LatencyResults latency) {
        this.jmh = jmh;
        this.latency = latency;
    }

    static List<Figure> of(JmhResults jmh, LatencyResults latency) {
        Figures figures = new Figures(jmh, latency);
        figures.throughput();
        figures.allocation();
        figures.latencies();
        figures.scaling();
        return List.copyOf(figures.figures);
    }

    private void throughput() {
        String journaled = "JournaledPipelineBenchmark";
        compare("journaled", journaled, Map.of("payload", "64"), List.of("handWritten"), Target.atLeast(3));
        compare("journaled", journaled, Map.of("payload", "256"), List.of("handWritten"), Target.atLeast(2));
        compare("journaled", journaled, Map.of("payload", "1024"), List.of("handWritten"), Target.atLeast(1.3));
        compare("journaled", journaled, Map.of("payload", "64"), List.of(CEILING), Target.atLeast(0.85));
        String dispatch = "DispatchBenchmark";
        compare("dispatch", dispatch, Map.of("producer", "MULTI"), List.of("rawDisruptor"), Target.atLeast(0.9));
        compare("dispatch", dispatch, Map.of("producer", "SINGLE"), List.of("rawDisruptor"), Target.atLeast(0.4));
        compare("dispatch, the best of the buses", dispatch, Map.of("producer", "MULTI"), BUSES, Target.atLeast(3));
        compare("synced", "SyncedBenchmark", Map.of(), List.of("handWrittenForced"), Target.atLeast(1));
        compare("synced", "SyncedBenchmark", Map.of(), List.of("sqliteFull"), Target.atLeast(20));
        compare("replay", "ReplayBenchmark", Map.of(), List.of("chronicleTailer"), Target.atLeast(1));
    }

    /** A figure for each set of parameters that Ringbus was run with. */
    private void compare(String what, String type, Map<String, String> required, List<String> peers, Target target) {
        List<Measured> ours = jmh.of(type, RINGBUS).filter(result -> result.id().agreesWith(required)).toList();
        if (ours.isEmpty()) {
            BenchmarkId due = new BenchmarkId(type, RINGBUS, new TreeMap<>(required));
            figures.add(Figure.missing((what + " " + due.paramsWithout(Map.of())).trim(),
                    RINGBUS + " / " + String.join(", ", peers), target, "not run: " + due));
        }
        Map<String, String> constant = jmh.constantParams(type);
        for (Measured our : ours) {
            String params = our.id().paramsWithout(without(constant, required));
            String label = params.isEmpty() ? what : what + ", " + params;
            Optional<Measured> best = peers.stream().flatMap(peer -> jmh.of(type, peer))
                    .filter(peer -> peer.id().agreesWith(our.id().params()))
                    .filter(peer -> !Pairs.ofSpeed(our, peer).isEmpty())
                    .max(Comparator.comparingDouble(Measured::medianSpeed));
            if (best.isEmpty()) {
                figures.add(Figure.missing(label, RINGBUS + " / " + String.join(", ", peers), target,
                        "not run with it: " + String.join(", ", peers)));
                continue;
            }
            String variant = best.get().id().paramsWithout(our.id().params());
            figures.add(Figure.of(label, RINGBUS + " / " + (best.get().id().method() + " " + variant).trim(), target,
                    Pairs.ofSpeed(our, best.get()),
                    Stream.of(peersNotRun(type, peers), ceiling(our, best.get())).filter(note -> !note.isEmpty())
                            .collect(Collectors.joining("; "))));
        }
    }

    private void allocation() {
        allocation("preallocated", "preallocated events", Target.atMost(NO_OBJECT_BYTES));
        allocation("records", "records of " + PayloadRecord.OBJECT_BYTES + " bytes",
                Target.atMost(PayloadRecord.OBJECT_BYTES + NO_OBJECT_BYTES));
    }

    private void allocation(String method, String events, Target target) {
        String what = "bytes allocated per event, " + events;
        List<Measured> profiled = jmh.of("AllocationBenchmark", method)
                .filter(result -> !result.allocated().isEmpty()).toList();
        if (profiled.isEmpty()) {
            figures.add(Figure.missing(what, RINGBUS, target, "not run: AllocationBenchmark." + method
                    + " with -prof gc"));
        }
        profiled.forEach(result -> figures.add(Figure.of(what + ", " + result.id().paramsWithout(Map.of()), RINGBUS,
                target, new Pairs(List.copyOf(result.allocated().values())),
                "what is less than an object for each few events is JMH's own, and what mapping files takes")));
    }

    private void latencies() {
        for (long rate : List.of(100_000L, 500_000L)) {
            compareLatency(rate, 50, Target.atMost(1.1));
            compareLatency(rate, 99, Target.atMost(1.1));
            compareLatency(rate, 99.9, Target.atMost(0.7));
        }
    }

    private void compareLatency(long rate, double percentile, Target target) {
        String what = String.format("latency, fused, journaled, %,d/s, p%s", rate,
                percentile == Math.rint(percentile) ? String.valueOf((int) percentile) : String.valueOf(percentile));
        String formula = Contender.RINGBUS_FUSED + " / " + Contender.HAND_WRITTEN_FUSED;
        SortedMap<Integer, Run> ours = latency.rounds(Contender.RINGBUS_FUSED, JournalMode.NONE, rate);
        SortedMap<Integer, Run> theirs = latency.rounds(Contender.HAND_WRITTEN_FUSED, JournalMode.NONE, rate);
        List<Integer> ran = ours.keySet().stream().filter(theirs::containsKey)
                .filter(round -> !ours.get(round).failed() && !theirs.get(round).failed()).toList();
        List<Integer> valid = ran.stream()
                .filter(round -> ours.get(round).isValid() && theirs.get(round).isValid()).toList();
        if (ran.isEmpty()) {
            figures.add(Figure.missing(what, formula, target, "not run, or failed"));
            return;
        }
        String note = valid.size() == ran.size() ? "" : ran.size() - valid.size() + " of " + ran.size()
                + " pairs left out, because one or both missed the rate";
        if (valid.isEmpty()) {
            figures.add(new Figure(what, formula, target, "", "", Status.INVALID, note));
            return;
        }
        figures.add(Figure.of(what, formula, target, new Pairs(valid.stream()
                .map(round -> (double) ours.get(round).histogram().getValueAtPercentile(percentile)
                        / theirs.get(round).histogram().getValueAtPercentile(percentile)).toList()), note));
    }

    /** The score of that series counts deliveries, so a delivery's cost is its inverse. */
    private void scaling() {
        String what = "cost per delivery, 64 subscriptions of a type / 1";
        String formula = "subscriptions=64 / subscriptions=1";
        Optional<Measured> one = subscriptions("1");
        Optional<Measured> many = subscriptions("64");
        if (one.isEmpty() || many.isEmpty() || Pairs.ofSpeed(one.get(), many.get()).isEmpty()) {
            figures.add(Figure.missing(what, formula, Target.atMost(1.1), "not run: ScalingBenchmark.subscriptions"));
            return;
        }
        figures.add(Figure.of(what, formula, Target.atMost(1.1), Pairs.ofSpeed(one.get(), many.get()), ""));
    }

    private Optional<Measured> subscriptions(String count) {
        return jmh.of("ScalingBenchmark", "subscriptions")
                .filter(result -> count.equals(result.id().params().get("subscriptions"))).findFirst();
    }

    private String peersNotRun(String type, List<String> peers) {
        List<String> notRun = peers.stream().filter(peer -> jmh.of(type, peer).findAny().isEmpty()).toList();
        return notRun.isEmpty() ? "" : "missing: " + String.join(", ", notRun);
    }

    /** How far the peer that does the least comes on this machine; empty where there is none, or it is the peer. */
    private String ceiling(Measured our, Measured peer) {
        return peer.id().method().equals(CEILING) ? "" : jmh.of(our.id().type(), CEILING)
                .filter(result -> result.id().agreesWith(our.id().params()))
                .map(result -> Pairs.ofSpeed(result, peer)).filter(pairs -> !pairs.isEmpty()).findFirst()
                .map(pairs -> CEILING + ", the ceiling, came to " + Figure.number(pairs.median()))
                .orElse("");
    }

    private static Map<String, String> without(Map<String, String> constant, Map<String, String> required) {
        Map<String, String> rest = new HashMap<>(constant);
        rest.keySet().removeAll(required.keySet());
        return rest;
    }
}
