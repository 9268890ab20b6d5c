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
        TimeBudget budget = new TimeBudget(Duration.ofSeconds(65), 10);

        assertThat(budget.iteration(ONE, Iterations.USUAL)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void shouldLearnWhatARunTakesBesides() {
        TimeBudget budget = new TimeBudget(Duration.ofSeconds(31), 3);
        budget.ran(ONE, Iterations.USUAL, Duration.ofSeconds(1), Duration.ofSeconds(11));

        assertThat(budget.iteration(ONE, Iterations.USUAL)).isEqualTo(Duration.ofMillis(800));
        assertThat(budget.iteration(OTHER, Iterations.USUAL)).isEqualTo(Duration.ofMillis(800));
        assertThat(budget.iteration(ONE_OF_ANOTHER_SIZE, Iterations.USUAL)).isEqualTo(Duration.ofMillis(1_700));
    }

    @Test
    void shouldRunShortlyWhenTheTimeIsUp() {
        TimeBudget budget = new TimeBudget(Duration.ofSeconds(10), 2);
        budget.ran(ONE, Iterations.USUAL, Duration.ofSeconds(1), Duration.ofSeconds(60));

        assertThat(budget.iteration(ONE, Iterations.USUAL)).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void shouldWarmUpForLongEnoughWhenThereIsLittleTime() {
        TimeBudget budget = new TimeBudget(Duration.ofMillis(10 * (1_500 + 1_000 + 3 * 220)), 10);

        assertThat(budget.iteration(ONE, Iterations.USUAL)).isEqualTo(Duration.ofMillis(220));
        assertThat(Iterations.USUAL.warmUp(Duration.ofMillis(220))).isEqualTo(Duration.ofMillis(500));
        assertThat(Iterations.USUAL.warmUp(Duration.ofMillis(700))).isEqualTo(Duration.ofMillis(700));
    }

    @Test
    void shouldNotTakeLongerWarmUpsForWhatARunTakesBesides() {
        TimeBudget budget = new TimeBudget(Duration.ofMillis(4_160 + 9 * (2_500 + 5_000)), 10);

        budget.ran(ONE, Iterations.USUAL, Duration.ofMillis(220), Duration.ofMillis(2_500 + 1_000 + 3 * 220));

        assertThat(budget.iteration(OTHER, Iterations.USUAL)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void shouldCountTheIterationsThatThereAre() {
        TimeBudget budget = new TimeBudget(Duration.ofSeconds(54), 12);

        assertThat(budget.iteration(ONE, Iterations.LONG)).isEqualTo(Duration.ofMillis(1_500));
        assertThat(budget.iteration(ONE, Iterations.ONE_SHOT)).isEqualTo(Duration.ofSeconds(2));
        budget.ran(ONE, Iterations.LONG, Duration.ofSeconds(1), Duration.ofMillis(10_200));
        assertThat(budget.iteration(OTHER, Iterations.LONG)).as("8 s beyond them").isEqualTo(Duration.ofMillis(200));
    }
}
