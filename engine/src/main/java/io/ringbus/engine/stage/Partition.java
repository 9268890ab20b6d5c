package io.ringbus.engine.stage;

import io.ringbus.engine.ring.Slot;

/**
 * One thread's share of the aggregates. Events without an aggregate belong to the first.
 *
 * @param index which share, from 0
 * @param count how many shares there are
 */
record Partition(int index, int count) {

    /** All of them. */
    static final Partition WHOLE = new Partition(0, 1);

    boolean contains(Slot slot) {
        if (slot.aggregateType == null) {
            return index == 0;
        }
        long own = slot.aggregateKey == null ? slot.aggregateId : slot.aggregateKey.hashCode();
        // Spread by the upper bits of a product, so that ids which step evenly do not all meet in one share.
        long spread = own * 0x9E3779B97F4A7C15L >>> 33;
        return spread % count == index;
    }
}
