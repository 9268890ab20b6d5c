package io.ringbus.engine.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the slots of a ring have in common: their sequences and timestamps in arrays, and their encoded bytes in one
 * piece of memory, each in the ring's order.
 *
 * <p>Sequence and timestamp are no fields of their slot, because they are all that a link writes for an event: eight of
 * them share a cache line, where the slots' own lines would each have to go to that link's core and from there to the
 * next one. And a publisher that publishes the same type again need not write into the slot at all.
 * Encoded bytes are read from here, because a buffer for each slot is an object whose cache line the reader would have
 * to wait for.
 */
final class SlotMemory {

    private static final int LINE_BYTES = 64;

    private final long[] sequences;
    private final long[] timestamps;
    private final boolean ring;
    private final int slotBytes;
    /** Null where nothing is journaled. */
    private final ByteBuffer bytes;

    private SlotMemory(int size, boolean ring, int slotBytes) {
        this.sequences = new long[size];
        this.timestamps = new long[size];
        this.ring = ring;
        this.slotBytes = slotBytes;
        this.bytes = slotBytes == 0 ? null
                : ByteBuffer.allocateDirect(size * slotBytes + 2 * LINE_BYTES).alignedSlice(LINE_BYTES);
    }

    /** For a ring of so many slots, each with so many bytes; 0 where nothing is journaled. */
    static SlotMemory ofRing(int size, int slotBytes) {
        return new SlotMemory(size, true, slotBytes);
    }

    /** For a slot that is no part of a ring. */
    static SlotMemory ofSpare(int slotBytes) {
        return new SlotMemory(1, false, slotBytes);
    }

    boolean isRing() {
        return ring;
    }

    void number(int index, long sequence) {
        sequences[index] = sequence;
    }

    long sequence(int index) {
        return sequences[index];
    }

    void stamp(int index, long epochNanos) {
        timestamps[index] = epochNanos;
    }

    long timestampNanos(int index) {
        return timestamps[index];
    }

    /** A slot's own bytes; null where nothing is journaled. */
    ByteBuffer bytes(int index) {
        return bytes == null ? null : bytes.slice(index * slotBytes, slotBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    void copyBytes(int index, int length, ByteBuffer target, int at) {
        target.put(at, bytes, index * slotBytes, length);
    }

    /** Reads from a slot's bytes. */
    byte firstByte(int index) {
        return bytes == null ? 0 : bytes.get(index * slotBytes);
    }
}
