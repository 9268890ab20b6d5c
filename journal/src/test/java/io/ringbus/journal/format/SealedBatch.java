package io.ringbus.journal.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.journal.TestEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** A batch of events whose bytes a test changes, and which is always given a right checksum. */
final class SealedBatch {

    static final String FILE = "some-file.cq4";

    private final ByteBuffer buffer;

    private SealedBatch(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    /** Seals what was built, as a version that there was would have. */
    static SealedBatch of(BatchBuilder batch, int version, long first, long last) {
        batch.seal(BatchHeader.EVENTS, 0, first, last, new Chain(1));
        batch.buffer().putShort(BatchHeader.AT_VERSION, (short) version);
        return new SealedBatch(batch.buffer());
    }

    int payloadLength() {
        return buffer.getInt(BatchHeader.AT_PAYLOAD_LENGTH);
    }

    int count() {
        return buffer.getInt(BatchHeader.AT_COUNT);
    }

    byte get(int at) {
        return buffer.get(BatchHeader.BYTES + at);
    }

    void put(int at, byte value) {
        buffer.put(BatchHeader.BYTES + at, value);
    }

    void putShort(int at, int value) {
        buffer.putShort(BatchHeader.BYTES + at, (short) value);
    }

    void payloadLength(int bytes) {
        buffer.putInt(BatchHeader.AT_PAYLOAD_LENGTH, bytes);
    }

    void count(int frames) {
        buffer.putInt(BatchHeader.AT_COUNT, frames);
    }

    BatchView view() {
        buffer.putInt(BatchHeader.AT_CRC, BatchHeader.crc(new CRC32C(), buffer, 0, payloadLength()));
        BatchView view = new BatchView();
        assertThat(view.wrap(buffer, 0, buffer.capacity(), 4_711)).isNull();
        return view;
    }

    List<TestEntry> read(FrameView frame) {
        frame.open(view(), FILE);
        List<TestEntry> events = new ArrayList<>();
        while (frame.next()) {
            frame.resolve(null, frame.typeId());
            events.add(TestEntry.copyOf(frame));
            assertThat(events).as("each takes bytes").hasSizeLessThanOrEqualTo(payloadLength());
        }
        return events;
    }
}
