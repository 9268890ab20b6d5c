package io.ringbus.engine.stage;

import io.ringbus.engine.ring.Delivery.EventCopy;
import io.ringbus.engine.spi.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The state that the outcome log stands for: how far each subscription has come, which deliveries are pending, which
 * are dead. Reading the log and writing it go through the same {@link #apply}, so what runs is what comes back.
 *
 * <p>Deliveries beyond a subscription's position that ended are remembered until a checkpoint passes them: after a
 * crash they are not delivered again. One thread at a time: while the chain runs, the one in the recorder's lock.
 */
public final class DeliveryLedger {

    private final DeadLetters deadLetters;
    private final AtomicInteger pendingCount = new AtomicInteger();

    private State state = new State();
    /** Collects a restatement; counts only when it is complete. Null outside of one. */
    private State restated;
    private List<Outcome.Dead> restatedDead = new ArrayList<>();
    private long restatedOlder;
    /** Pending before a replay of everything: what becomes of them in the replay is news. */
    private final Set<DeliveryKey> reopened = new HashSet<>();
    private boolean cutOff;

    /**
     * An empty ledger.
     *
     * @param deadLetters where dead letters go
     */
    public DeliveryLedger(DeadLetters deadLetters) {
        this.deadLetters = deadLetters;
    }

    /**
     * How far a subscription has come.
     *
     * @param handledThrough it needs no event up to this sequence
     * @param present        whether it was part of the chain when the log ended
     */
    public record Position(long handledThrough, boolean present) {
    }

    private static final class State {
        final Map<String, Position> positions = new TreeMap<>();
        final Map<DeliveryKey, Outcome.Pending> pending = new HashMap<>();
        /** By sequence, what ended the delivery: a restatement has to say it again. */
        final Map<String, Map<Long, Outcome>> settled = new HashMap<>();
    }

    /**
     * Takes one outcome, as the log gives it back.
     *
     * @param outcome what happened
     */
    public void apply(Outcome outcome) {
        apply(outcome, null);
    }

    /** Takes one outcome; a dead letter with its event. */
    void apply(Outcome outcome, EventCopy event) {
        if (outcome instanceof Outcome.RestatementBegun begun) {
            restated = new State();
            restatedDead = new ArrayList<>();
            restatedOlder = begun.olderDeadLetters();
        } else if (outcome instanceof Outcome.RestatementEnded) {
            endRestatement();
        } else if (restated != null && outcome instanceof Outcome.Dead dead) {
            restatedDead.add(dead);
            settle(restated, dead.subscription(), dead.sequence(), dead);
        } else if (restated != null && outcome instanceof Outcome.Pending pending) {
            restated.pending.put(new DeliveryKey(pending.subscription(), pending.sequence()), pending);
        } else {
            applyTo(restated != null ? restated : state, outcome, event);
        }
        pendingCount.lazySet(state.pending.size());
    }

    /** Forgets a restatement whose end is missing: a crash came between. What it restated is still known. */
    public void endOfLog() {
        cutOff = restated != null;
        restated = null;
    }

    /**
     * Restates all when the log ends within a restatement. Whatever is appended behind that would be read as a part of
     * it, and be passed over with it, if a crash came before the next complete one.
     *
     * @param at   now
     * @param sink given the outcomes to append
     */
    public void closeGap(long at, Consumer<Outcome> sink) {
        if (cutOff) {
            cutOff = false;
            restate(at, sink);
        }
    }

    /**
     * Writes the whole state.
     *
     * @param at   now
     * @param sink given each outcome of the restatement, its begin and end included
     */
    void restate(long at, Consumer<Outcome> sink) {
        deadLetters.restate(at, begun -> {
            sink.accept(begun);
            state.positions.forEach((name, position) -> sink.accept(position.present
                    ? new Outcome.Subscribed(name, position.handledThrough)
                    : new Outcome.Unsubscribed(name, position.handledThrough)));
            state.pending.values().forEach(sink);
            state.settled.forEach((name, outcomes) -> restateSettled(name, outcomes, sink));
        }, sink);
        sink.accept(new Outcome.RestatementEnded(at));
    }

    /** Beyond the position, a crash would bring back what is not said again. Dead letters follow for themselves. */
    private void restateSettled(String name, Map<Long, Outcome> outcomes, Consumer<Outcome> sink) {
        outcomes.forEach((sequence, outcome) -> {
            if (!(outcome instanceof Outcome.Dead) && !state.pending.containsKey(new DeliveryKey(name, sequence))) {
                sink.accept(outcome);
            }
        });
    }

    /** Where dead letters go. */
    DeadLetters deadLetters() {
        return deadLetters;
    }

    /** Whether an operator's act on a dead letter would have an effect. */
    boolean isDead(DeliveryKey key, long clearingsWhenFound) {
        return !state.pending.containsKey(key) && deadLetters.holds(key, clearingsWhenFound);
    }

    /**
     * How far each subscription has come that the log knows.
     *
     * @return by name
     */
    public Map<String, Position> positions() {
        return Map.copyOf(state.positions);
    }

    /**
     * The highest sequence that the log speaks of as handled or settled.
     *
     * @return the sequence; 0 for none
     */
    public long highestSequence() {
        long highest = state.positions.values().stream().mapToLong(Position::handledThrough).max().orElse(0);
        for (Map<Long, Outcome> settled : state.settled.values()) {
            highest = Math.max(highest, settled.keySet().stream().mapToLong(Long::longValue).max().orElse(0));
        }
        return Math.max(highest, state.pending.keySet().stream().mapToLong(DeliveryKey::sequence).max().orElse(0));
    }

    /**
     * The pending deliveries of a subscription.
     *
     * @param subscription its name
     * @return what made them pending last, by sequence
     */
    public List<Outcome.Pending> pendingOf(String subscription) {
        return state.pending.values().stream().filter(pending -> pending.subscription().equals(subscription))
                .sorted(Comparator.comparingLong(Outcome.Pending::sequence)).toList();
    }

    /**
     * The sequences that a subscription is not given by a replay: those it has settled beyond its position, and those
     * that come back as redeliveries.
     *
     * @param subscription its name
     * @return the sequences
     */
    public Set<Long> notReplayed(String subscription) {
        Set<Long> sequences = new HashSet<>(state.settled.getOrDefault(subscription, Map.of()).keySet());
        pendingOf(subscription).forEach(pending -> sequences.add(pending.sequence()));
        return sequences;
    }

    /**
     * Whether the log knows what became of a delivery, or that it was handled.
     *
     * @param subscription the subscription's name
     * @param sequence     the event's sequence
     * @return true for a delivery up to its position, or settled beyond it
     */
    boolean hasDealtWith(String subscription, long sequence) {
        if (reopened.contains(new DeliveryKey(subscription, sequence))) {
            return false;
        }
        Position position = state.positions.get(subscription);
        return position != null && sequence <= position.handledThrough
                || state.settled.getOrDefault(subscription, Map.of()).containsKey(sequence);
    }

    /**
     * Whether a checkpoint would say something new of a subscription.
     *
     * @param handledThrough what it would say
     * @return true when one of the chain's is further back; one that joined may be
     */
    boolean isBehind(long handledThrough) {
        return state.positions.values().stream()
                .anyMatch(position -> position.present && position.handledThrough < handledThrough);
    }

    /**
     * Forgets all about a subscription. For an engine in memory, where nobody can come back to it.
     *
     * @param subscription its name
     */
    void forget(String subscription) {
        state.positions.remove(subscription);
        state.settled.remove(subscription);
        state.pending.keySet().removeIf(key -> key.subscription().equals(subscription));
        pendingCount.lazySet(state.pending.size());
    }

    /**
     * Forgets what is pending for a subscription.
     *
     * @param subscription its name
     */
    public void forgetPending(String subscription) {
        forgetPending(subscription, pending -> true);
    }

    /**
     * Forgets what waits for a subscription to which everything is replayed; what has failed stays pending at its
     * attempt and its time until the replay comes to it, whatever comes before.
     *
     * @param subscription its name
     */
    public void forgetWaiting(String subscription) {
        forgetPending(subscription, pending -> !(pending instanceof Outcome.Failed));
    }

    private void forgetPending(String subscription, Predicate<Outcome.Pending> forgotten) {
        state.pending.keySet().stream().filter(key -> key.subscription().equals(subscription)).forEach(reopened::add);
        state.pending.values().removeIf(pending -> pending.subscription().equals(subscription)
                && forgotten.test(pending));
        pendingCount.lazySet(state.pending.size());
    }

    /**
     * How many deliveries are pending for each subscription that has any.
     *
     * @return by name
     */
    public Map<String, Integer> pendingBySubscription() {
        Map<String, Integer> counts = new HashMap<>();
        state.pending.keySet().forEach(key -> counts.merge(key.subscription(), 1, Integer::sum));
        return counts;
    }

    /**
     * How many deliveries are pending. Any thread.
     *
     * @return the number, those of absent subscriptions included
     */
    public int pendingCount() {
        return pendingCount.get();
    }

    private void endRestatement() {
        if (restated == null) {
            return;
        }
        state = restated;
        restated = null;
        deadLetters.clear(restatedOlder);
        restatedDead.forEach(dead -> deadLetters.add(dead, null));
    }

    private void applyTo(State target, Outcome outcome, EventCopy event) {
        if (outcome instanceof Outcome.DrivenAgain driven) {
            DeliveryKey key = new DeliveryKey(driven.subscription(), driven.sequence());
            if (!target.pending.containsKey(key) && deadLetters.remove(key)) {
                target.pending.put(key, driven);
            }
        } else if (outcome instanceof Outcome.Discarded discarded) {
            DeliveryKey key = new DeliveryKey(discarded.subscription(), discarded.sequence());
            if (target == restated) {
                settle(target, discarded.subscription(), discarded.sequence(), discarded);
            } else if (!target.pending.containsKey(key) && deadLetters.remove(key)) {
                settle(target, discarded.subscription(), discarded.sequence(), discarded);
            }
        } else if (outcome instanceof Outcome.Pending pending) {
            target.pending.put(new DeliveryKey(pending.subscription(), pending.sequence()), pending);
        } else if (outcome instanceof Outcome.Recovered recovered) {
            settle(target, recovered.subscription(), recovered.sequence(), recovered);
        } else if (outcome instanceof Outcome.Handled handled) {
            settle(target, handled.subscription(), handled.sequence(), handled);
        } else if (outcome instanceof Outcome.Dead dead) {
            settle(target, dead.subscription(), dead.sequence(), dead);
            deadLetters.add(dead, event);
        } else if (outcome instanceof Outcome.DeadLettersCleared) {
            deadLetters.clear(0);
        } else if (outcome instanceof Outcome.Subscribed subscribed) {
            target.positions.put(subscribed.subscription(), new Position(subscribed.handledThrough(), true));
        } else if (outcome instanceof Outcome.Unsubscribed unsubscribed) {
            target.positions.put(unsubscribed.subscription(), new Position(unsubscribed.handledThrough(), false));
        } else if (outcome instanceof Outcome.Checkpoint checkpoint) {
            checkpoint(target, checkpoint.handledThrough());
        }
    }

    private static void settle(State target, String subscription, long sequence, Outcome how) {
        target.pending.remove(new DeliveryKey(subscription, sequence));
        Position position = target.positions.get(subscription);
        if (position != null && sequence > position.handledThrough) {
            target.settled.computeIfAbsent(subscription, name -> new HashMap<>()).put(sequence, how);
        }
    }

    private static void checkpoint(State target, long handledThrough) {
        target.positions.replaceAll((name, position) -> position.present && position.handledThrough < handledThrough
                ? new Position(handledThrough, true) : position);
        target.settled.forEach((name, settled) -> {
            long through = target.positions.get(name).handledThrough;
            settled.keySet().removeIf(sequence -> sequence <= through);
        });
    }
}
