package io.ringbus.engine.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** Makes slots: each with an instance of every preallocated type, and with a buffer where there is a journal. */
final class SlotFactory {

    private static final int LINE_BYTES = 64;

    private final List<RegisteredType<?>> preallocated;
    private final int slotBytes;
    private ByteBuffer arena;

    SlotFactory(List<RegisteredType<?>> types, int slotBytes) {
        this.preallocated = types.stream().filter(type -> type.preallocatedIndex() >= 0).toList();
        this.slotBytes = slotBytes;
    }

    /** The slots of a ring; their buffers lie in one piece of memory, in the ring's order. */
    Slot[] ring(int size) {
        arena = slotBytes == 0 ? null
                : ByteBuffer.allocateDirect(size * slotBytes + 2 * LINE_BYTES).alignedSlice(LINE_BYTES);
        long[] timestamps = new long[size];
        Slot[] slots = new Slot[size];
        Arrays.setAll(slots, index -> new Slot(index, timestamps, instances(), bytes(arena, index)));
        return slots;
    }

    /** A slot that is no part of a ring. */
    Slot spare() {
        return new Slot(instances(), bytes(slotBytes == 0 ? null : ByteBuffer.allocateDirect(slotBytes), 0));
    }

    private Object[] instances() {
        return preallocated.stream().map(type -> type.type().newInstance()).toArray();
    }

    private ByteBuffer bytes(ByteBuffer all, int index) {
        return all == null ? null : all.slice(index * slotBytes, slotBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Reads from a slot's bytes. */
    byte firstByte(int index) {
        return arena == null ? 0 : arena.get(index * slotBytes);
    }
}
