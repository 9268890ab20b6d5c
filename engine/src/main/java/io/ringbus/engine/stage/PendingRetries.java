package io.ringbus.engine.stage;

import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.spi.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The deliveries that the outcome log says are pending for a subscription, brought back with their events.
 *
 * @param deliveries each at its attempt and its time, in the order of their sequences
 * @param keptBack   how many there are of each retired event type; those are not made
 */
public record PendingRetries(List<Delivery> deliveries, Map<String, Long> keptBack) {

    /**
     * Reads them. Before the subscription is given any replay, whose failures schedule themselves.
     *
     * @param subscription whose
     * @param pending      what the ledger says of them, in the order of their sequences
     * @param events       the journal's
     * @return the deliveries
     * @throws JournalException when the event of one cannot be had
     */
    public static PendingRetries of(StageSubscription subscription, List<Outcome.Pending> pending,
            StoredEvents events) {
        TreeSet<Long> wanted = new TreeSet<>();
        pending.forEach(outcome -> wanted.add(outcome.sequence()));
        StoredEvents.Found found = events.fetch(wanted);
        PendingRetries retries = new PendingRetries(new ArrayList<>(), new TreeMap<>());
        pending.forEach(outcome -> retries.add(subscription, outcome, found));
        return retries;
    }

    private void add(StageSubscription subscription, Outcome.Pending pending, StoredEvents.Found found) {
        String retiredType = found.retired().get(pending.sequence());
        if (retiredType != null) {
            keptBack.merge(retiredType, 1L, Long::sum);
            return;
        }
        Delivery.EventCopy event = found.events().get(pending.sequence());
        if (event == null) {
            throw new JournalException("a pending delivery's event is not in the journal, or not of a registered type;"
                    + " restore its file, register the type, or leave the subscription out: subscription="
                    + subscription.name() + ", sequence=" + pending.sequence());
        }
        deliveries.add(Delivery.restored(subscription.index(), event, pending));
    }
}
