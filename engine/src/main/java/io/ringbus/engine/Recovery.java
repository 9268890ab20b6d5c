package io.ringbus.engine;

import io.ringbus.engine.error.SubscriptionRefusedException;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.MessageIds;
import io.ringbus.engine.ring.Slot;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.stage.DeliveryLedger;
import io.ringbus.engine.stage.PendingRetries;
import io.ringbus.engine.stage.Retry;
import io.ringbus.engine.stage.StageSubscription;
import io.ringbus.engine.stage.StoredEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * From the journal back to the state before the stop, in three steps:
 * <ol>
 * <li>{@link #prepare}: compare the subscriptions with what the outcome log knows, and say for each where its replay
 * begins;
 * <li>{@link #restorePending()}: bring back the deliveries that wait for another attempt, with their events;
 * <li>{@link #replay}: feed the events from the earliest one anybody needs into the ring.
 * </ol>
 * On the thread that starts the engine.
 */
final class Recovery {

    private static final int PROGRESS_EVERY = 10_000;

    private final JournalSession session;
    private final DeliveryLedger ledger;
    private final StoredEvents events;
    private final List<StageSubscription> subscriptions;
    private final Map<String, StartPosition> startPositions;

    private final List<String> findings = new ArrayList<>();
    private final List<Retry> toSchedule = new ArrayList<>();
    private final Map<String, Long> keptBack = new TreeMap<>();
    private final Map<String, Long> passedOver = new TreeMap<>();
    private final long lastSequence;
    private long numberFrom;
    private long replayFrom = Long.MAX_VALUE;
    private long replayed;

    Recovery(JournalSession session, DeliveryLedger ledger, StoredEvents events, List<StageSubscription> subscriptions,
            Map<String, StartPosition> startPositions) {
        this.session = session;
        this.ledger = ledger;
        this.events = events;
        this.subscriptions = subscriptions;
        this.startPositions = startPositions;
        this.lastSequence = session.report().lastSequence();
        findings.addAll(session.report().findings());
    }

    /** Reads the outcome log and settles where each subscription begins. Before the chain runs. */
    void prepare(long now) {
        session.outcomes().read(ledger::apply);
        ledger.endOfLog();
        ledger.closeGap(now, session.outcomes()::append);
        numberFrom = Math.max(lastSequence, ledger.highestSequence());
        if (numberFrom > lastSequence) {
            findings.add("the journal lost its end: its outcomes speak of sequence " + numberFrom + ", its last"
                    + " event has "
                    + lastSequence + "; new events are numbered after the former");
        }
        Map<String, DeliveryLedger.Position> known = ledger.positions();
        subscriptions.forEach(subscription -> prepare(subscription, known.get(subscription.name())));
        known.forEach((name, position) -> {
            if (subscriptions.stream().noneMatch(s -> s.name().equals(name))) {
                prepareAbsent(name, position);
            }
        });
        session.outcomes().commit();
    }

    /**
     * Feeds the events that are needed into the ring.
     *
     * @param feed     publishes a slot filled by what it is given, waiting for a free place
     * @param progress told how far it has come
     */
    void replay(Consumer<Consumer<Slot>> feed, RecoveryProgress progress) {
        if (replayFrom > lastSequence) {
            return;
        }
        progress.onProgress(replayFrom - 1, replayFrom, lastSequence);
        events.read(replayFrom, lastSequence, stored -> {
            feed.accept(slot -> events.fill(slot, stored));
            replayed++;
            if (replayed % PROGRESS_EVERY == 0) {
                progress.onProgress(stored.sequence(), replayFrom, lastSequence);
            }
        }, typeName -> passedOver.merge(typeName, 1L, Long::sum));
        progress.onProgress(lastSequence, replayFrom, lastSequence);
        passedOver.forEach((type, count) -> findings.add("passed over " + count
                + " event(s) of the retired event type '" + type + "'"));
    }

    /**
     * Gives each subscription the deliveries that are pending for it, each at its attempt and its time. Before the
     * chain runs.
     *
     * @return how many there are
     */
    int restorePending() {
        int restored = 0;
        for (StageSubscription subscription : subscriptions) {
            PendingRetries pending = PendingRetries.of(subscription, ledger.pendingOf(subscription.name()), events);
            pending.keptBack().forEach((type, count) -> keptBack.merge(type, count, Long::sum));
            restored += pending.deliveries().size();
            subscription.restore(pending.deliveries()).forEach(delivery -> toSchedule.add(Retry.of(delivery)));
        }
        keptBack.forEach((type, count) -> findings.add("kept " + count + " pending deliver(ies) of the retired"
                + " event type '" + type + "', which are not made"));
        return restored;
    }

    /** What the timer has to bring, after the replay: what fails in that schedules itself. */
    List<Retry> toSchedule() {
        return toSchedule;
    }

    /**
     * Reads events by their sequences.
     *
     * @param wanted the sequences
     * @return those that are there
     */
    Map<Long, Delivery.EventCopy> fetch(TreeSet<Long> wanted) {
        return events.fetch(wanted).events();
    }

    /** Brings back the ids of the journal's last sequences, as far as the window reaches. Before publishers are in. */
    void remember(MessageIds ids) {
        if (ids.window() == 0) {
            return;
        }
        session.read(Math.max(1, lastSequence - ids.window() + 1), lastSequence, stored -> {
            if ((stored.messageIdHigh() | stored.messageIdLow()) != 0) {
                synchronized (ids) {
                    ids.remember(stored.messageIdHigh(), stored.messageIdLow(), stored.sequence());
                }
            }
        });
    }

    /** After which sequence new events are numbered: none is given twice, even when events were lost. */
    long numberFrom() {
        return numberFrom;
    }

    long replayed() {
        return replayed;
    }

    List<String> findings() {
        return findings;
    }

    void addFinding(String finding) {
        findings.add(finding);
    }

    private void prepare(StageSubscription subscription, DeliveryLedger.Position known) {
        String name = subscription.name();
        RecoveryMode mode = subscription.definition().recovery();
        if (mode != RecoveryMode.RESUME) {
            returnToDeadLetters(name, mode);
            List<Outcome.Pending> old = ledger.pendingOf(name);
            boolean goesOn = mode == RecoveryMode.REBUILD
                    && subscription.definition().retrying().order() == RetryOrder.BLOCKING;
            if (goesOn) {
                // The replay brings the events; the attempts are counted on from where they were.
                ledger.forgetWaiting(name);
            } else {
                ledger.forgetPending(name);
            }
            if (!old.isEmpty() && !goesOn) {
                findings.add("dropped " + old.size() + " pending deliver(ies) of subscription '" + name + "', which is "
                        + mode + " now and takes no old redeliveries");
            }
        }
        switch (mode) {
            case REBUILD -> {
                join(name, known == null ? 0 : known.handledThrough());
                subscription.replay(0, Set.of());
                subscription.effectiveFrom(1);
                replayFrom = Math.min(replayFrom, 1);
            }
            case RESUME -> {
                long through = known == null ? beginningOf(name) : known.handledThrough();
                join(name, through);
                subscription.replay(through, ledger.notReplayed(name));
                subscription.effectiveFrom(through + 1);
                replayFrom = Math.min(replayFrom, through + 1);
            }
            case LIVE -> {
                subscription.replay(Long.MAX_VALUE, Set.of());
                subscription.effectiveFrom(numberFrom + 1);
            }
        }
    }

    /** An operator's act on a journal at rest, where nobody knew the mode: what cannot be made is not lost by it. */
    private void returnToDeadLetters(String name, RecoveryMode mode) {
        int returned = 0;
        for (Outcome.Pending pending : ledger.pendingOf(name)) {
            if (pending instanceof Outcome.DrivenAgain driven) {
                note(new Outcome.Dead(name, driven.sequence(), 0, driven.at(), driven.at(), new Outcome.ErrorText(
                        SubscriptionRefusedException.class.getName(), "it was driven again and not attempted before"
                        + " the engine started, and the subscription, which is " + mode
                        + " now, takes no old redeliveries; its first error stands further up in the outcome log")));
                returned++;
            }
        }
        if (returned > 0) {
            findings.add("returned " + returned + " deliver(ies) of subscription '" + name + "' that had been driven"
                    + " again to the dead letters: it is " + mode + " now and takes no old redeliveries");
        }
    }

    private void note(Outcome outcome) {
        ledger.apply(outcome);
        session.outcomes().append(outcome);
    }

    /** Written in any case: it marks the subscription as present again after it was away. */
    private void join(String name, long handledThrough) {
        note(new Outcome.Subscribed(name, handledThrough));
    }

    private long beginningOf(String name) {
        StartPosition position = startPositions.get(name);
        if (position == null && lastSequence > 0) {
            throw new SubscriptionRefusedException("this subscription is new to a journal that already holds"
                    + " events; say"
                    + " where it begins with startAt(EARLIEST) or startAt(LATEST): subscription=" + name
                    + ", lastSequence=" + lastSequence);
        }
        return position == StartPosition.LATEST ? numberFrom : 0;
    }

    private void prepareAbsent(String name, DeliveryLedger.Position position) {
        findings.add("subscription '" + name + "' is not there any more; it had come to sequence "
                + position.handledThrough() + ", and " + ledger.pendingOf(name).size()
                + " pending deliver(ies) of it are kept");
        if (position.present()) {
            note(new Outcome.Unsubscribed(name, position.handledThrough()));
        }
    }
}
