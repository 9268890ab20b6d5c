package io.ringbus.engine.retry;

import io.ringbus.engine.error.InvalidConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * When a failed delivery is tried again: exponential back-off, with a cap, jitter and an end. Immutable; each method
 * returns a changed copy.
 *
 * <p>After the n-th failed attempt the delay is {@code initialDelay * factor^(n-1)}, at most {@code maxDelay}, and then
 * moved by a random share of up to {@code jitter} to either side. The delivery is given up after {@code maxAttempts},
 * or when the next attempt would begin later than {@code maxTotalTime} after the first failure, or when the error is
 * not
 * worth retrying.
 */
public final class RetryPolicy {

    /** Some 73 years: twice this, with all the jitter, can still be added to the clock. */
    private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;
    private static final RetryPolicy NONE = new RetryPolicy(new Delays(Duration.ZERO, 1, Duration.ZERO, 0), 1,
            Duration.ZERO, List.of());
    private static final RetryPolicy DEFAULT = exponential(Duration.ofMillis(10));

    private final Delays delays;
    private final int maxAttempts;
    private final Duration maxTotalTime;
    private final List<Class<? extends Throwable>> notWorthRetrying;

    private RetryPolicy(Delays delays, int maxAttempts, Duration maxTotalTime,
            List<Class<? extends Throwable>> notWorthRetrying) {
        this.delays = delays;
        this.maxAttempts = maxAttempts;
        this.maxTotalTime = maxTotalTime;
        this.notWorthRetrying = notWorthRetrying;
    }

    /**
     * The first failure is the last: the delivery becomes a dead letter at once.
     *
     * @return the policy
     */
    public static RetryPolicy none() {
        return NONE;
    }

    /**
     * What a subscription has that asks for nothing else: 10 ms, doubled each time up to 10 s, jitter 0.2, 5 attempts,
     * no bound on the total time. It risks that an outage of more than about 150 ms ends in dead letters.
     *
     * @return the policy
     */
    public static RetryPolicy defaults() {
        return DEFAULT;
    }

    /**
     * Exponential back-off with factor 2, a cap of 10 s (or the initial delay, if longer), jitter 0.2 and 5 attempts.
     *
     * @param initialDelay before the second attempt; not negative
     * @return the policy
     */
    public static RetryPolicy exponential(Duration initialDelay) {
        requireNotNegative("initialDelay", initialDelay);
        Duration cap = Duration.ofSeconds(10);
        Duration longest = initialDelay.compareTo(cap) > 0 ? initialDelay : cap;
        return new RetryPolicy(new Delays(initialDelay, 2, longest, 0.2), 5, Duration.ZERO, List.of());
    }

    /**
     * By how much each delay is longer than the one before.
     *
     * @param factor at least 1
     * @return the changed copy
     */
    public RetryPolicy factor(double factor) {
        if (!(factor >= 1) || Double.isInfinite(factor)) {
            throw new InvalidConfigurationException("a back-off factor is 1 or more, so that delays do not shrink:"
                    + " factor="
                    + factor);
        }
        return new RetryPolicy(new Delays(delays.initial, factor, delays.max, delays.jitter), maxAttempts, maxTotalTime,
                notWorthRetrying);
    }

    /**
     * The cap on a delay, before jitter.
     *
     * @param maxDelay at least the initial delay
     * @return the changed copy
     */
    public RetryPolicy maxDelay(Duration maxDelay) {
        requireNotNegative("maxDelay", maxDelay);
        if (maxDelay.compareTo(delays.initial) < 0) {
            throw new InvalidConfigurationException("the cap must not be below the initial delay of " + delays.initial
                    + ": maxDelay=" + maxDelay);
        }
        return new RetryPolicy(new Delays(delays.initial, delays.factor, maxDelay, delays.jitter), maxAttempts,
                maxTotalTime, notWorthRetrying);
    }

