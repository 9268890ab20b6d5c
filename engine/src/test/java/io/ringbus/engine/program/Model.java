package io.ringbus.engine.program;

import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.program.Witness.Seen;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.support.ListJournal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The promises as a program that does one thing after the other: events in the order of their sequences, subscriptions
 * in the order of the chain, each delivery attempted until it is handled or given up.
 */
final class Model {

    private final Plan plan;
    private final History history;
    private final Run run;

    Model(Plan plan, History history, Run run) {
        this.plan = plan;
        this.history = history;
        this.run = run;
    }

    /**
     * Promise 4: what a rebuilding handler handled of the events that the journal held before the start is what one
     * that never stopped would have.
     */
    void checkRebuilt(List<Witness> witnesses, List<Long> journaledBefore) {
        for (Witness witness : witnesses) {
            if (witness.plan().recovery() == RecoveryMode.REBUILD) {
                List<Long> state = witness.seen().stream().filter(s -> s.handled() && s.replaying())
                        .map(Seen::sequence).sorted(inOrder(witness)).toList();
                List<Long> expected = journaledBefore.stream()
                        .filter(s -> rebuilds(witness.plan(), history.published().get(s))).toList();
                run.require(state.equals(expected), witness.plan().name() + " rebuilt " + state + " from "
                        + expected);
            }
        }
    }

    /**
     * After a drained close: from the first sequence that a subscription said it could be given, to the last one, it
     * was given each event, and no other; but for what its retry order still kept back.
     */
    void checkDrained(List<Witness> witnesses, LogState log) {
        witnesses.stream().filter(Witness::isBounded).forEach(witness -> checkDrained(witness, log));
    }

    private void checkDrained(Witness witness, LogState log) {
        SubscriptionPlan subscription = witness.plan();
        boolean rebuilds = subscription.recovery() == RecoveryMode.REBUILD;
        Set<Long> alreadyBegun = new HashSet<>();
        if (!rebuilds) {
            alreadyBegun.addAll(witness.before().pending().keySet());
            alreadyBegun.addAll(witness.before().settled());
        }
        Map<Long, Long> published = history.published();
        Set<Long> given = new TreeSet<>();
        witness.attempted().stream().filter(s -> !alreadyBegun.contains(s)).forEach(given::add);
        Set<Long> pending = witness.pendingWhenLeft() == null ? log.pendingOf(subscription.name()).keySet()
                : witness.pendingWhenLeft();
        Set<Long> expected = new TreeSet<>();
        published.forEach((sequence, id) -> {
            boolean keptBack = plan.layout().journaled() ? pending.contains(sequence)
                    || plan.mayOverflow(subscription) && log.hasOverflowed(subscription.name(), sequence)
                    : witness.mayHold(sequence, id) || witness.pauses().mayHold(sequence)
                            && (witness.pauses().isOpen() || plan.mayOverflow(subscription));
            keptBack |= witness.mayHaveSettledBefore(sequence);
            if (subscription.accepts(id) && !subscription.neverReaches(id)
                    && sequence >= witness.firstSequence() && sequence <= witness.lastSequence()
                    && !alreadyBegun.contains(sequence) && !(keptBack && !given.contains(sequence))) {
                expected.add(sequence);
            }
        });
        // Once it is mended, it is reached.
        given.removeIf(sequence -> published.containsKey(sequence)
                && subscription.neverReaches(published.get(sequence)));
        given.removeIf(witness::wasDrivenAgain);
        expected.removeIf(witness::wasDrivenAgain);
        run.require(given.equals(expected), subscription.name() + " was given " + given + " of " + expected + " in "
                + witness.firstSequence() + " to " + witness.lastSequence());
    }

    /** Each delivery that was handled is in the log of those that want it. */
    void checkLogged(List<Witness> witnesses, ListJournal journal) {
        Set<String> logged = new HashSet<>();
        journal.outcomes(Outcome.Handled.class).forEach(h -> logged.add(h.subscription() + " " + h.sequence() + " "
                + h.attempt()));
        witnesses.stream().filter(w -> w.plan().logsAll() && (w.isHere() || !w.plan().running().async()))
                .forEach(witness -> witness.seen().stream()
                .filter(s -> s.handled() && !s.replaying()).forEach(s -> run.require(
                        logged.contains(witness.plan().name() + " " + s.sequence() + " " + s.attempt()),
                        witness.plan().name() + " handled, and the log has not: " + s)));
    }

