package io.ringbus.engine.stage;

import io.ringbus.engine.ring.Slot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Compares what rebuilding handlers publish during recovery with what the journal holds of the same causes. A cause
 * comes before its follow-ups in the journal, so when the last link sees a replayed follow-up, the handler has
 * published it again already, or never will. What is left when the replay is over is not in the journal: a crash came
 * between. The stages and the last link use it, under its lock.
 */
public final class FollowUpMatcher {

    private static final int MOST_DIVERGENCES = 100;

    private final SameEvent sameEvent;
    private final Consumer<Slot> recycler;
    private final Set<String> rebuilding = new HashSet<>();
    private final Map<Key, Slot> published = new HashMap<>();
    private final List<String> divergences = new ArrayList<>();
    private long matched;
    private long diverged;
    private volatile boolean active = true;

    /** Whether a handler's event and a replayed one are the same. */
    @FunctionalInterface
    public interface SameEvent {

        /**
         * Compares two events as encoded.
         *
         * @param published what the handler published
         * @param replayed  what the journal holds
         * @return whether they are the same
         */
        boolean test(Slot published, Slot replayed);
    }

    /**
     * A matcher for one recovery.
     *
     * @param sameEvent     compares events
     * @param recycler      given slots that are not used any more
     * @param subscriptions the names of the rebuilding ones: only their follow-ups are matched
     */
    public FollowUpMatcher(SameEvent sameEvent, Consumer<Slot> recycler, Set<String> subscriptions) {
        this.sameEvent = sameEvent;
        this.recycler = recycler;
        rebuilding.addAll(subscriptions);
    }

    /** A matcher like this one, for a subscription that joins later. */
    FollowUpMatcher another(String subscription) {
        return new FollowUpMatcher(sameEvent, recycler, Set.of(subscription));
    }

    private record Key(long cause, String subscription, int ordinal) {

        static Key of(Slot slot) {
            return new Key(slot.causeSequence(), slot.causeSubscription(), slot.causeOrdinal());
        }
    }

    /** Whether the replay goes on. Any thread. */
    boolean isActive() {
        return active;
    }

    /** Takes what a rebuilding handler published; the slot is the matcher's from now on. */
    synchronized void published(Slot followUp) {
        published.put(Key.of(followUp), followUp);
    }

    /** Takes what the journal holds. On the last link's thread. */
    synchronized void replayed(Slot slot) {
        if (!rebuilding.contains(slot.causeSubscription())) {
            return;
        }
        Slot own = published.remove(Key.of(slot));
        if (own == null) {
            diverged("published nothing, and the journal holds " + slot.event, slot);
        } else if (!sameEvent.test(own, slot)) {
            diverged("published " + own.event + ", and the journal holds " + slot.event, slot);
        } else {
            matched++;
        }
        if (own != null) {
            recycler.accept(own);
        }
    }

    /**
     * Ends the matching, when everything replayed has been handled.
     *
     * @return what the journal does not hold, in the order of the causes
     */
    public synchronized List<Slot> finish() {
        active = false;
        List<Slot> missing = new ArrayList<>(published.values());
        missing.sort(Comparator.comparingLong((Slot slot) -> slot.causeSequence())
                .thenComparing(slot -> slot.causeSubscription()).thenComparingInt(slot -> slot.causeOrdinal()));
        published.clear();
        return missing;
    }

    /**
     * The follow-ups that were in the journal as they were published again.
     *
     * @return their number
     */
    public synchronized long matched() {
        return matched;
    }

    /**
     * How many differed.
     *
     * @return their number
     */
    public synchronized long diverged() {
        return diverged;
    }

    /**
     * The first of those that differed, at most a hundred.
     *
     * @return a sentence for each, which names both events
     */
    public synchronized List<String> divergences() {
        return List.copyOf(divergences);
    }

    private void diverged(String what, Slot slot) {
        diverged++;
        if (divergences.size() < MOST_DIVERGENCES) {
            divergences.add("subscription '" + slot.causeSubscription() + "' " + what + " with sequence "
                    + slot.sequence() + ": cause=" + slot.causeSequence() + ", ordinal=" + slot.causeOrdinal());
        }
    }
}
