package io.ringbus.engine.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    private static final long NOW = 1_700_000_000_000_000_000L;
    private static final IllegalStateException ERROR = new IllegalStateException();
    private static final long GIVEN_UP = Long.MIN_VALUE;

    @Test
    void shouldWaitLongerEachTimeUpToTheCap() {
        RetryPolicy policy = RetryPolicy.exponential(Duration.ofMillis(10)).factor(3).maxDelay(Duration.ofMillis(200))
                .jitter(0).maxAttempts(7);

        assertThat(delaysInMillis(policy)).containsExactly(10L, 30L, 90L, 200L, 200L, 200L);
    }

    @Test
    void shouldWaitAlwaysTheSameWithFactorOne() {
        RetryPolicy policy = RetryPolicy.exponential(Duration.ofMillis(10)).factor(1).jitter(0).maxAttempts(4);

        assertThat(delaysInMillis(policy)).containsExactly(10L, 10L, 10L);
    }

    @Test
    void shouldKeepAnInitialDelayThatIsLongerThanTheUsualCap() {
        RetryPolicy policy = RetryPolicy.exponential(Duration.ofMinutes(1)).jitter(0).maxAttempts(3);

        assertThat(delaysInMillis(policy)).containsExactly(60_000L, 60_000L);
    }

    @Test
    void shouldStayWithinTheJitterAndUseAllOfIt() {
        RetryPolicy policy = RetryPolicy.exponential(Duration.ofMillis(100)).jitter(0.3);
        SplittableRandom random = new SplittableRandom(1);
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            delays.add(policy.nextDueAt(1, NOW, NOW, ERROR, random.nextDouble()) - NOW);
        }

        assertThat(delays).allSatisfy(d -> assertThat(d).isBetween(70_000_000L, 130_000_000L));
        assertThat(delays).anySatisfy(d -> assertThat(d).isLessThan(71_000_000L));
        assertThat(delays).anySatisfy(d -> assertThat(d).isGreaterThan(129_000_000L));
        assertThat(policy.nextDueAt(1, NOW, NOW, ERROR, 0.5)).isEqualTo(NOW + 100_000_000L);
    }

    @Test
    void shouldGiveUpAfterTheLastAttempt() {
        RetryPolicy policy = RetryPolicy.exponential(Duration.ZERO).maxAttempts(3);

        assertThat(policy.nextDueAt(2, NOW, NOW, ERROR, 0)).isEqualTo(NOW);
        assertThat(policy.nextDueAt(3, NOW, NOW, ERROR, 0)).isEqualTo(GIVEN_UP);
        assertThat(policy.nextDueAt(4, NOW, NOW, ERROR, 0)).isEqualTo(GIVEN_UP);
        assertThat(RetryPolicy.none().nextDueAt(1, NOW, NOW, ERROR, 0)).isEqualTo(GIVEN_UP);
        assertThat(RetryPolicy.none().retries()).isFalse();
        assertThat(policy.retries()).isTrue();
    }

    @Test
    void shouldGiveUpWhenTheNextAttemptWouldBeginTooLate() {
        RetryPolicy policy = RetryPolicy.exponential(Duration.ofMillis(10)).jitter(0).maxAttempts(100)
                .maxTotalTime(Duration.ofMillis(50));
        long first = NOW - Duration.ofMillis(40).toNanos();

        assertThat(policy.nextDueAt(1, first, NOW, ERROR, 0)).as("exactly in time").isEqualTo(NOW + 10_000_000L);
        assertThat(policy.nextDueAt(1, first - 1, NOW, ERROR, 0)).isEqualTo(GIVEN_UP);
    }

    @Test
    void shouldGiveUpAtOnceWhatIsNotWorthRetrying() {
        RetryPolicy policy = RetryPolicy.defaults().notWorthRetrying(IOException.class)
                .notWorthRetrying(ArithmeticException.class);

        assertThat(policy.nextDueAt(1, NOW, NOW, new NoSuchFileException("x"), 0)).isEqualTo(GIVEN_UP);
        assertThat(policy.nextDueAt(1, NOW, NOW, new ArithmeticException(), 0)).isEqualTo(GIVEN_UP);
        assertThat(policy.nextDueAt(1, NOW, NOW, new UncheckedIOException(new IOException()), 0)).isGreaterThan(NOW);
    }

    @Test
    void shouldNeverBeDueInThePastHoweverLongTheDelay() {
        for (Duration delay : List.of(Duration.ofNanos(Long.MAX_VALUE), Duration.ofDays(100_000),
                Duration.ofSeconds(Long.MAX_VALUE))) {
            RetryPolicy policy = RetryPolicy.exponential(delay).jitter(1).maxAttempts(10);

            assertThat(policy.nextDueAt(9, NOW, NOW, ERROR, 0.999)).as("%s", delay).isGreaterThan(NOW);
        }
        RetryPolicy steep = RetryPolicy.exponential(Duration.ofDays(1)).factor(1e300).maxAttempts(1_000);
        assertThat(steep.nextDueAt(900, NOW, NOW, ERROR, 0.999)).isGreaterThan(NOW);
    }

    @Test
    void shouldNotBeChangedByItsOwnMethods() {
        RetryPolicy policy = RetryPolicy.exponential(Duration.ofMillis(10));
        String before = policy.toString();

        policy.factor(5).jitter(1).maxAttempts(9).maxDelay(Duration.ofHours(1)).maxTotalTime(Duration.ofHours(1))
                .notWorthRetrying(IOException.class);

        assertThat(policy).hasToString(before);
    }

    private static List<Long> delaysInMillis(RetryPolicy policy) {
        List<Long> delays = new ArrayList<>();
        long dueAt;
        for (int attempt = 1; (dueAt = policy.nextDueAt(attempt, NOW, NOW, ERROR, 0.9)) != GIVEN_UP; attempt++) {
            delays.add(Duration.ofNanos(dueAt - NOW).toMillis());
        }
        return delays;
    }
}
