package io.ringbus.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.benchmarks.latency.OpenLoop.Pace;
import io.ringbus.benchmarks.latency.RunPlan.Times;
import io.ringbus.benchmarks.latency.Verdict.Standing;
import io.ringbus.engine.WaitMode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class VerdictTest {

    private static final long ALLOWED = 50_000_000;
    private static final Schedule SCHEDULE = new Schedule(101, 1_000, 0, 1_000);

    private final RunPlan plan = new RunPlan(Contender.RINGBUS, JournalMode.OFF, 1_000,
            new Times(Duration.ZERO, Duration.ofSeconds(1), Duration.ofNanos(ALLOWED)), WaitMode.YIELDING, 64);

    @Test
    void shouldBelieveARunThatKeptItsRate() {
        assertThat(of(new Pace(1_100, ALLOWED, 0), ALLOWED)).isEqualTo(new Verdict(Standing.VALID, ""));
    }

    @Test
    void shouldNotBelieveARunWhosePublisherFellBehind() {
        assertThat(of(new Pace(1_100, ALLOWED + 1, 0), 0).reason()).isEqualTo(
                "the publisher fell behind: worst=50 ms, atTheEnd=0 ms, allowed=50 ms");
    }

    @Test
    void shouldNotBelieveARunThatLeftItsWorkInTheRing() {
        assertThat(of(new Pace(1_100, 0, 0), ALLOWED + 1).reason()).startsWith("the last event was handled late");
    }

    @Test
    void shouldNotBelieveARunThatWasGivenUp() {
        assertThat(of(new Pace(600, ALLOWED, 0), 0).reason()).endsWith("published=500, due=1000");
    }

    private Verdict of(Pace pace, long drainedBehind) {
        return Verdict.of(plan, SCHEDULE, pace, drainedBehind);
    }
}