    /**
     * The share by which a delay is moved at random, so that what failed together does not come back together.
     *
     * @param jitter 0 to 1
     * @return the changed copy
     */
    public RetryPolicy jitter(double jitter) {
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new InvalidConfigurationException("jitter is a share from 0 to 1: jitter=" + jitter);
        }
        return new RetryPolicy(new Delays(delays.initial, delays.factor, delays.max, jitter), maxAttempts, maxTotalTime,
                notWorthRetrying);
    }

    /**
     * How many attempts there are in all, the first included.
     *
     * @param attempts at least 1
     * @return the changed copy
     */
    public RetryPolicy maxAttempts(int attempts) {
        if (attempts < 1) {
            throw new InvalidConfigurationException("a delivery has at least one attempt: maxAttempts=" + attempts);
        }
        return new RetryPolicy(delays, attempts, maxTotalTime, notWorthRetrying);
    }

    /**
     * How long after the first failure an attempt may still begin.
     *
     * @param total zero, the default, for no bound
     * @return the changed copy
     */
    public RetryPolicy maxTotalTime(Duration total) {
        requireNotNegative("maxTotalTime", total);
        return new RetryPolicy(delays, maxAttempts, total, notWorthRetrying);
    }

    /**
     * Adds errors that are not worth retrying: the delivery is given up at once.
     *
     * @param errors classes; their sub-classes are meant too
     * @return the changed copy
     */
    @SafeVarargs
    public final RetryPolicy notWorthRetrying(Class<? extends Throwable>... errors) {
        List<Class<? extends Throwable>> all = new ArrayList<>(notWorthRetrying);
        for (Class<? extends Throwable> error : errors) {
            all.add(Objects.requireNonNull(error, "an error class is null"));
        }
        return new RetryPolicy(delays, maxAttempts, maxTotalTime, List.copyOf(all));
    }

    /**
     * Whether there can be a second attempt.
     *
     * @return false when the first failure is the last
     */
    public boolean retries() {
        return maxAttempts > 1;
    }

    /**
     * When to try again.
     *
     * @param attempt        the attempt that failed, from 1
     * @param firstFailedAt  when the first attempt failed, nanoseconds since the epoch
     * @param now            nanoseconds since the epoch
     * @param error          what the attempt threw
     * @param random         from 0 (inclusive) to 1 (exclusive), decides the jitter
     * @return when the next attempt is due, nanoseconds since the epoch; or {@link Long#MIN_VALUE} to give it up
     */
    public long nextDueAt(int attempt, long firstFailedAt, long now, Throwable error, double random) {
        if (attempt >= maxAttempts || !isWorthRetrying(error)) {
            return Long.MIN_VALUE;
        }
        long dueAt = now + delays.afterAttempt(attempt, random);
        if (!maxTotalTime.isZero() && dueAt - firstFailedAt > nanos(maxTotalTime)) {
            return Long.MIN_VALUE;
        }
        return dueAt;
    }

    private boolean isWorthRetrying(Throwable error) {
        for (Class<? extends Throwable> type : notWorthRetrying) {
            if (type.isInstance(error)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return "RetryPolicy[" + delays + ", maxAttempts=" + maxAttempts + ", maxTotalTime=" + maxTotalTime
                + ", notWorthRetrying=" + notWorthRetrying.stream().map(Class::getName).toList() + "]";
    }

    private static void requireNotNegative(String name, Duration value) {
        if (value == null || value.isNegative()) {
            throw new InvalidConfigurationException("a delay is zero or more: " + name + "=" + value);
        }
    }

    private static long nanos(Duration duration) {
        try {
            return Math.min(duration.toNanos(), LONGEST_NANOS);
        } catch (ArithmeticException e) {
            return LONGEST_NANOS;
        }
    }

    private record Delays(Duration initial, double factor, Duration max, double jitter) {

        long afterAttempt(int attempt, double random) {
            double plain = Math.min(nanos(initial) * Math.pow(factor, attempt - 1.0), nanos(max));
            return (long) (plain * (1 + jitter * (2 * random - 1)));
        }
    }
}
