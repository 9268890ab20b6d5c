package io.ringbus.engine.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What the slots of a ring have in common, each in the ring's order: their sequences and timestamps in arrays, their
 * encoded bytes in one piece of memory, and whatever of theirs is seldom used.
 *
 * <p>Sequence and timestamp are no fields of their slot, because they are all that a link writes for an event: eight of
 * them share a cache line, where the slots' own lines would each have to go to that link's core and from there to the
 * next one. And a publisher that publishes the same type again need not write into the slot at all.
 * Encoded bytes are read from here, because a buffer for each slot is an object whose cache line the reader would have
 * to wait for.
 *
 * <p>What is seldom used is no field of a slot either, so that the slots stand one behind the other in memory, with
 * nothing between them but the events that they hold: a processor fetches ahead what comes next. A collector that moves
 * objects keeps it so, because it moves an object together with what its fields refer to.
 */
final class SlotMemory {

    private static final int LINE_BYTES = 64;
    /** What comes behind them, the processor fetches ahead by then. */
    private static final int TOUCHED_BYTES = 256;

    private final long[] sequences;
    private final long[] timestamps;
    private final boolean ring;
    private final int slotBytes;
    /** Null where nothing is journaled. */
    private final ByteBuffer bytes;
    /** Views of it, for codecs to write into. */
    private final ByteBuffer[] views;
    /** For each preallocated type one for each slot. */
    private final Object[][] instances;
    private final Attachment[] attachments;

    private SlotMemory(int size, boolean ring, int slotBytes, Object[][] instances) {
        this.sequences = new long[size];
        this.timestamps = new long[size];
        this.ring = ring;
        this.slotBytes = slotBytes;
        this.bytes = slotBytes == 0 ? null
                : ByteBuffer.allocateDirect(size * slotBytes + 2 * LINE_BYTES).alignedSlice(LINE_BYTES);
        this.views = new ByteBuffer[size];
        if (bytes != null) {
            Arrays.setAll(views,
                    index -> bytes.slice(index * slotBytes, slotBytes).order(ByteOrder.LITTLE_ENDIAN));
        }
        this.instances = instances;
        this.attachments = new Attachment[size];
        Arrays.setAll(attachments, index -> new Attachment());
    }

    /** For a ring of so many slots, each with so many bytes; 0 where nothing is journaled. */
    static SlotMemory ofRing(int size, int slotBytes, Object[][] instances) {
        return new SlotMemory(size, true, slotBytes, instances);
    }

    /** For a slot that is no part of a ring. */
    static SlotMemory ofSpare(int slotBytes, Object[][] instances) {
        return new SlotMemory(1, false, slotBytes, instances);
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

    /** A slot's own bytes, for a codec to write into; null where nothing is journaled. */
    ByteBuffer bytes(int index) {
        return views[index];
    }

    void copyBytes(int index, int length, ByteBuffer target, int at) {
        target.put(at, bytes, index * slotBytes, length);
    }

    /** Reads something from each cache line of the first of a slot's bytes; returns a number without meaning. */
    int touch(int index, int length) {
        if (bytes == null) {
            return length;
        }
        int from = index * slotBytes;
        int end = Math.min(length, Math.min(slotBytes, TOUCHED_BYTES));
        int sum = bytes.get(from);
        for (int at = LINE_BYTES; at < end; at += LINE_BYTES) {
            sum += bytes.get(from + at);
        }
        return sum;
    }

    /** A slot's own instance of a preallocated type. */
    Object instance(int type, int index) {
        return instances[type][index];
    }

    /** Gives a slot's instance to another one of another memory, and takes that one's in its place. */
    void exchange(int index, SlotMemory other, int otherIndex, Object instance) {
        for (int type = 0; type < instances.length; type++) {
            if (other.instances[type][otherIndex] == instance) {
                other.instances[type][otherIndex] = instances[type][index];
                instances[type][index] = instance;
            }
        }
    }

    Attachment attachment(int index) {
        return attachments[index];
    }
}
