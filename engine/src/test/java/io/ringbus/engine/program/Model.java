package io.ringbus.engine.program;

import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.program.Plan.SubscriptionPlan;
import io.ringbus.engine.program.Witness.Seen;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.support.ListJournal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The promises as a program that does one thing after the other: events in the order of their sequences, subscriptions
 * in the order of the chain, each delivery attempted until it is handled or given up.
 */
final class Model {

    private final Plan plan;
    private final History history;
    private final BiConsumer<Boolean, String> require;

    Model(Plan plan, History history, BiConsumer<Boolean, String> require) {
        this.plan = plan;
        this.history = history;
        this.require = require;
    }

    /**
     * Promise 4: what a rebuilding handler handled of the events that the journal held before the start is what one
     * that never stopped would have. Follow-ups of events that were pending may be there already when this looks.
     */
    void checkRebuilt(List<Witness> witnesses, List<Long> journaledBefore) {
        for (Witness witness : witnesses) {
            if (witness.plan().recovery() == RecoveryMode.REBUILD) {
                List<Long> state = witness.seen().stream().filter(s -> s.handled() && s.replaying())
                        .map(Seen::sequence).toList();
                List<Long> expected = journaledBefore.stream()
                        .filter(s -> rebuilds(witness.plan(), history.published().get(s))).toList();
                require.accept(state.equals(expected), witness.plan().name() + " rebuilt " + state + " from "
                        + expected);
            }
        }
    }

    /** After a drained close each event of this generation was attempted by everybody who was there all the time. */
    void checkDrained(List<Witness> witnesses) {
        Map<Long, Long> published = history.publishedInThisGeneration();
        for (Witness witness : witnesses) {
            if (!witness.isCancelled()) {
                List<Long> expected = accepted(witness.plan(), published);
                List<Long> attempted = witness.seen().stream().filter(s -> s.attempt() == 1 && !s.replaying())
                        .map(Seen::sequence).toList();
                require.accept(attempted.equals(expected), witness.plan().name() + " was given " + attempted + " of "
                        + expected);
            }
        }
    }

    /** Whether every retry that those present could make has come to its end. */
    boolean nothingPends(List<Witness> witnesses) {
        for (Witness witness : witnesses) {
            if (!witness.isCancelled()) {
                Set<Long> open = new HashSet<>();
                for (Seen seen : witness.seen()) {
                    if (seen.handled() || seen.attempt() >= witness.plan().maxAttempts()) {
                        open.remove(seen.sequence());
                    } else {
                        open.add(seen.sequence());
                    }
                }
                if (!open.isEmpty()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Promise 3, at the end of the last generation. */
    void checkComplete(ListJournal journal) {
        Map<Long, Long> published = history.published();
        if (plan.layout().journaled()) {
            List<Long> kept = journal.events().stream().map(ListJournal.Entry::sequence).toList();
            require.accept(kept.equals(new ArrayList<>(published.keySet())), "journaled " + kept + " of "
                    + published.keySet());
        }
        for (SubscriptionPlan subscription : plan.subscriptions()) {
            if (subscription.recovery() == RecoveryMode.RESUME) {
                checkComplete(subscription, published, journal);
            }
        }
    }

    private void checkComplete(SubscriptionPlan subscription, Map<Long, Long> published, ListJournal journal) {
        List<Seen> seen = history.seenBy(subscription.name());
        Set<Long> dead = new HashSet<>();
        journal.outcomes(Outcome.Dead.class).stream().filter(d -> d.subscription().equals(subscription.name()))
                .forEach(d -> dead.add(d.sequence()));
        boolean exactlyOnce = !plan.everCrashes() && !plan.everCancels(subscription.index());
        boolean quiet = plan.generations().get(plan.generations().size() - 1).end() == Plan.End.QUIET_CLOSE;
        for (long sequence : accepted(subscription, published)) {
            long id = published.get(sequence);
            List<Seen> own = seen.stream().filter(s -> s.sequence() == sequence).toList();
            String what = subscription + " on " + id + " with sequence " + sequence + ": " + own;
            long handled = own.stream().filter(Seen::handled).count();
            if (subscription.dies(id)) {
                require.accept(handled == 0, "handled what always fails: " + what);
                require.accept(!plan.layout().journaled() || dead.contains(sequence), "no dead letter: " + what);
            } else {
                require.accept(handled >= 1 || !quiet, "lost: " + what);
                require.accept(!dead.contains(sequence), "given up too early: " + what);
            }
            int attempts = Math.min(subscription.failures(id) + 1, subscription.maxAttempts());
            require.accept(!exactlyOnce || !quiet || own.size() == attempts, "not " + attempts + " attempt(s): "
                    + what);
        }
        require.accept(seen.stream().allMatch(s -> published.containsKey(s.sequence())
                && published.get(s.sequence()) == s.id()), subscription.name() + " saw what was not published: "
                        + seen);
    }

    private static boolean rebuilds(SubscriptionPlan subscription, Long id) {
        return id != null && subscription.accepts(id) && subscription.failures(id) == 0;
    }

    private static List<Long> accepted(SubscriptionPlan subscription, Map<Long, Long> published) {
        return published.entrySet().stream().filter(e -> subscription.accepts(e.getValue())).map(Map.Entry::getKey)
                .toList();
    }
}
