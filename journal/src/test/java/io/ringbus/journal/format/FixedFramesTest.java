package io.ringbus.journal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.engine.error.JournalDamagedException;
import io.ringbus.engine.error.JournalFormatException;
import io.ringbus.journal.TestEntry;
import io.ringbus.journal.TestOrigin;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** "An old journal is always readable": event frames of versions 1 and 2, from a writer that knows their layout. */
class FixedFramesTest {

    private static final int ID = 1;
    private static final int KEY = 2;
    private static final int TYPE_TEXT = 4;
    private static final int CAUSE = 8;
    private static final int CAUSE_TEXT = 16;
    private static final int MESSAGE_ID = 32;

    private final FrameView view = new FrameView();

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldGiveBackEveryEventOfAnOldVersion(int version) {
        SplittableRandom random = new SplittableRandom(version);
        AnyEntry entries = new AnyEntry(random);
        for (int round = 0; round < 300; round++) {
            List<TestEntry> expected = new ArrayList<>();
            for (int i = random.nextInt(1, 12); i > 0; i--) {
                TestEntry entry = entries.next(0xFFFF_FFFFL / 16);
                expected.add(version == 1 ? entry.from(TestOrigin.NONE) : entry);
            }
            assertThat(write(version, expected).read(view)).isEqualTo(expected);
        }
    }

    @Test
    void shouldReadBatchesOfAllVersionsInTurn() {
        BatchBuilder batch = new BatchBuilder(1_000, 1_000);
        EventFrames frames = new EventFrames(batch, 100, 0);
        List<TestEntry> events = List.of(TestEntry.of(1, (byte) 1), TestEntry.of(2, (byte) 2));
        events.forEach(event -> frames.add(event, event.typeIndex()));
        SealedBatch newest = SealedBatch.of(batch, BatchHeader.VERSION, 1, 2);
        for (int turn = 0; turn < 4; turn++) {
            assertThat(newest.read(view)).isEqualTo(events);
            assertThat(write(1 + turn % 2, events).read(view)).isEqualTo(events);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldRefuseAFlagThatTheVersionDidNotKnow(int version) {
        SealedBatch batch = write(version, List.of(TestEntry.of(2)));
        for (int bit = version == 1 ? 3 : 6; bit < Short.SIZE; bit++) {
            batch.putShort(6, 1 << bit);
            assertThatThrownBy(() -> batch.read(view)).isInstanceOf(JournalFormatException.class)
                    .hasMessageContaining("flags=0x" + Integer.toHexString(1 << bit))
                    .hasMessageEndingWith("file=" + SealedBatch.FILE + ", position=4711, ordinal=1, sequence=2");
        }
    }

    @Test
    void shouldRefuseACauseThatNamesNoSubscriptionAnywhere() {
        SealedBatch batch = write(2, List.of(new TestEntry(2, 0, 0, null, 0, null, new TestOrigin(1, "", 0, 0, 0),
                new byte[2])));
        batch.putShort(6, CAUSE);
        assertThatThrownBy(() -> batch.read(view)).isInstanceOf(JournalDamagedException.class)
                .hasMessageContaining("names the cause's subscription").hasMessageEndingWith("sequence=2");
    }

    /** Writes a batch as versions 1 and 2 did; version 1 leaves out what it had no place for. */
    static SealedBatch write(int version, List<TestEntry> entries) {
        BatchBuilder batch = new BatchBuilder(1 << 20, 1 << 20);
        ByteBuffer buffer = batch.buffer();
        long first = entries.get(0).sequence();
        String aggregateType = null;
        String subscription = null;
        for (TestEntry entry : entries) {
            TestOrigin origin = entry.origin();
            int start = batch.end();
            int at = start + 24;
            int flags = 0;
            if (version == 2 && origin.causeSequence() != 0) {
                flags |= CAUSE;
                buffer.putLong(at, origin.causeSequence()).putInt(at + 8, origin.causeOrdinal());
                at += 12;
                if (!origin.causeSubscription().equals(subscription)) {
                    flags |= CAUSE_TEXT;
                    subscription = origin.causeSubscription();
                    at = text(buffer, at, subscription);
                }
            }
            if (version == 2 && (origin.messageIdHigh() | origin.messageIdLow()) != 0) {
                flags |= MESSAGE_ID;
                buffer.putLong(at, origin.messageIdHigh()).putLong(at + 8, origin.messageIdLow());
                at += 16;
            }
            if (entry.aggregateKey() != null) {
                flags |= KEY;
                at = text(buffer, at, entry.aggregateKey());
            } else if (entry.aggregateType() != null) {
                flags |= ID;
                buffer.putLong(at, entry.aggregateId());
                at += 8;
            }
            if (entry.aggregateType() != null && !entry.aggregateType().equals(aggregateType)) {
                flags |= TYPE_TEXT;
                aggregateType = entry.aggregateType();
                at = text(buffer, at, aggregateType);
            }
            buffer.put(at, entry.bytes());
            at += entry.bytes().length;
            buffer.putInt(start, at - start).putShort(start + 4, (short) entry.typeIndex())
                    .putShort(start + 6, (short) flags).putInt(start + 8, (int) (entry.sequence() - first))
                    .putInt(start + 12, entry.bytes().length).putLong(start + 16, entry.timestampNanos());
            batch.added(at);
        }
        return SealedBatch.of(batch, version, first, entries.get(entries.size() - 1).sequence());
    }

    private static int text(ByteBuffer buffer, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        buffer.putShort(at, (short) bytes.length).put(at + 2, bytes);
        return at + 2 + bytes.length;
    }
}
