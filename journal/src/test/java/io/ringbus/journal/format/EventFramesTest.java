package io.ringbus.journal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.engine.error.EventTooLargeException;
import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.error.JournalFormatException;
import io.ringbus.journal.TestEntry;
import io.ringbus.journal.TestOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Event frames there and back, batch by batch. */
class EventFramesTest {

    private static final TestOrigin CAUSED = new TestOrigin(1, "prüfung", 7, 0, 0);
    private static final String[] AGGREGATES = {null, "order", "account", "käse-\uD83D\uDE00"};
    private static final int PROMISED_HEAD_BYTES = 80;

    private final BatchBuilder batch = new BatchBuilder(256, 1 << 20);
    private final EventFrames frames = new EventFrames(batch, 1_000, 0);
    private final FrameView view = new FrameView();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void shouldGiveBackEveryEventWithItsCauseAndItsId(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long sequence = 0;
        for (int round = 0; round < 200; round++) {
            List<TestEntry> expected = new ArrayList<>();
            for (int i = random.nextInt(1, 12); i > 0; i--) {
                sequence += random.nextInt(1, 1_000);
                TestEntry entry = entry(random, sequence);
                int before = batch.end();
                frames.add(entry, entry.typeIndex());
                assertThat(batch.end() - before).isLessThanOrEqualTo(promisedBytes(entry));
                expected.add(entry);
            }
            assertThat(readBack()).isEqualTo(expected);
        }
    }

    @Test
    void shouldTakeBytesOnlyForWhatAnEventHas() {
        assertThat(bytesOf(bare(1))).isEqualTo(EventFrames.FIXED_BYTES);
        assertThat(bytesOf(bare(2).from(new TestOrigin(0, null, 0, 0, 9))))
                .isEqualTo(EventFrames.FIXED_BYTES + EventFrames.MESSAGE_ID_BYTES);
        assertThat(bytesOf(bare(3).from(CAUSED))).isEqualTo(EventFrames.FIXED_BYTES + 12 + 2 + 8);
        assertThat(bytesOf(bare(4).from(CAUSED))).as("the same subscription").isEqualTo(EventFrames.FIXED_BYTES + 12);
        assertThat(bytesOf(bare(5))).as("no cause").isEqualTo(EventFrames.FIXED_BYTES);
        assertThat(bytesOf(bare(6).from(CAUSED))).as("the same after none").isEqualTo(EventFrames.FIXED_BYTES + 12);
        assertThat(bytesOf(bare(7).from(new TestOrigin(1, "margin", 0, 0, 0)))).as("another one")
                .isEqualTo(EventFrames.FIXED_BYTES + 12 + 2 + 6);
        readBack();
        assertThat(bytesOf(bare(8).from(CAUSED))).as("in the next batch").isEqualTo(EventFrames.FIXED_BYTES + 12 + 2 + 8);
    }

    @Test
    void shouldNeverTakeMoreThanWasPromisedForAFrame() {
        TestEntry largest = new TestEntry(2, 1, 3, "x", 4, null, new TestOrigin(1, "y", 1, -1, -1), new byte[0]);
        assertThat(bytesOf(largest)).isEqualTo(EventFrames.MAX_HEAD_BYTES + 2).isLessThan(PROMISED_HEAD_BYTES);
    }

    @Test
    void shouldGiveTheSameTextObjectAsLongAsTheTextStays() {
        String[] subscriptions = new String[2];
        String[] types = new String[2];
        for (int i = 0; i < 2; i++) {
            frames.add(new TestEntry(2 + i, 0, 0, "käse", 4, null, CAUSED, new byte[0]), 0);
            view.open(seal());
            assertThat(view.next()).isTrue();
            subscriptions[i] = view.causeSubscription();
            types[i] = view.aggregateType();
            batch.reset();
        }
        assertThat(subscriptions[1]).isEqualTo("prüfung").isSameAs(subscriptions[0]);
        assertThat(types[1]).isEqualTo("käse").isSameAs(types[0]);
    }

