package io.ringbus.journal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.engine.error.JournalDamagedException;
import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.error.JournalFormatException;
import io.ringbus.journal.TestEntry;
import io.ringbus.journal.TestOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * "A torn, flipped, missing or foreign piece of journal is a typed, located error": also where the checksum is right,
 * the frames of no version lead their reader beyond the batch, around in it, or to another error.
 */
class DamagedFramesTest {

    private static final int BATCHES = 25;

    private final FrameView view = new FrameView();

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 3", "3, 4", "3, 5"})
    void shouldGiveAnErrorOrOtherEventsForAFlippedByte(int version, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int refused = 0;
        for (int i = 0; i < BATCHES; i++) {
            List<TestEntry> events = events(version, random);
            SealedBatch batch = write(version, events);
            for (int at = 0; at < batch.payloadLength(); at++) {
                byte right = batch.get(at);
                byte[] wrong = {(byte) (right ^ 1 << random.nextInt(8)), (byte) (right ^ 0x80),
                    (byte) (right + random.nextInt(1, 256))};
                for (byte bits : wrong) {
                    batch.put(at, bits);
                    refused += isRefused(batch, events) ? 1 : 0;
                }
                batch.put(at, right);
            }
            assertThat(batch.read(view)).isEqualTo(events);
        }
        assertThat(refused).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldRefuseFramesThatAreCutOffAnywhere(int version) {
        SplittableRandom random = new SplittableRandom(version);
        for (int i = 0; i < BATCHES; i++) {
            SealedBatch batch = write(version, events(version, random));
            for (int bytes = batch.payloadLength() - 1; bytes >= 0; bytes--) {
                batch.payloadLength(bytes);
                assertThatThrownBy(() -> batch.read(view)).isInstanceOf(JournalDamagedException.class)
                        .hasMessageContaining("file=" + SealedBatch.FILE + ", position=4711, ordinal=1, sequence=");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldRefuseAnotherNumberOfFrames(int version) {
        SplittableRandom random = new SplittableRandom(version);
        for (int i = 0; i < BATCHES; i++) {
            SealedBatch batch = write(version, events(version, random));
            int right = batch.count();
            for (int wrong : new int[] {0, right - 1, right + 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                batch.count(wrong);
                assertThatThrownBy(() -> batch.read(view)).isInstanceOf(JournalDamagedException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldGiveAnErrorOrOtherEventsForAnyBytes(int version) {
        SplittableRandom random = new SplittableRandom(version);
        for (int i = 0; i < 40 * BATCHES; i++) {
            List<TestEntry> events = events(version, random);
            SealedBatch batch = write(version, events);
            int from = random.nextInt(Math.min(40, batch.payloadLength()));
            for (int at = from; at < batch.payloadLength(); at++) {
                batch.put(at, (byte) (random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(8)));
            }
            isRefused(batch, List.of());
        }
    }

    /** Whether the batch is refused with an error that names its place; otherwise it must be another one. */
    private boolean isRefused(SealedBatch batch, List<TestEntry> original) {
        List<TestEntry> read;
        try {
            read = batch.read(view);
        } catch (JournalDamagedException | JournalFormatException e) {
            assertThat(e).isInstanceOf(JournalException.class)
                    .hasMessageContaining("file=" + SealedBatch.FILE + ", position=4711, ordinal=1, sequence=");
            return true;
        }
        assertThat(read).isNotEqualTo(original);
        return false;
    }

    private static List<TestEntry> events(int version, SplittableRandom random) {
        AnyEntry entries = new AnyEntry(random);
        List<TestEntry> events = new ArrayList<>();
        for (int i = random.nextInt(1, 8); i > 0; i--) {
            TestEntry entry = entries.next(1 << 20);
            events.add(version == 1 ? entry.from(TestOrigin.NONE) : entry);
        }
        return events;
    }

    private static SealedBatch write(int version, List<TestEntry> events) {
        if (version <= FixedFrames.LAST_VERSION) {
            return FixedFramesTest.write(version, events);
        }
        BatchBuilder batch = new BatchBuilder(1 << 18, 1 << 18);
        EventFrames frames = new EventFrames(batch, AnyEntry.MAX_BYTES, 0);
        events.forEach(event -> frames.add(event, event.typeIndex()));
        return SealedBatch.of(batch, version, frames.firstSequence(), frames.lastSequence());
    }
}
