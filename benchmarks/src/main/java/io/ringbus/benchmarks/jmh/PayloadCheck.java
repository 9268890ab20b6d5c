package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.Receiver;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/**
 * The handler at the end of all pipelines: reads every byte of every event and knows which event must come next, where
 * one publisher says in which order they come.
 *
 * <p>Assumes: one thread calls {@link #accept}; it stores {@code sum} before it releases {@code seen}. Guarantees: a
 * thread that acquires {@code seen} reads a {@code sum} that holds at least that many events, and exactly that many
 * when no more have been published.
 */
public class PayloadCheck implements Receiver<PayloadEvent> {

    private static final VarHandle SEEN;

    static {
        try {
            SEEN = MethodHandles.lookup().findVarHandle(PayloadCheck.class, "seen", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int payloadBytes;
    private final Duration patience;
    private final boolean ordered;

    private long seen;
    private long sum;
    private volatile Throwable failure;

    /**
     * Begins with event 1.
     *
     * @param payloadBytes the size of each event
     * @param patience     how long {@link #awaitAndVerify} waits before it calls the events lost
     */
    public PayloadCheck(int payloadBytes, Duration patience) {
        this(payloadBytes, patience, true);
    }

    private PayloadCheck(int payloadBytes, Duration patience, boolean ordered) {
        this.payloadBytes = payloadBytes;
        this.patience = patience;
        this.ordered = ordered;
    }

    /** Leaves open in which order they come, as with several publishers; how many, and their sum, must be right. */
    static PayloadCheck inAnyOrder(int payloadBytes, Duration patience) {
        return new PayloadCheck(payloadBytes, patience, false);
    }

    @Override
    public void accept(PayloadEvent event) {
        long count = seen + 1;
        if (ordered) {
            long due = due(count, event);
            if (!event.hasNumber(due) && failure == null) {
                fail(new WrongResultException("another event was due at the handler: due=" + due + ", got=" + event));
            }
        }
        sum += event.sum();
        SEEN.setRelease(this, count);
    }

    /**
     * The number of the event that must come now.
     *
     * @param count how many have come, with this one
     * @param event this one
     */
    long due(long count, PayloadEvent event) {
        return count;
    }

    /** Makes {@link #awaitAndVerify} throw; the first failure stands. */
    @Override
    public void fail(Throwable newFailure) {
        if (failure == null) {
            failure = newFailure;
        }
    }

    /**
     * Waits until the handler has seen the events through {@code last}, then compares what it saw with what it should
     * have seen.
     *
     * @param last the last event published
     * @throws WrongResultException when an event is missing, out of place or damaged
     */
    public void awaitAndVerify(long last) {
        long deadline = System.nanoTime() + patience.toNanos();
        while ((long) SEEN.getAcquire(this) < last) {
            throwFailure();
            if (System.nanoTime() - deadline > 0) {
                throw new WrongResultException("the handler has not seen all events after " + patience
                        + ": published=" + last + ", seen=" + (long) SEEN.getAcquire(this));
            }
            Thread.yield();
        }
        throwFailure();
        long seenNow = (long) SEEN.getAcquire(this);
        if (seenNow != last) {
            throw new WrongResultException("the handler saw more than there was: published=" + last + ", seen="
                    + seenNow);
        }
        long due = PayloadEvent.sumThrough(last, payloadBytes);
        if (sum != due) {
            throw new WrongResultException("the payloads were changed on their way: published=" + last + ", sum=" + sum
                    + ", due=" + due);
        }
    }

    private void throwFailure() {
        if (failure != null) {
            throw new WrongResultException(String.valueOf(failure.getMessage()), failure);
        }
    }
}
