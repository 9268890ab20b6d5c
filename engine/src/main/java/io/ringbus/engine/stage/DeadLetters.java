package io.ringbus.engine.stage;

import io.ringbus.engine.retry.DeadLetter;
import io.ringbus.engine.ring.Delivery.EventCopy;
import io.ringbus.engine.spi.Outcome;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * The newest dead letters with their events, and the number of all. The retry link writes, everyone may read; all
 * under this object's lock, far from any hot path.
 */
public final class DeadLetters {

    private final int capacity;
    private final Deque<Entry> newest = new ArrayDeque<>();
    private long older;

    /**
     * An empty box.
     *
     * @param capacity how many are kept with their events
     */
    public DeadLetters(int capacity) {
        this.capacity = capacity;
    }

    /**
     * How many there are, those no longer in memory included.
     *
     * @return the number
     */
    public synchronized long count() {
        return older + newest.size();
    }

    /**
     * Those in memory.
     *
     * @return oldest first
     */
    public synchronized List<DeadLetter> list() {
        return newest.stream().map(Entry::letter).toList();
    }

    /**
     * The sequences of the events of those in memory.
     *
     * @return the sequences, in no order, with repeats
     */
    public synchronized List<Long> sequences() {
        return newest.stream().map(entry -> entry.outcome.sequence()).toList();
    }

    /**
     * Gives those read from the journal their events.
     *
     * @param events finds an event by its sequence; null for one that is gone
     */
    public synchronized void attach(LongFunction<EventCopy> events) {
        List<Entry> attached = newest.stream()
                .map(entry -> entry.event != null ? entry
                        : new Entry(entry.outcome, events.apply(entry.outcome.sequence())))
                .toList();
        newest.clear();
        newest.addAll(attached);
    }

    /** Takes one out; an older one is only counted. Returns whether there was one. */
    synchronized boolean remove(String subscription, long sequence) {
        boolean removed = newest.removeIf(entry -> entry.outcome.sequence() == sequence
                && entry.outcome.subscription().equals(subscription));
        if (!removed && older > 0) {
            older--;
            removed = true;
        }
        return removed;
    }

    synchronized void add(Outcome.Dead outcome, EventCopy event) {
        newest.addLast(new Entry(outcome, event));
        if (newest.size() > capacity) {
            newest.removeFirst();
            older++;
        }
    }

    synchronized void clear(long remainingOlder) {
        newest.clear();
        older = remainingOlder;
    }

    synchronized void restate(long at, Consumer<Outcome> begin, Consumer<Outcome> each) {
        begin.accept(new Outcome.RestatementBegun(at, older));
        newest.forEach(entry -> each.accept(entry.outcome));
    }

    private record Entry(Outcome.Dead outcome, EventCopy event) {

        DeadLetter letter() {
            return new DeadLetter(outcome.subscription(), outcome.sequence(), event == null ? null : event.event(), outcome.error().className(),
                    outcome.error().message(), outcome.attempts(), instant(outcome.firstFailedAt()),
                    instant(outcome.lastFailedAt()));
        }

        private static Instant instant(long epochNanos) {
            return Instant.ofEpochSecond(Math.floorDiv(epochNanos, 1_000_000_000L),
                    Math.floorMod(epochNanos, 1_000_000_000L));
        }
    }
}
