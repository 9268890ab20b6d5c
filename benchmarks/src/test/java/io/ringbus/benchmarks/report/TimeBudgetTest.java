package io.ringbus.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimeBudgetTest {

    private static final BenchmarkId ONE = BenchmarkId.of("x.SyncedBenchmark.one", Map.of("window", "1"));
    private static final BenchmarkId OTHER = BenchmarkId.of("x.SyncedBenchmark.other", Map.of("window", "1"));
    private static final BenchmarkId ONE_OF_ANOTHER_SIZE = BenchmarkId.of("x.SyncedBenchmark.one", Map.of("window", "9"));

    @Test
    void shouldShareTheTimeEvenly() {
        TimeBudget budget = new TimeBudget(Duration.ofSeconds(105), 10);

        assertThat(budget.iteration(ONE, Iterations.USUAL)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void shouldLearnWhatARunTakesBesides() {
        TimeBudget budget = new TimeBudget(Duration.ofSeconds(36), 3);
        budget.ran(ONE, Iterations.USUAL, Duration.ofSeconds(1), Duration.ofSeconds(15));

        assertThat(budget.iteration(ONE, Iterations.USUAL)).isEqualTo(Duration.ofMillis(500));
        assertThat(budget.iteration(OTHER, Iterations.USUAL)).isEqualTo(Duration.ofMillis(500));
        assertThat(budget.iteration(ONE_OF_ANOTHER_SIZE, Iterations.USUAL)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void shouldRunShortlyWhenTheTimeIsUp() {
        TimeBudget budget = new TimeBudget(Duration.ofSeconds(10), 2);
        budget.ran(ONE, Iterations.USUAL, Duration.ofSeconds(1), Duration.ofSeconds(60));

        assertThat(budget.iteration(ONE, Iterations.USUAL)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void shouldWarmUpForLongEnoughWhenThereIsLittleTime() {
        TimeBudget budget = new TimeBudget(Duration.ofMillis(10 * (1_500 + 4 * 300 + 5 * 120)), 10);

        assertThat(budget.iteration(ONE, Iterations.USUAL)).isEqualTo(Duration.ofMillis(120));
        assertThat(TimeBudget.warmUp(Duration.ofMillis(120))).isEqualTo(Duration.ofMillis(300));
        assertThat(TimeBudget.warmUp(Duration.ofMillis(400))).isEqualTo(Duration.ofMillis(400));
    }

    @Test
    void shouldNotTakeLongerWarmUpsForWhatARunTakesBesides() {
        TimeBudget budget = new TimeBudget(Duration.ofMillis(4_300 + 9 * (2_500 + 9_000)), 10);

        budget.ran(ONE, Iterations.USUAL, Duration.ofMillis(120), Duration.ofMillis(2_500 + 4 * 300 + 5 * 120));

        assertThat(budget.iteration(OTHER, Iterations.USUAL)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void shouldCountTheIterationsThatThereAre() {
        TimeBudget budget = new TimeBudget(Duration.ofSeconds(66), 12);

        assertThat(budget.iteration(ONE, Iterations.LONG)).isEqualTo(Duration.ofSeconds(1));
        assertThat(budget.iteration(ONE, Iterations.ONE_SHOT)).isEqualTo(Duration.ofSeconds(2));
        budget.ran(ONE, Iterations.LONG, Duration.ofSeconds(1), Duration.ofSeconds(11));
        assertThat(budget.iteration(OTHER, Iterations.LONG)).as("7 s beyond them").isEqualTo(Duration.ofMillis(100));
    }
}
