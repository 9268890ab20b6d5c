package io.ringbus.engine.program;

import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.program.Witness.Seen;
import io.ringbus.engine.support.ListJournal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What handlers publish through their context comes out for each delivery that was handled, and for no other: exactly
 * once of rebuilding ones, at least once of resuming ones, each with its cause.
 */
final class FollowUpCheck {

    private final Plan plan;
    private final Run run;

    FollowUpCheck(Plan plan, Run run) {
        this.plan = plan;
        this.run = run;
    }

    /** At any time, of all that is in the journal, whatever a crash will leave of it. */
    void checkJournal(List<ListJournal.Entry> entries) {
        Map<Long, Long> ids = new HashMap<>();
        Set<Long> fromRebuilding = new HashSet<>();
        Set<Long> once = new HashSet<>();
        for (ListJournal.Entry entry : entries) {
            long id = Events.idIn(entry.bytes());
            ids.put(entry.sequence(), id);
            ListJournal.Origin origin = entry.origin();
            String what = "event " + id + " with sequence " + entry.sequence() + " of " + origin;
            if (origin.causeSubscription() == null) {
                run.require(!Events.hasCause(id) && origin.causeSequence() == 0, "without a cause: " + what);
                run.require(!Events.isPublishedOnce(id) || once.add(id), "twice under a message id: " + what);
            } else {
                SubscriptionPlan subscription = plan.subscription(origin.causeSubscription());
                Long cause = ids.get(origin.causeSequence());
                run.require(cause != null && subscription.accepts(cause)
                        && (!subscription.dies(cause) || run.isMended(subscription, cause))
                        && origin.causeOrdinal() < subscription.followUps(cause)
                        && id == Events.followUp(cause, subscription.index(), origin.causeOrdinal()),
                        "not the follow-up of " + cause + ": " + what);
                run.require(subscription.recovery() != RecoveryMode.REBUILD || fromRebuilding.add(id),
                        "published twice by a rebuilding handler: " + what);
            }
        }
    }

    /** Whether all that these handlers published in this generation is out. */
    boolean allAreOut(List<Witness> witnesses, Stream<Long> idsOfThisGeneration, Set<Long> idsBefore) {
        Map<Long, Integer> out = countsOf(idsOfThisGeneration);
        for (Witness witness : witnesses) {
            if (mayBeGivenUp(witness.plan())) {
                continue;
            }
            Map<Long, Integer> expected = new HashMap<>();
            witness.seen().stream().filter(Seen::handled).flatMap(s -> published(witness.plan(), s.id()))
                    .forEach(id -> expected.merge(id, 1, Integer::sum));
            boolean rebuilds = witness.plan().recovery() == RecoveryMode.REBUILD;
            for (Map.Entry<Long, Integer> entry : expected.entrySet()) {
                if (out.getOrDefault(entry.getKey(), 0) < (rebuilds ? 1 : entry.getValue())
                        && !(rebuilds && idsBefore.contains(entry.getKey()))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** When nothing is under way any more. */
    void checkComplete(History history, LogState log) {
        Map<Long, Long> events = history.published();
        Map<Long, Integer> out = countsOf(events.values().stream());
        for (SubscriptionPlan subscription : plan.subscriptions()) {
            Map<Long, Integer> handled = countsOf(history.seenBy(subscription.name()).stream().filter(Seen::handled)
                    .map(Seen::id));
            Set<Long> givenUp = events.entrySet().stream()
                    .filter(event -> log.isDead(subscription.name(), event.getKey())
                            || log.isDiscarded(subscription.name(), event.getKey()))
                    .map(Map.Entry::getValue).collect(Collectors.toSet());
            for (long cause : new HashSet<>(events.values())) {
                published(subscription, cause).forEach(id -> check(subscription, cause,
                        handled.getOrDefault(cause, 0), out.getOrDefault(id, 0), givenUp.contains(cause)));
            }
        }
    }

    private void check(SubscriptionPlan subscription, long cause, int handled, int out, boolean isGivenUp) {
        String what = subscription + " published " + out + " time(s) for " + cause + ", which it handled " + handled
                + " time(s)";
        if (subscription.recovery() == RecoveryMode.REBUILD && plan.layout().journaled()) {
            boolean expected = subscription.accepts(cause) && !subscription.dies(cause);
            run.require(out == (expected ? 1 : 0), what);
        } else if (!plan.everCrashes() && !mayBeGivenUp(subscription)) {
            run.require(out == handled, what);
        } else if (plan.layout().journaled()) {
            // A crash took what it published; its cause came again and was given up: it is a letter, or was one.
            run.require(out > 0 || handled == 0 || isGivenUp || subscription.recovery() == RecoveryMode.LIVE, what);
        }
    }

    /** Whether what it handled after it had left counts for nothing. */
    private boolean mayBeGivenUp(SubscriptionPlan subscription) {
        return subscription.running().async() && plan.everLeaves(subscription.index());
    }

    private static Stream<Long> published(SubscriptionPlan subscription, long cause) {
        return IntStream.range(0, subscription.followUps(cause))
                .mapToObj(i -> Events.followUp(cause, subscription.index(), i));
    }

    private static Map<Long, Integer> countsOf(Stream<Long> ids) {
        Map<Long, Integer> counts = new HashMap<>();
        ids.forEach(id -> counts.merge(id, 1, Integer::sum));
        return counts;
    }
}