    @Test
    void shouldLeaveTheBatchAsItWasWhenAnEventIsRefused() {
        TestEntry first = bare(2).from(CAUSED);
        frames.add(first, 0);
        assertThatThrownBy(() -> frames.add(bare(3).from(new TestOrigin(3, "margin", 0, 0, 0)), 0))
                .isInstanceOf(JournalException.class).hasMessageEndingWith("causeSequence=3");
        assertThatThrownBy(() -> frames.add(bare(3).from(new TestOrigin(1, "\u20AC".repeat(129), 0, 0, 0)), 0))
                .isInstanceOf(EventTooLargeException.class).hasMessageEndingWith("bytes=387");
        TestEntry second = bare(3).from(CAUSED);
        frames.add(second, 0);
        assertThat(readBack()).containsExactly(first, second);
    }

    @Test
    void shouldRefuseAFlagThatItDoesNotKnow() {
        frames.add(bare(2), 0);
        for (int bit = 0; bit < Short.SIZE; bit++) {
            int flag = 1 << bit;
            batch.buffer().putShort(BatchHeader.BYTES + EventFrames.AT_FLAGS, (short) flag);
            view.open(seal());
            if ((flag & EventFrames.FLAGS) == 0) {
                assertThatThrownBy(view::next).isInstanceOf(JournalFormatException.class)
                        .hasMessageEndingWith("sequence=2, flags=0x" + Integer.toHexString(flag));
            }
        }
    }

    @Test
    void shouldRefuseACauseThatNamesNoSubscriptionAnywhere() {
        frames.add(bare(2).from(CAUSED), 0);
        frames.add(bare(3).from(CAUSED), 0);
        int first = batch.buffer().getInt(BatchHeader.BYTES);
        batch.reset();
        for (int i = 0; i < EventFrames.FIXED_BYTES + 12; i++) {
            batch.buffer().put(BatchHeader.BYTES + i, batch.buffer().get(BatchHeader.BYTES + first + i));
        }
        batch.added(BatchHeader.BYTES + EventFrames.FIXED_BYTES + 12);
        view.open(seal());
        assertThatThrownBy(view::next).isInstanceOf(IllegalStateException.class).hasMessageEndingWith("sequence=3");
    }

    private List<TestEntry> readBack() {
        view.open(seal());
        List<TestEntry> events = new ArrayList<>();
        while (view.next()) {
            view.resolve(null, view.typeId());
            events.add(TestEntry.copyOf(view));
        }
        batch.reset();
        return events;
    }

    private BatchView seal() {
        int length = batch.seal(BatchHeader.EVENTS, 0, frames.firstSequence(), frames.lastSequence(), new Chain(1));
        BatchView sealed = new BatchView();
        assertThat(sealed.wrap(batch.buffer(), 0, length, 0)).isNull();
        return sealed;
    }

    private int bytesOf(TestEntry entry) {
        int before = batch.end();
        frames.add(entry, 0);
        return batch.end() - before;
    }

    private static int promisedBytes(TestEntry entry) {
        return PROMISED_HEAD_BYTES + entry.payloadLength() + 3 * (length(entry.aggregateType())
                + length(entry.aggregateKey()) + length(entry.causeSubscription()));
    }

    private static int length(String text) {
        return text == null ? 0 : text.length();
    }

    private static TestEntry bare(long sequence) {
        return new TestEntry(sequence, 0, 1, null, 0, null, new byte[0]);
    }

    private static TestEntry entry(SplittableRandom random, long sequence) {
        String type = AGGREGATES[random.nextInt(AGGREGATES.length)];
        String key = type == null || random.nextBoolean() ? null : "\u20AC".repeat(random.nextInt(40));
        byte[] bytes = new byte[random.nextInt(100)];
        random.nextBytes(bytes);
        return new TestEntry(sequence, random.nextInt(65_536), random.nextLong(), type,
                type == null || key != null ? 0 : random.nextLong(), key, TestOrigin.random(random, sequence), bytes);
    }
}
