package io.ringbus.journal;

import io.ringbus.engine.spi.EventEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/** An event as values, to append and to compare with. */
public record TestEntry(long sequence, int typeIndex, long timestampNanos, String aggregateType, long aggregateId,
        String aggregateKey, TestOrigin origin, byte[] bytes) implements EventEntry {

    /** An event that nothing caused, without an id. */
    public TestEntry(long sequence, int typeIndex, long timestampNanos, String aggregateType, long aggregateId,
            String aggregateKey, byte[] bytes) {
        this(sequence, typeIndex, timestampNanos, aggregateType, aggregateId, aggregateKey, TestOrigin.NONE, bytes);
    }

    public static TestEntry of(long sequence, byte... bytes) {
        return new TestEntry(sequence, 0, 1_000 + sequence, "order", sequence % 7, null, bytes);
    }

    public static TestEntry copyOf(EventEntry entry) {
        byte[] bytes = new byte[entry.payloadLength()];
        entry.payload().get(0, bytes);
        return new TestEntry(entry.sequence(), entry.typeIndex(), entry.timestampNanos(), entry.aggregateType(),
                entry.aggregateId(), entry.aggregateKey(), TestOrigin.of(entry), bytes);
    }

    public TestEntry from(TestOrigin origin) {
        return new TestEntry(sequence, typeIndex, timestampNanos, aggregateType, aggregateId, aggregateKey, origin,
                bytes);
    }

    TestEntry withTypeIndex(int index) {
        return new TestEntry(sequence, index, timestampNanos, aggregateType, aggregateId, aggregateKey, origin, bytes);
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
    public long causeSequence() {
        return origin.causeSequence();
    }

    @Override
    public String causeSubscription() {
        return origin.causeSubscription();
    }

    @Override
    public int causeOrdinal() {
        return origin.causeOrdinal();
    }

    @Override
    public long messageIdHigh() {
        return origin.messageIdHigh();
    }

    @Override
    public long messageIdLow() {
        return origin.messageIdLow();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TestEntry that && sequence == that.sequence && typeIndex == that.typeIndex
                && timestampNanos == that.timestampNanos && Objects.equals(aggregateType, that.aggregateType)
                && aggregateId == that.aggregateId && Objects.equals(aggregateKey, that.aggregateKey)
                && origin.equals(that.origin) && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(sequence);
    }

    @Override
    public String toString() {
        return sequence + ":" + typeIndex + "@" + timestampNanos + " " + aggregateType + "/"
                + (aggregateKey == null ? aggregateId : aggregateKey) + " " + origin + " " + Arrays.hashCode(bytes);
    }
}
