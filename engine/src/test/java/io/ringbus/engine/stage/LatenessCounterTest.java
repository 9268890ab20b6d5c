package io.ringbus.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatenessCounterTest {

    private final LatenessCounter counter = new LatenessCounter();

    @Test
    void shouldSayNothingBeforeItHasCounted() {
        assertThat(counter.meanNanos()).isZero();
        assertThat(counter.maxNanos()).isZero();
        assertThat(counter.percentileNanos(0.99)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 31, 32, 33, 63, 64, 1_000, 123_456_789, Long.MAX_VALUE / 2, Long.MAX_VALUE})
    void shouldGiveASingleTimeBack(long nanos) {
        counter.add(nanos);

        assertThat(counter.percentileNanos(0.99)).isEqualTo(nanos);
        assertThat(counter.maxNanos()).isEqualTo(nanos);
        assertThat(counter.meanNanos()).isEqualTo(nanos);
    }

    @Test
    void shouldBeAtMostOneSixteenthTooHighAndNeverTooLow() {
        SplittableRandom random = new SplittableRandom(1);
        long[] times = new long[10_000];
        for (int i = 0; i < times.length; i++) {
            times[i] = random.nextLong(1L << random.nextInt(1, 50));
            counter.add(times[i]);
        }
        Arrays.sort(times);

        for (double share : new double[] {0.0001, 0.1, 0.5, 0.9, 0.99, 0.999, 1}) {
            long exact = times[(int) Math.ceil(times.length * share) - 1];
            assertThat(counter.percentileNanos(share)).as("share " + share).isBetween(exact, exact + exact / 16);
        }
        assertThat(counter.maxNanos()).isEqualTo(times[times.length - 1]);
        assertThat(counter.meanNanos()).isEqualTo(Arrays.stream(times).sum() / times.length);
    }

    @Test
    void shouldLeaveOutTheOneInAHundredThatIsLatest() {
        for (int i = 0; i < 99; i++) {
            counter.add(10);
        }
        counter.add(1_000_000);

        assertThat(counter.percentileNanos(0.99)).isEqualTo(10);
        assertThat(counter.percentileNanos(1)).isEqualTo(1_000_000);
    }
}
