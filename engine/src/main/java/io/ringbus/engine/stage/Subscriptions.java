package io.ringbus.engine.stage;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The subscriptions of a chain. An index is never used again, so what still speaks of a subscription that has left,
 * such as a delivery that waits, finds none. Any thread may look; the chain changes it while it stands still.
 */
public final class Subscriptions {

    private final ConcurrentSkipListMap<Integer, StageSubscription> byIndex = new ConcurrentSkipListMap<>();

    /**
     * The subscriptions a chain begins with.
     *
     * @param first may be empty
     */
    public Subscriptions(Collection<StageSubscription> first) {
        first.forEach(this::add);
    }

    /**
     * Those that are part of the chain.
     *
     * @return in the order of subscribing
     */
    public List<StageSubscription> list() {
        return List.copyOf(byIndex.values());
    }

    /** The one of this index; null when it has left. */
    StageSubscription get(int index) {
        return byIndex.get(index);
    }

    void add(StageSubscription subscription) {
        byIndex.put(subscription.index(), subscription);
    }

    void remove(StageSubscription subscription) {
        byIndex.remove(subscription.index());
    }
}
