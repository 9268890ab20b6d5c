package io.ringbus.journal;

import io.ringbus.engine.spi.EventEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** An event as values, to append and to compare with. */
record TestEntry(long sequence, int typeIndex, long timestampNanos, String aggregateType, long aggregateId,
        String aggregateKey, byte[] bytes) implements EventEntry {

    static TestEntry of(long sequence, byte... bytes) {
        return new TestEntry(sequence, 0, 1_000 + sequence, "order", sequence % 7, null, bytes);
    }

    static TestEntry copyOf(EventEntry entry) {
        byte[] bytes = new byte[entry.payloadLength()];
        entry.payload().get(0, bytes);
        return new TestEntry(entry.sequence(), entry.typeIndex(), entry.timestampNanos(), entry.aggregateType(),
                entry.aggregateId(), entry.aggregateKey(), bytes);
    }

    @Override
    public ByteBuffer payload() {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public int payloadLength() {
        return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TestEntry that && sequence == that.sequence && typeIndex == that.typeIndex
                && timestampNanos == that.timestampNanos && java.util.Objects.equals(aggregateType, that.aggregateType)
                && aggregateId == that.aggregateId && java.util.Objects.equals(aggregateKey, that.aggregateKey)
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(sequence);
    }

    @Override
    public String toString() {
        return sequence + ":" + typeIndex + "@" + timestampNanos + " " + aggregateType + "/"
                + (aggregateKey == null ? aggregateId : aggregateKey) + " " + Arrays.hashCode(bytes);
    }
}
