package io.ringbus.engine.ring;

import com.lmax.disruptor.EventFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Makes slots: each with an instance of every preallocated type, and with a buffer where there is a journal. */
final class SlotFactory {

    private final List<RegisteredType<?>> preallocated;
    private final int slotBytes;

    SlotFactory(List<RegisteredType<?>> types, int slotBytes) {
        this.preallocated = types.stream().filter(type -> type.preallocatedIndex() >= 0).toList();
        this.slotBytes = slotBytes;
    }

    /** The slots of a ring; their buffers lie in one piece of memory, in the ring's order. */
    EventFactory<Slot> ofRing(int size) {
        ByteBuffer all = slotBytes == 0 ? null : ByteBuffer.allocateDirect(size * slotBytes);
        int[] next = {0};
        return () -> slot(all, next[0]++);
    }

    /** A slot that is no part of a ring. */
    Slot spare() {
        return slot(slotBytes == 0 ? null : ByteBuffer.allocateDirect(slotBytes), 0);
    }

    private Slot slot(ByteBuffer all, int index) {
        Object[] instances = preallocated.stream().map(type -> type.type().newInstance()).toArray();
        return new Slot(instances, all == null ? null
                : all.slice(index * slotBytes, slotBytes).order(ByteOrder.LITTLE_ENDIAN));
    }
}
