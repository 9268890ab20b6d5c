package io.ringbus.engine.stage;

import io.ringbus.engine.ring.Delivery.EventCopy;
import io.ringbus.engine.spi.Outcome;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * The newest dead letters with their events, and the number of all. Whoever holds the recorder's lock writes, everyone
 * may read; all under this object's lock, far from any hot path.
 */
public final class DeadLetters {

    private final int capacity;
    private final Map<DeliveryKey, Held> newest = new LinkedHashMap<>();
    /** Taken out of the older ones since they were last restated: a second time there is nothing to take. */
    private final Set<DeliveryKey> takenOfOlder = new HashSet<>();
    private long older;
    private long clearings;

    /**
     * An empty box.
     *
     * @param capacity how many are kept with their events
     */
    public DeadLetters(int capacity) {
        this.capacity = capacity;
    }

    /**
     * A dead letter.
     *
     * @param outcome what the outcome log says of it
     * @param event   its event, if that is in memory; else null
     */
    public record Held(Outcome.Dead outcome, EventCopy event) {

        DeliveryKey key() {
            return new DeliveryKey(outcome.subscription(), outcome.sequence());
        }
    }

    /**
     * All dead letters at one instant.
     *
     * @param letters    those that can be had, the first given up first
     * @param outOfReach how many there are beside those
     * @param clearings  how often they had been cleared; what is known of older ones holds until that changes
     */
    public record Stock(List<Held> letters, long outOfReach, long clearings) {
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
     * @return oldest first, and the others out of reach
     */
    public synchronized Stock inMemory() {
        return new Stock(List.copyOf(newest.values()), older, clearings);
    }

    /**
     * The sequences of the events of those in memory.
     *
     * @return the sequences, in no order, with repeats
     */
    public synchronized List<Long> sequences() {
        return newest.keySet().stream().map(DeliveryKey::sequence).toList();
    }

    /**
     * Gives those read from the journal their events.
     *
     * @param events finds an event by its sequence; null for one that is gone
     */
    public synchronized void attach(LongFunction<EventCopy> events) {
        newest.replaceAll((key, held) -> held.event != null ? held
                : new Held(held.outcome, events.apply(key.sequence())));
    }

    /**
     * Whether a delivery is dead, as far as can be told from here: one that is not in memory is believed to be one of
     * the older ones, as long as these have not been cleared since it was found in the log.
     */
    synchronized boolean holds(DeliveryKey key, long clearingsWhenFound) {
        return newest.containsKey(key)
                || older > 0 && clearings == clearingsWhenFound && !takenOfOlder.contains(key);
    }

    /** Takes one out; an older one is only counted. Returns whether there was one. */
    synchronized boolean remove(DeliveryKey key) {
        if (newest.remove(key) != null) {
            return true;
        }
        if (older > 0 && takenOfOlder.add(key)) {
            older--;
            return true;
        }
        return false;
    }

    synchronized void add(Outcome.Dead outcome, EventCopy event) {
        Held held = new Held(outcome, event);
        takenOfOlder.remove(held.key());
        newest.remove(held.key());
        newest.put(held.key(), held);
        if (newest.size() > capacity) {
            newest.remove(newest.keySet().iterator().next());
            older++;
        }
    }

    synchronized void clear(long remainingOlder) {
        newest.clear();
        takenOfOlder.clear();
        older = remainingOlder;
        clearings++;
    }

    synchronized void restate(long at, Consumer<Outcome> begin, Consumer<Outcome> each) {
        takenOfOlder.clear();
        begin.accept(new Outcome.RestatementBegun(at, older));
        newest.values().forEach(held -> each.accept(held.outcome));
    }
}
