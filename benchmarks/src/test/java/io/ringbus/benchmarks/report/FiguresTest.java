package io.ringbus.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ringbus.benchmarks.report.Figure.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiguresTest {

    private static final String JOURNALED = "JournaledPipelineBenchmark.";
    private static final String ALLOCATION = "AllocationBenchmark.";

    @TempDir
    private Path directory;

    @Test
    void shouldTakeTheMedianOfTheRatiosOfPairs() throws IOException {
        // Pairs: 2, 4, 3. The ratio of the medians would be 10 / 4.
        new Recorded().with(JOURNALED + "ringbus", Map.of("payload", "64", "fused", "false"), 10, 8, 12)
                .with(JOURNALED + "handWritten", Map.of("payload", "64"), 5, 2, 4)
                .write(directory, "jmh.json");

        assertThat(figure("journaled, payload=64", "ringbus / handWritten")).satisfies(figure -> {
            assertThat(figure.value()).isEqualTo("3.00");
            assertThat(figure.spread()).isEqualTo("3 pairs, 2.00 to 4.00");
            assertThat(figure.target()).hasToString("at least 3.00");
            assertThat(figure.status()).isEqualTo(Status.MET);
        });
    }

    @Test
    void shouldSayHowFarThePeerThatDoesTheLeastCame() throws IOException {
        new Recorded().with(JOURNALED + "ringbus", Map.of("payload", "256"), 10, 8, 12)
                .with(JOURNALED + "handWritten", Map.of("payload", "256"), 5, 2, 4)
                .with(JOURNALED + "handWrittenBatched", Map.of("payload", "256"), 20, 10, 8)
                .with(JOURNALED + "handWrittenBatched", Map.of("payload", "64"), 1, 1, 1)
                .write(directory, "jmh.json");

        assertThat(figure("journaled, payload=256", "ringbus / handWritten").note())
                .isEqualTo("handWrittenBatched, the ceiling, came to 4.00");
    }

    @Test
    void shouldPairOnlyWithinARunAndAFork() throws IOException {
        new Recorded().with(JOURNALED + "ringbus", "thrpt", "ops/us", Map.of("payload", "256"),
                        List.of(new double[] {10}, new double[] {30}))
                .with(JOURNALED + "handWritten", "thrpt", "ops/us", Map.of("payload", "256"),
                        List.of(new double[] {10}, new double[] {10}))
                .write(directory, "a.json");
        new Recorded().with(JOURNALED + "ringbus", Map.of("payload", "256"), 1_000).write(directory, "b.json");

        Figure figure = figure("journaled, payload=256", "ringbus / handWritten");

        assertThat(figure.spread()).isEqualTo("2 pairs, 1.00 to 3.00");
        assertThat(figure.value()).isEqualTo("2.00");
    }

    @Test
    void shouldCompareTimesTheOtherWayRound() throws IOException {
        new Recorded().with("ReplayBenchmark.ringbus", "avgt", "ms/op", Map.of(), List.of(new double[] {20}))
                .with("ReplayBenchmark.chronicleTailer", "avgt", "ms/op", Map.of(), List.of(new double[] {10}))
                .write(directory, "jmh.json");

        assertThat(figure("replay", "ringbus / chronicleTailer").value()).isEqualTo("0.50");
        assertThat(figure("replay", "ringbus / chronicleTailer").status()).isEqualTo(Status.NOT_MET);
    }

    @Test
    void shouldCompareWithTheBestOfSeveralPeersAndNameThoseThatDidNotRun() throws IOException {
        Map<String, String> params = Map.of("producer", "MULTI", "handlers", "1");
        new Recorded().with("DispatchBenchmark.ringbus", params, 12, 12)
                .with("DispatchBenchmark.guavaEventBus", Map.of("handlers", "1"), 2, 2)
                .with("DispatchBenchmark.mbassador", Map.of("handlers", "1"), 3, 4)
                .with("DispatchBenchmark.mbassador", Map.of("handlers", "4"), 100, 100)
                .write(directory, "jmh.json");

        Figure figure = figure("dispatch, the best of the buses, handlers=1 producer=MULTI", "ringbus / mbassador");

        assertThat(figure.value()).isEqualTo("3.50");
        assertThat(figure.note()).isEqualTo("missing: vertxEventBus");
    }

    @Test
    void shouldCompareWithTheBestVariantOfAPeerForEachSetOfParameters() throws IOException {
        Recorded recorded = new Recorded();
        for (String publishers : List.of("1", "4")) {
            recorded.with("SyncedBenchmark.ringbus", Map.of("publishers", publishers), 40);
            recorded.with("SyncedBenchmark.sqliteFull", Map.of("publishers", publishers, "commitEvery", "1"), 0.5);
            recorded.with("SyncedBenchmark.sqliteFull", Map.of("publishers", publishers, "commitEvery", "100"),
                    publishers.equals("1") ? 1 : 4);
        }
        recorded.write(directory, "jmh.json");

        assertThat(figure("synced, publishers=1", "ringbus / sqliteFull commitEvery=100").value()).isEqualTo("40.0");
        assertThat(figure("synced, publishers=4", "ringbus / sqliteFull commitEvery=100").status())
                .isEqualTo(Status.NOT_MET);
    }

    @Test
    void shouldSayWhatIsMissing() throws IOException {
        new Recorded().with(JOURNALED + "ringbus", Map.of("payload", "64"), 10).write(directory, "jmh.json");

        assertThat(figure("journaled, payload=64", "ringbus / handWritten")).satisfies(figure -> {
            assertThat(figure.status()).isEqualTo(Status.MISSING);
            assertThat(figure.value()).isEmpty();
            assertThat(figure.note()).isEqualTo("not run with it: handWritten");
        });
        assertThat(figure("journaled payload=1024", "ringbus / handWritten").note())
                .isEqualTo("not run: JournaledPipelineBenchmark.ringbus payload=1024");
        assertThat(figures()).filteredOn(figure -> figure.status() != Status.MISSING).isEmpty();
    }

    @Test
    void shouldTellAnAllocationPerEventFromWhatOpeningLeaves() throws IOException {
        new Recorded().with(ALLOCATION + "preallocated", Map.of("fused", "true"), 10, 10, 10).allocating(0.4, 1.2, 60)
                .with(ALLOCATION + "preallocated", Map.of("fused", "false"), 10).allocating(16.1)
                .with(ALLOCATION + "records", Map.of("fused", "false"), 10).allocating(80.2)
                .with(ALLOCATION + "records", Map.of("fused", "true"), 10).allocating(96.1)
                .write(directory, "jmh.json");

        assertThat(figures()).filteredOn(figure -> figure.what().startsWith("bytes allocated"))
                .extracting(Figure::what, Figure::value, Figure::status)
                .containsExactlyInAnyOrder(
                        tuple("bytes allocated per event, preallocated events, fused=true", "1.20", Status.MET),
                        tuple("bytes allocated per event, preallocated events, fused=false", "16.1", Status.NOT_MET),
                        tuple("bytes allocated per event, records of 80 bytes, fused=false", "80.2", Status.MET),
                        tuple("bytes allocated per event, records of 80 bytes, fused=true", "96.1", Status.NOT_MET));
    }

    @Test
    void shouldCompareLatenciesOfTheSameRound() throws IOException {
        RecordedLatency latency = new RecordedLatency(directory);
        for (int round = 1; round <= 3; round++) {
            latency.valid("ringbusFused", 100_000, round, 1_000, 10_000, 30_000L * round);
            latency.valid("handWrittenFused", 100_000, round, 1_000, 5_000, 60_000);
        }

        assertThat(latency(100_000, "p50")).extracting(Figure::value, Figure::status)
                .containsExactly("1.00", Status.MET);
        assertThat(latency(100_000, "p99")).extracting(Figure::value, Figure::status)
                .containsExactly("2.00", Status.NOT_MET);
        assertThat(latency(100_000, "p99.9")).extracting(Figure::value, Figure::status)
                .containsExactly("1.00", Status.NOT_MET);
        assertThat(latency(500_000, "p50").status()).isEqualTo(Status.MISSING);
    }

    @Test
    void shouldMakeNoRatioOfARunThatMissedItsRate() throws IOException {
        RecordedLatency latency = new RecordedLatency(directory);
        latency.valid("ringbusFused", 100_000, 1, 1_000, 1_000, 1_000);
        latency.valid("handWrittenFused", 100_000, 1, 2_000, 2_000, 2_000);
        latency.valid("ringbusFused", 100_000, 2, 1_000, 1_000, 1_000);
        latency.invalid("handWrittenFused", 100_000, 2, 1_000_000);
        latency.invalid("ringbusFused", 500_000, 1, 1_000);
        latency.valid("handWrittenFused", 500_000, 1, 2_000, 2_000, 2_000);

        assertThat(latency(100_000, "p99")).satisfies(figure -> {
            assertThat(figure.value()).isEqualTo("0.50");
            assertThat(figure.spread()).isEqualTo("1 pair");
            assertThat(figure.note()).startsWith("1 of 2 pairs left out");
        });
        assertThat(latency(500_000, "p99")).satisfies(figure -> {
            assertThat(figure.status()).isEqualTo(Status.INVALID);
            assertThat(figure.value()).isEmpty();
        });
    }

    @Test
    void shouldComputeTheCostOfADeliveryFromAScoreInDeliveries() throws IOException {
        new Recorded().with("ScalingBenchmark.subscriptions", Map.of("subscriptions", "1"), 100)
                .with("ScalingBenchmark.subscriptions", Map.of("subscriptions", "64"), 80)
                .write(directory, "jmh.json");

        assertThat(figure("cost per delivery, 64 subscriptions of a type / 1",
                "subscriptions=64 / subscriptions=1").value()).isEqualTo("1.25");
    }

    private Figure latency(long rate, String percentile) throws IOException {
        return figure(String.format("latency, fused, journaled, %,d/s, %s", rate, percentile),
                "ringbusFused / handWrittenFused");
    }

    private Figure figure(String what, String formula) throws IOException {
        return figures().stream()
                .filter(figure -> figure.what().equals(what) && figure.formula().equals(formula))
                .reduce((one, other) -> {
                    throw new AssertionError("twice: " + one);
                })
                .orElseThrow(() -> new AssertionError("no such figure: " + what + ", " + formula));
    }

    private List<Figure> figures() throws IOException {
        return Figures.of(JmhResults.read(JmhResults.filesIn(directory)), LatencyResults.in(directory));
    }
}
