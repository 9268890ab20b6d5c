package io.ringbus.journal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.engine.error.EventTooLargeException;
import io.ringbus.engine.error.JournalDamagedException;
import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.spi.EventEntry;
import io.ringbus.journal.TestEntry;
import io.ringbus.journal.TestOrigin;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Event frames there and back, batch by batch. */
class EventFramesTest {

    private static final TestOrigin CAUSED = new TestOrigin(1, "prüfung", 7, 0, 0);
    private static final int PROMISED_HEAD_BYTES = 80;

    private final BatchBuilder batch = new BatchBuilder(256, 1 << 20);
    private final EventFrames frames = new EventFrames(batch, AnyEntry.MAX_BYTES, 0);
    private final FrameView view = new FrameView();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void shouldGiveBackEveryEventWithItsCauseAndItsId(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        AnyEntry entries = new AnyEntry(random);
        for (int round = 0; round < 200; round++) {
            List<TestEntry> expected = new ArrayList<>();
            for (int i = random.nextInt(1, 12); i > 0; i--) {
                // All gaps together stay below the highest sequence there is.
                TestEntry entry = entries.next(1L << 51);
                int before = batch.end();
                frames.add(entry, entry.typeIndex());
                assertThat(batch.end() - before).isLessThanOrEqualTo(promisedBytes(entry));
                expected.add(entry);
            }
            assertThat(readBack()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldWriteTheSameBytesForAnEventThatDoesNotSayThatItIsPlain(long seed) {
        AnyEntry entries = new AnyEntry(new SplittableRandom(seed));
        BatchBuilder otherBatch = new BatchBuilder(256, 1 << 20);
        EventFrames otherFrames = new EventFrames(otherBatch, AnyEntry.MAX_BYTES, 0);
        int plain = 0;
        for (int i = 0; i < 500; i++) {
            TestEntry entry = entries.next(1L << 51);
            // Else one in a hundred would be.
            TestEntry barer = i % 2 == 0 ? entry : new TestEntry(entry.sequence(), 3, 9, null, 0, null, entry.bytes());
            frames.add(barer, barer.typeIndex());
            otherFrames.add(reluctant(barer), barer.typeIndex());
            plain += barer.isPlain() ? 1 : 0;
        }

        assertThat(plain).isBetween(250, 499);
        assertThat(batch.buffer().slice(BatchHeader.BYTES, batch.payloadLength()))
                .isEqualTo(otherBatch.buffer().slice(BatchHeader.BYTES, otherBatch.payloadLength()));
    }

    @Test
    void shouldTakeBytesOnlyForWhatAnEventHas() {
        assertThat(bytesOf(bare(1))).as("a timestamp").isEqualTo(3 + 8);
        assertThat(bytesOf(new TestEntry(2, 127, 1, null, 0, null, new byte[64]))).isEqualTo(3 + 64);
        assertThat(bytesOf(new TestEntry(3, 128, 1, null, 0, null, new byte[128]))).isEqualTo(5 + 128);
        assertThat(bytesOf(bare(4).from(new TestOrigin(0, null, 0, 0, 9)))).isEqualTo(3 + 16);
        assertThat(bytesOf(bare(5).from(CAUSED))).isEqualTo(3 + 2 + 2 + 8);
        assertThat(bytesOf(bare(6).from(CAUSED))).as("the same subscription").isEqualTo(3 + 2);
        assertThat(bytesOf(bare(7))).as("no cause").isEqualTo(3);
        assertThat(bytesOf(bare(8).from(CAUSED))).as("the same after none").isEqualTo(3 + 2);
        assertThat(bytesOf(bare(9).from(new TestOrigin(1, "margin", 0, 0, 0)))).as("another one")
                .isEqualTo(3 + 2 + 2 + 6);
        assertThat(bytesOf(bare(12))).as("two sequences passed over").isEqualTo(3 + 1);
        assertThat(bytesOf(new TestEntry(13, 0, 0, null, 0, null, new byte[0]))).as("earlier").isEqualTo(3 + 1);
        assertThat(bytesOf(new TestEntry(14, 0, 0, "x", -1, null, new byte[0]))).isEqualTo(3 + 8 + 2 + 1);
        readBack();
        assertThat(bytesOf(bare(15).from(CAUSED))).as("in the next batch").isEqualTo(3 + 8 + 2 + 2 + 8);
    }

    @Test
    void shouldNeverTakeMoreThanWasPromisedForAFrame() {
        frames.add(new TestEntry(1, 0, 0, null, 0, null, new byte[0]), 0);
        TestEntry largest = new TestEntry(Long.MAX_VALUE, 65_535, Long.MIN_VALUE, "x", 4, null,
                new TestOrigin(1, "y", -1, -1, -1), new byte[0]);
        int lengthOfThePayload = 1;
        assertThat(bytesOf(largest)).isEqualTo(EventFrames.MAX_HEAD_BYTES - 5 + lengthOfThePayload + 2);
        assertThat(EventFrames.MAX_HEAD_BYTES).isLessThan(PROMISED_HEAD_BYTES);
        assertThat(readBack()).last().isEqualTo(largest);
    }

    @Test
    void shouldGiveTheSameTextObjectAsLongAsTheTextStays() {
        String[] subscriptions = new String[2];
        String[] types = new String[2];
        for (int i = 0; i < 2; i++) {
            frames.add(new TestEntry(2 + i, 0, 0, "käse", 4, null, CAUSED, new byte[0]), 0);
            view.open(seal().view(), SealedBatch.FILE);
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
    void shouldRefuseFlagsThatContradictEachOtherOrTheirPlace() {
        frames.add(bare(2), 0);
        frames.add(bare(3), 0);
        SealedBatch sealed = seal();
        int[] first = {0, EventFrames.GAP | EventFrames.TIME};
        int[] second = {EventFrames.ID | EventFrames.KEY, EventFrames.TYPE_TEXT, EventFrames.CAUSE_TEXT};
        for (int flags : second) {
            sealed.put(11, (byte) flags);
            assertContradiction(sealed, flags, 2);
        }
        for (int flags : first) {
            sealed.put(0, (byte) flags);
            assertContradiction(sealed, flags, 2);
        }
    }

    @Test
    void shouldRefuseNumbersThatAreTooLong() {
        frames.add(new TestEntry(2, 0, 0, null, 0, null, new byte[40]), 0);
        SealedBatch sealed = seal();
        for (int bytes = 1; bytes <= 11; bytes++) {
            sealed.put(bytes, (byte) 0x80);
            sealed.put(bytes + 1, (byte) 0x7F);
            String reason = bytes >= 9 ? "has more than 64 bits" : bytes == 1 ? "" : "what=type id";
            assertThatThrownBy(() -> sealed.read(view)).isInstanceOf(JournalDamagedException.class)
                    .hasMessageContaining(reason).hasMessageEndingWith("sequence=2");
        }
    }

    @Test
    void shouldRefuseACauseThatNamesNoSubscriptionAnywhere() {
        frames.add(bare(2), 0);
        frames.add(new TestEntry(3, 0, 1, null, 0, null, new byte[2]), 0);
        SealedBatch sealed = seal();
        int second = 11;
        sealed.put(second, (byte) EventFrames.CAUSE);
        sealed.put(second + 2, (byte) 0);
        sealed.put(second + 3, (byte) 1);
        assertThatThrownBy(() -> sealed.read(view)).isInstanceOf(JournalDamagedException.class)
                .hasMessageContaining("names the cause's subscription").hasMessageEndingWith("sequence=3");
    }

    private void assertContradiction(SealedBatch sealed, int flags, long sequence) {
        assertThatThrownBy(() -> sealed.read(view)).isInstanceOf(JournalDamagedException.class)
                .hasMessageContaining("flags=0x" + Integer.toHexString(flags) + ", file=" + SealedBatch.FILE)
                .hasMessageEndingWith("position=4711, ordinal=1, sequence=" + sequence);
    }

    private List<TestEntry> readBack() {
        List<TestEntry> events = seal().read(view);
        batch.reset();
        return events;
    }

    private SealedBatch seal() {
        return SealedBatch.of(batch, BatchHeader.VERSION, frames.firstSequence(), frames.lastSequence());
    }

    private int bytesOf(TestEntry entry) {
        int before = batch.end();
        frames.add(entry, entry.typeIndex());
        return batch.end() - before;
    }

    /** The same event, which has to be looked at closely. */
    private static EventEntry reluctant(TestEntry entry) {
        return (EventEntry) Proxy.newProxyInstance(EventEntry.class.getClassLoader(), new Class<?>[] {EventEntry.class},
                (proxy, method, args) -> method.getName().equals("isPlain") ? false : method.invoke(entry, args));
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
}
