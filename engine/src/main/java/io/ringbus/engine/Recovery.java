package io.ringbus.engine;

import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.error.SubscriptionRefusedException;
import io.ringbus.engine.error.UnregisteredEventTypeException;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.EventRing;
import io.ringbus.engine.ring.MessageIds;
import io.ringbus.engine.ring.RegisteredType;
import io.ringbus.engine.ring.Slot;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.spi.StoredEvent;
import io.ringbus.engine.stage.DeliveryLedger;
import io.ringbus.engine.stage.Retry;
import io.ringbus.engine.stage.StageSubscription;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
    /** Wanted events closer together than this are read in one pass, not each by a search of its own. */
    private static final long READ_THROUGH = 4_096;

    private final JournalSession session;
    private final DeliveryLedger ledger;
    private final List<RegisteredType<?>> types;
    private final List<StageSubscription> subscriptions;
    private final Map<String, StartPosition> startPositions;
    private final Set<String> retiredEventTypes;

    private final List<String> findings = new ArrayList<>();
    private final Map<String, List<Outcome.Pending>> attemptsToGoOnWith = new HashMap<>();
    private final List<Retry> toSchedule = new ArrayList<>();
    private final Map<String, Long> passedOver = new TreeMap<>();
    private final Map<Long, String> retiredAmongFetched = new HashMap<>();
    private final long lastSequence;
    private long numberFrom;
    private long replayFrom = Long.MAX_VALUE;
    private long replayed;

    Recovery(JournalSession session, DeliveryLedger ledger, List<RegisteredType<?>> types,
            List<StageSubscription> subscriptions, Map<String, StartPosition> startPositions,
            Set<String> retiredEventTypes) {
        this.session = session;
        this.ledger = ledger;
        this.types = types;
        this.subscriptions = subscriptions;
        this.startPositions = startPositions;
        this.retiredEventTypes = retiredEventTypes;
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
        session.read(replayFrom, lastSequence, stored -> {
            if (isKnown(stored)) {
                feed.accept(slot -> fill(slot, stored));
                replayed++;
                if (replayed % PROGRESS_EVERY == 0) {
                    progress.onProgress(stored.sequence(), replayFrom, lastSequence);
                }
            }
        });
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
        Map<StageSubscription, List<Outcome.Pending>> pending = new LinkedHashMap<>();
        TreeSet<Long> wanted = new TreeSet<>();
        for (StageSubscription subscription : subscriptions) {
            List<Outcome.Pending> own = attemptsToGoOnWith.getOrDefault(subscription.name(),
                    ledger.pendingOf(subscription.name()));
            pending.put(subscription, own);
            own.forEach(outcome -> wanted.add(outcome.sequence()));
        }
        Map<Long, Delivery.EventCopy> events = fetch(wanted);
        Map<String, Long> keptBack = new TreeMap<>();
        int restored = 0;
        for (Map.Entry<StageSubscription, List<Outcome.Pending>> entry : pending.entrySet()) {
            StageSubscription subscription = entry.getKey();
            List<Delivery> deliveries = new ArrayList<>();
            for (Outcome.Pending outcome : entry.getValue()) {
                String retiredType = retiredAmongFetched.get(outcome.sequence());
                if (retiredType != null) {
                    keptBack.merge(retiredType, 1L, Long::sum);
                } else {
                    deliveries.add(Delivery.restored(subscription.index(),
                            found(events, subscription, outcome.sequence()), outcome));
                }
            }
            restored += deliveries.size();
            subscription.restore(deliveries).forEach(delivery -> toSchedule.add(Retry.of(delivery)));
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
        Map<Long, Delivery.EventCopy> found = new HashMap<>();
        Long from = wanted.isEmpty() ? null : wanted.first();
        while (from != null) {
            long to = from;
            Long next = wanted.higher(to);
            while (next != null && next - to <= READ_THROUGH) {
                to = next;
                next = wanted.higher(to);
            }
            session.read(from, to, stored -> {
                if (wanted.contains(stored.sequence())) {
                    if (stored.typeIndex() >= 0) {
                        found.put(stored.sequence(), copy(stored));
                    } else if (retiredEventTypes.contains(stored.typeName())) {
                        retiredAmongFetched.put(stored.sequence(), stored.typeName());
                    }
                }
            });
            from = next;
        }
        return found;
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

    private static Delivery.EventCopy found(Map<Long, Delivery.EventCopy> events, StageSubscription subscription,
            long sequence) {
        Delivery.EventCopy event = events.get(sequence);
        if (event == null) {
            throw new JournalException("a pending delivery's event is not in the journal, or not of a registered type;"
                    + " restore its file, register the type, or leave the subscription out: subscription="
                    + subscription.name() + ", sequence=" + sequence);
        }
        return event;
    }

    private void prepare(StageSubscription subscription, DeliveryLedger.Position known) {
        String name = subscription.name();
        RecoveryMode mode = subscription.definition().recovery();
        if (mode != RecoveryMode.RESUME) {
            List<Outcome.Pending> old = ledger.pendingOf(name);
            boolean goesOn = mode == RecoveryMode.REBUILD
                    && subscription.definition().retrying().order() == RetryOrder.BLOCKING;
            if (goesOn) {
                // The replay brings their events; the attempts are counted on from where they were.
                attemptsToGoOnWith.put(name, old.stream().filter(Outcome.Failed.class::isInstance).toList());
            }
            int pending = old.size();
            ledger.forgetPending(name);
            if (pending > 0 && !goesOn) {
                findings.add("dropped " + pending + " pending deliver(ies) of subscription '" + name + "', which is "
                        + mode + " now and takes no old redeliveries");
            }
        }
        switch (mode) {
            case REBUILD -> {
                join(name, known == null ? 0 : known.handledThrough());
                subscription.replay(0, Set.of());
                replayFrom = Math.min(replayFrom, 1);
            }
            case RESUME -> {
                long through = known == null ? beginningOf(name) : known.handledThrough();
                join(name, through);
                subscription.replay(through, ledger.notReplayed(name));
                replayFrom = Math.min(replayFrom, through + 1);
            }
            case LIVE -> subscription.replay(Long.MAX_VALUE, Set.of());
        }
    }

    /** Written in any case: it marks the subscription as present again after it was away. */
    private void join(String name, long handledThrough) {
        Outcome.Subscribed subscribed = new Outcome.Subscribed(name, handledThrough);
        ledger.apply(subscribed);
        session.outcomes().append(subscribed);
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
            Outcome.Unsubscribed unsubscribed = new Outcome.Unsubscribed(name, position.handledThrough());
            ledger.apply(unsubscribed);
            session.outcomes().append(unsubscribed);
        }
    }

    private boolean isKnown(StoredEvent stored) {
        if (stored.typeIndex() >= 0) {
            return true;
        }
        if (!retiredEventTypes.contains(stored.typeName())) {
            throw new UnregisteredEventTypeException("the journal holds an event of a type that is not registered;"
                    + " register it, or name it in retiredEventTypes to pass over its events: type=" + stored.typeName()
                    + ", sequence=" + stored.sequence());
        }
        passedOver.merge(stored.typeName(), 1L, Long::sum);
        return false;
    }

    private void fill(Slot slot, StoredEvent stored) {
        RegisteredType<?> type = types.get(stored.typeIndex());
        slot.kind = Slot.Kind.REPLAY;
        headerOf(stored, decode(type, stored, EventRing.preallocated(slot, type))).fill(slot);
        slot.sequence = stored.sequence();
        slot.causeSequence = stored.causeSequence();
        slot.causeSubscription = stored.causeSubscription();
        slot.causeOrdinal = stored.causeOrdinal();
    }

    private Delivery.EventCopy copy(StoredEvent stored) {
        RegisteredType<?> type = types.get(stored.typeIndex());
        return headerOf(stored, decode(type, stored, type.type().isPreallocated() ? type.type().newInstance() : null));
    }

    private static Delivery.EventCopy headerOf(StoredEvent stored, Object event) {
        return new Delivery.EventCopy(stored.typeIndex(), stored.timestampNanos(), stored.aggregateType(),
                stored.aggregateId(), stored.aggregateKey(), event);
    }

    private static <T> Object decode(RegisteredType<T> type, StoredEvent stored, Object reuse) {
        ByteBuffer payload = stored.payload().duplicate().order(ByteOrder.LITTLE_ENDIAN).position(0)
                .limit(stored.payloadLength());
        try {
            return type.codec().decode(payload, stored.typeVersion(), type.type().eventClass().cast(reuse));
        } catch (Exception | StackOverflowError e) {
            throw new JournalException("an event in the journal could not be decoded; mend the codec of its type: type="
                    + type.type().name() + ", version=" + stored.typeVersion() + ", sequence=" + stored.sequence()
                    + ", error=" + e, e);
        }
    }
}
