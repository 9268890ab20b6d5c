package io.ringbus.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.benchmarks.latency.LatencyResult.Lateness;
import io.ringbus.benchmarks.latency.RunPlan.Times;
import io.ringbus.benchmarks.latency.Verdict.Standing;
import io.ringbus.engine.WaitMode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LatencyResultTest {

    private final RunPlan plan = new RunPlan(Contender.HAND_WRITTEN_FUSED, JournalMode.BATCH, 500_000,
            new Times(Duration.ofSeconds(4), Duration.ofSeconds(5), Duration.ofMillis(50)), WaitMode.SPINNING, 64);

    @Test
    void shouldSurviveAsALineOfJson() {
        LatencyResult result = new LatencyResult(plan, 2, new Verdict(Standing.INVALID, "too \"slow\"\n"),
                new Lateness(2_500_000, 5_000_000_000L, 3, 4), "run.hlog", Map.of("p50", 900L, "max", 7_000_000_000L),
                Map.of("java.version", "17.0.15"));

        assertThat(result.toJson()).doesNotContain("\n");
        assertThat(LatencyResult.parse(result.toJson())).isEqualTo(result);
    }

    @Test
    void shouldSurviveAFailureToo() {
        LatencyResult failed = LatencyResult.failed(plan, 1, "exit code 1");

        assertThat(LatencyResult.parse(failed.toJson())).isEqualTo(failed);
        assertThat(failed.summary()).isEqualTo("FAILED: exit code 1");
    }

    @Test
    void shouldNameWhatIsMissingInALine() {
        assertThatThrownBy(() -> LatencyResult.parse("{\"contender\":\"ringbus\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name=journal");
        assertThatThrownBy(() -> LatencyResult.parse("ringbus 17"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line=ringbus 17");
    }
}
