package io.ringbus.engine.program;

import io.ringbus.engine.error.TooManyWaitingException;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.support.ListJournal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the outcome log says of each delivery at one instant, read from its beginning and by other code than the
 * engine's.
 */
final class LogState {

    private final Map<String, Map<Long, Outcome.Pending>> pending = new HashMap<>();
    private final Map<String, Set<Long>> overflowed = new HashMap<>();
    private final Map<String, Map<Long, Outcome>> ended = new HashMap<>();

    private boolean restating;

    LogState(ListJournal journal) {
        journal.outcomes().forEach(this::apply);
    }

    /** The deliveries that wait for an attempt, with the number of that. */
    Map<Long, Integer> pendingOf(String subscription) {
        Map<Long, Integer> attempts = new TreeMap<>();
        pending.getOrDefault(subscription, Map.of()).forEach((sequence, outcome) ->
                attempts.put(sequence, outcome.nextAttempt()));
        return attempts;
    }

    /** Those of them that have failed. */
    Map<Long, Integer> failedOf(String subscription) {
        Map<Long, Integer> attempts = pendingOf(subscription);
        attempts.keySet().removeIf(sequence -> !(pending.get(subscription).get(sequence) instanceof Outcome.Failed));
        return attempts;
    }

    /** Those of them that an operator drove again, and that were not attempted since. */
    Set<Long> drivenOf(String subscription) {
        Set<Long> driven = new TreeSet<>();
        pending.getOrDefault(subscription, Map.of()).forEach((sequence, outcome) -> {
            if (outcome instanceof Outcome.DrivenAgain) {
                driven.add(sequence);
            }
        });
        return driven;
    }

    /** The deliveries that were handled, recovered, given up or discarded last. */
    Set<Long> endedOf(String subscription) {
        return ended.getOrDefault(subscription, Map.of()).keySet();
    }

    boolean isDead(String subscription, long sequence) {
        return ended.getOrDefault(subscription, Map.of()).get(sequence) instanceof Outcome.Dead;
    }

    boolean isDiscarded(String subscription, long sequence) {
        return ended.getOrDefault(subscription, Map.of()).get(sequence) instanceof Outcome.Discarded;
    }

    /** Whether it was given up because too many waited, whatever an operator did with it then. */
    boolean hasOverflowed(String subscription, long sequence) {
        return overflowed.getOrDefault(subscription, Set.of()).contains(sequence);
    }

    private void apply(Outcome outcome) {
        if (outcome instanceof Outcome.Dead dead
                && dead.error().className().equals(TooManyWaitingException.class.getName())) {
            overflowed.computeIfAbsent(dead.subscription(), name -> new HashSet<>()).add(dead.sequence());
        }
        if (outcome instanceof Outcome.RestatementBegun) {
            // All that is pending follows; what the engine has dropped does not.
            pending.clear();
            restating = true;
        } else if (outcome instanceof Outcome.RestatementEnded) {
            restating = false;
        } else if (outcome instanceof Outcome.DrivenAgain driven && !restating
                && !isDead(driven.subscription(), driven.sequence())) {
            // Without effect.
            return;
        } else if (outcome instanceof Outcome.Discarded discarded) {
            if (restating || isDead(discarded.subscription(), discarded.sequence())) {
                end(discarded.subscription(), discarded.sequence(), discarded);
            }
        } else if (outcome instanceof Outcome.Pending now) {
            put(pending, now.subscription(), now.sequence(), now);
            of(ended, now.subscription()).remove(now.sequence());
        } else if (outcome instanceof Outcome.Handled handled) {
            end(handled.subscription(), handled.sequence(), handled);
        } else if (outcome instanceof Outcome.Recovered recovered) {
            end(recovered.subscription(), recovered.sequence(), recovered);
        } else if (outcome instanceof Outcome.Dead dead) {
            end(dead.subscription(), dead.sequence(), dead);
        }
    }

    private void end(String subscription, long sequence, Outcome how) {
        put(ended, subscription, sequence, how);
        of(pending, subscription).remove(sequence);
    }

    private static <T> void put(Map<String, Map<Long, T>> all, String subscription, long sequence, T value) {
        of(all, subscription).put(sequence, value);
    }

    private static <T> Map<Long, T> of(Map<String, Map<Long, T>> all, String subscription) {
        return all.computeIfAbsent(subscription, name -> new TreeMap<>());
    }
}
