package io.ringbus.engine.ring;

import java.util.Arrays;
import java.util.List;

/** Makes slots: each with an instance of every preallocated type, and with a buffer where there is a journal. */
final class SlotFactory {

    private final List<RegisteredType<?>> preallocated;
    private final int slotBytes;

    SlotFactory(List<RegisteredType<?>> types, int slotBytes) {
        this.preallocated = types.stream().filter(type -> type.preallocatedIndex() >= 0).toList();
        this.slotBytes = slotBytes;
    }

    /** The slots of a ring. */
    Slot[] ring(int size) {
        SlotMemory memory = SlotMemory.ofRing(size, slotBytes);
        Slot[] slots = new Slot[size];
        Arrays.setAll(slots, index -> new Slot(memory, index, instances()));
        return slots;
    }

    /** A slot that is no part of a ring. */
    Slot spare() {
        return new Slot(SlotMemory.ofSpare(slotBytes), 0, instances());
    }

    private Object[] instances() {
        return preallocated.stream().map(type -> type.type().newInstance()).toArray();
    }
}
