package io.ringbus.engine.ring;

import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventType;

/**
 * An event type as a running engine uses it.
 *
 * @param <T>               the event class
 * @param index             its place in the order of registration; dispatch tables are indexed by it
 * @param type              what was registered
 * @param codec             its own or the journal's default; null where nothing is journaled
 * @param preallocatedIndex which of a slot's preallocated instances is of this type; -1 for none
 */
public record RegisteredType<T>(int index, EventType<T> type, EventCodec<T> codec, int preallocatedIndex) {

    /**
     * The instance that a slot holds.
     *
     * @param slot the slot
     * @return the instance; null when the type is not preallocated
     */
    @SuppressWarnings("unchecked") // made by this type's own factory; a cast by its class looks that up each time
    public T preallocated(Slot slot) {
        return preallocatedIndex < 0 ? null : (T) slot.preallocated(index, preallocatedIndex);
    }

    /** The kinds of a slot's content stand in {@link Slot}; this writes what depends on the event. */
    void describe(Slot slot, T event) {
        slot.beOfType(index);
        slot.hold(event, preallocatedIndex >= 0);
        slot.belongTo(type.aggregateType(event));
        if (slot.aggregateType != null) {
            slot.aggregateKey = type.aggregateKey(event);
            slot.aggregateId = slot.aggregateKey == null ? type.aggregateId(event) : 0;
        }
    }
}
