package io.ringbus.benchmarks.latency;

import io.ringbus.benchmarks.jmh.PayloadCheck;
import io.ringbus.benchmarks.jmh.PayloadEvent;
import io.ringbus.benchmarks.jmh.WrongResultException;
import io.ringbus.benchmarks.peers.Receiver;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * The handler at the end of every contender: checks the event, then records how long ago it was due. An event carries
 * no time: its number says when it was due. The latency of a second's events goes to that second's histogram, all of
 * them made before the first event, so that no other thread has to collect them meanwhile.
 *
 * <p>Assumes: {@link #begin} is called by the publisher before it publishes an event of that stretch, when all earlier
 * ones are handled. Guarantees: after {@link #awaitAndVerify} the publisher reads whole histograms, because each event
 * is recorded before {@code handled} is released.
 */
final class TimedHandler implements Receiver<PayloadEvent> {

    private static final long HIGHEST_NANOS = Duration.ofMinutes(10).toNanos();
    private static final int SIGNIFICANT_DIGITS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final VarHandle HANDLED;

    static {
        try {
            HANDLED = MethodHandles.lookup().findVarHandle(TimedHandler.class, "handled", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final PayloadCheck check;

    private Schedule schedule;
    private Histogram[] histograms;
    private long handled;
    private long lastHandledNanos;

    TimedHandler(PayloadCheck check) {
        this.check = check;
    }

    TimedHandler(int payloadBytes) {
        this(new PayloadCheck(payloadBytes, PATIENCE));
    }

    /** Begins a stretch; what is not measured is recorded all the same, so that it warms up, and then forgotten. */
    void begin(Schedule newSchedule) {
        schedule = newSchedule;
        histograms = IntStream.range(0, newSchedule.seconds())
                .mapToObj(second -> new Histogram(HIGHEST_NANOS, SIGNIFICANT_DIGITS))
                .toArray(Histogram[]::new);
    }

    /** Handles the next event; the contender's thread. */
    @Override
    public void accept(PayloadEvent event) {
        check.accept(event);
        long number = handled + 1;
        long now = System.nanoTime();
        long latency = Math.min(now - schedule.dueNanos(number), HIGHEST_NANOS);
        histograms[schedule.second(number)].recordValue(latency);
        lastHandledNanos = now;
        HANDLED.setRelease(this, number);
    }

    /** Makes {@link #awaitAndVerify} throw; any thread. */
    @Override
    public void fail(Throwable failure) {
        check.fail(failure);
    }

    /**
     * Waits until all is handled and recorded, and compares.
     *
     * @param last the last event published
     * @return when the last one was handled, on {@link System#nanoTime()}
     * @throws WrongResultException when an event is missing, out of place or damaged
     */
    long awaitAndVerify(long last) {
        check.awaitAndVerify(last);
        // The check has seen the last one, so its recording is a few instructions away, or has failed.
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while ((long) HANDLED.getAcquire(this) < last) {
            if (System.nanoTime() - deadline > 0) {
                throw new WrongResultException("not all latencies were recorded: published=" + last + ", recorded="
                        + (long) HANDLED.getAcquire(this));
            }
            Thread.yield();
        }
        return lastHandledNanos;
    }

    /** The stretch's histograms, one for each second, in nanoseconds. */
    List<Histogram> histograms() {
        return List.of(histograms);
    }
}