    /** What the log has as handled was handled, of those alone that want it there. */
    private void checkLog(ListJournal journal) {
        Set<String> handled = new HashSet<>();
        plan.subscriptions().stream().filter(SubscriptionPlan::logsAll).forEach(subscription ->
                history.seenBy(subscription.name()).stream().filter(Seen::handled).forEach(s ->
                        handled.add(subscription.name() + " " + s.sequence() + " " + s.attempt())));
        journal.outcomes(Outcome.Handled.class).forEach(h -> run.require(h.nanos() >= 0
                && handled.contains(h.subscription() + " " + h.sequence() + " " + h.attempt()),
                "in the log, and not handled: " + h));
    }

    /** Promise 3, at the end of the last generation. */
    void checkComplete(ListJournal journal, LogState log) {
        checkLog(journal);
        Map<Long, Long> published = history.published();
        if (plan.layout().journaled()) {
            List<Long> kept = journal.events().stream().map(ListJournal.Entry::sequence).toList();
            run.require(kept.equals(new ArrayList<>(published.keySet())), "journaled " + kept + " of "
                    + published.keySet());
        }
        for (SubscriptionPlan subscription : plan.subscriptions()) {
            if (subscription.recovery() == RecoveryMode.RESUME
                    && (plan.layout().journaled() || !plan.everLeaves(subscription.index()))) {
                checkComplete(subscription, published, log);
            }
        }
    }

    private void checkComplete(SubscriptionPlan subscription, Map<Long, Long> published, LogState log) {
        List<Seen> seen = history.seenBy(subscription.name());
        // One that leaves is given again what it handled and what was not settled by then.
        boolean exactlyOnce = !plan.everCrashes() && !(plan.everLeaves(subscription.index())
                && (subscription.publishes() == SubscriptionPlan.Publishes.FOLLOW_UPS
                        || subscription.running().async()));
        boolean quiet = plan.generations().get(plan.generations().size() - 1).end() == Plan.End.QUIET_CLOSE;
        published.forEach((sequence, id) -> {
            if (!subscription.accepts(id)) {
                return;
            }
            List<Seen> own = seen.stream().filter(s -> s.sequence() == sequence).toList();
            String what = subscription + " on " + id + " with sequence " + sequence + ": " + own;
            long handled = own.stream().filter(Seen::handled).count();
            boolean overflowed = plan.mayOverflow(subscription) && (plan.layout().journaled()
                    ? log.hasOverflowed(subscription.name(), sequence) : own.isEmpty());
            boolean dead = log.isDead(subscription.name(), sequence);
            boolean touched = run.isTouched(subscription, sequence);
            boolean discarded = touched && (log.isDiscarded(subscription.name(), sequence)
                    || !plan.layout().journaled());
            if (subscription.dies(id)) {
                boolean mended = run.isMended(subscription, id);
                run.require(handled == 0 || mended, "handled what always fails: " + what);
                run.require(!plan.layout().journaled() || dead || discarded || mended && handled >= 1,
                        "no dead letter: " + what);
            } else {
                run.require(handled >= 1 || overflowed || discarded || !quiet, "lost: " + what);
                run.require(!dead || overflowed, "given up too early: " + what);
            }
            int attempts = subscription.neverReaches(id) ? 0
                    : Math.min(subscription.failures(id) + 1, subscription.failing().maxAttempts());
            run.require(!exactlyOnce || !quiet || touched || run.isMended(subscription, id)
                    || overflowed && own.isEmpty() || own.size() == attempts, "not "
                    + attempts + " attempt(s): " + what);
        });
        run.require(seen.stream().allMatch(s -> published.containsKey(s.sequence())
                && published.get(s.sequence()) == s.id()), subscription.name() + " saw what was not published: "
                        + seen);
    }

    /** Several threads keep the order of each aggregate alone. */
    private static Comparator<Long> inOrder(Witness witness) {
        return witness.plan().running().workers() > 1 ? Comparator.naturalOrder() : (a, b) -> 0;
    }

    private static boolean rebuilds(SubscriptionPlan subscription, Long id) {
        return id != null && subscription.accepts(id) && !subscription.dies(id);
    }
}
