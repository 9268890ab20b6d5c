package io.ringbus.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.benchmarks.jmh.WrongResultException;
import io.ringbus.benchmarks.latency.RunPlan.Times;
import io.ringbus.benchmarks.latency.Verdict.Standing;
import io.ringbus.engine.WaitMode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LatencyRunTest {

    private static final long RATE = 20_000;
    private static final long MEASURED_EVENTS = 1_000;
    /** Behind three times 10 ms at the rate of the warm-up and 10 ms at the run's own. */
    private static final long FIRST_MEASURED = 3 * (5_000 + 200) + 1;
    /** A machine that is busy with other things may be that late; the test of a missed rate is later in any case. */
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    static Stream<Arguments> contenders() {
        return Stream.of(Contender.values()).flatMap(contender -> Stream.of(JournalMode.values())
                .filter(contender::runsWith)
                .map(mode -> Arguments.of(contender, mode)));
    }

    @ParameterizedTest
    @MethodSource("contenders")
    void shouldMeasureEachEventOfAContenderOnce(Contender contender, JournalMode mode) throws IOException {
        LatencyResult result = run(plan(contender, mode, LONG), contender::open);

        assertThat(result.verdict().reason()).isEmpty();
        assertThat(result.verdict().isValid()).isTrue();
        assertThat(result.lateness().events()).isEqualTo(MEASURED_EVENTS);
        Histogram log = HistogramLog.read(directory.resolve(result.histogramLog()));
        assertThat(log.getTotalCount()).isEqualTo(MEASURED_EVENTS);
        assertThat(result.percentiles()).containsEntry("max", log.getMaxValue());
    }

    @Test
    void shouldFailWhenAContenderLosesAnEvent() {
        assertThatThrownBy(() -> run(plan(LONG), direct(number -> number == 1_500, number -> { })))
                .isInstanceOf(WrongResultException.class)
                .hasMessageContaining("due=1500");
    }

    @Test
    void shouldFailWhenTheJournalDoesNotHoldWhatWasPublished() {
        assertThatThrownBy(() -> run(plan(LONG), (plan, journal, handler) -> new DirectChain(plan, handler, 1)))
                .isInstanceOf(WrongResultException.class)
                .hasMessageEndingWith("published=16600, journaled=16599");
    }

    @Test
    void shouldCallARunInvalidThatFellBehindOnTheWay() throws IOException {
        Duration allowed = Duration.ofMillis(20);
        long fromLastStretch = FIRST_MEASURED + 10;

        LatencyResult result = run(plan(allowed), direct(number -> false, number -> {
            if (number == fromLastStretch) {
                pauseAtLeast(allowed.multipliedBy(3));
            }
        }));

        assertThat(result.verdict().standing()).isEqualTo(Standing.INVALID);
        assertThat(result.verdict().reason()).contains("fell behind").contains("allowed=20 ms");
        assertThat(result.lateness().worstBehind()).isGreaterThan(allowed.toNanos());
        assertThat(result.lateness().events()).isEqualTo(MEASURED_EVENTS);
    }

    @Test
    void shouldCountTheTimeThatAnEventCouldNotEvenBePublished() throws IOException {
        Duration stall = Duration.ofMillis(40);
        long first = FIRST_MEASURED;

        LatencyResult result = run(plan(LONG), direct(number -> false, number -> {
            if (number == first) {
                pauseAtLeast(stall);
            }
        }));

        // At 20,000 per second 800 of the 1,000 events were due in these 40 ms: the median saw about 15 ms of them.
        assertThat(result.percentiles().get("p50")).isGreaterThan(Duration.ofMillis(10).toNanos());
        assertThat(result.percentiles().get("max")).isGreaterThanOrEqualTo(stall.toNanos());
    }

    private LatencyResult run(RunPlan plan, LatencyRun.Opening opening) throws IOException {
        return new LatencyRun(plan, 1, opening).execute(directory, directory.resolve("run.hlog"));
    }

    private static LatencyRun.Opening direct(LongPredicate loses,
            LongConsumer before) {
        return (plan, journal, handler) -> new DirectChain(plan, handler, loses, before);
    }

    private static void pauseAtLeast(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static RunPlan plan(Duration behind) {
        return plan(Contender.RINGBUS, JournalMode.NONE, behind);
    }

    private static RunPlan plan(Contender contender, JournalMode mode, Duration behind) {
        return new RunPlan(contender, mode, RATE, new Times(Duration.ofMillis(60), Duration.ofMillis(50), behind),
                WaitMode.PARKING, 64);
    }
}
