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
        SlotMemory memory = SlotMemory.ofRing(size, slotBytes, instances(size));
        Slot[] slots = new Slot[size];
        Arrays.setAll(slots, index -> new Slot(memory, index));
        return slots;
    }

    /** A slot that is no part of a ring. */
    Slot spare() {
        return new Slot(SlotMemory.ofSpare(slotBytes, instances(1)), 0);
    }

    /** Those of one type one behind the other, as they will be used. */
    private Object[][] instances(int size) {
        Object[][] instances = new Object[preallocated.size()][size];
        for (int i = 0; i < instances.length; i++) {
            RegisteredType<?> type = preallocated.get(i);
            Arrays.setAll(instances[i], index -> type.type().newInstance());
        }
        return instances;
    }
}
