package io.ringbus.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeBudgetTest {

    @Test
    void shouldShareTheTimeEvenly() {
        TimeBudget budget = new TimeBudget(Duration.ofSeconds(105), 10);

        assertThat(budget.iteration("A")).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void shouldLearnWhatARunTakesBesides() {
        TimeBudget budget = new TimeBudget(Duration.ofSeconds(36), 3);
        budget.ran("A", Duration.ofSeconds(1), Duration.ofSeconds(15));

        assertThat(budget.iteration("A")).isEqualTo(Duration.ofMillis(500));
        assertThat(budget.iteration("B")).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void shouldRunShortlyWhenTheTimeIsUp() {
        TimeBudget budget = new TimeBudget(Duration.ofSeconds(10), 2);
        budget.ran("A", Duration.ofSeconds(1), Duration.ofSeconds(60));

        assertThat(budget.iteration("A")).isEqualTo(Duration.ofMillis(100));
    }
}
