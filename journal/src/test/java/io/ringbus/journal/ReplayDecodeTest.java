package io.ringbus.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.journal.replay.Replay;
import io.ringbus.journal.replay.ReplayReport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replay that decodes. */
class ReplayDecodeTest {

    private static final EventType<Price> FIRST = price("price", 1);
    private static final EventType<Price> SECOND = price("price", 2);
    private static final EventType<Price> VOLUME = price("volume", 1);

    @TempDir
    private Path directory;

    @Test
    void shouldGiveAllEventsOfAPreallocatedTypeInOneObject() {
        append(List.of(FIRST, EventType.named("note", Note.class)), 1, 100, 1);
        Set<Object> objects = Collections.newSetFromMap(new IdentityHashMap<>());
        List<String> values = new ArrayList<>();

        ReplayReport report = Replay.of(directory).decode(List.of(FIRST), (stored, event) -> {
            objects.add(event);
            values.add(stored.sequence() + " " + ((Price) event).value);
        });

        assertThat(report.events()).isEqualTo(100);
        assertThat(objects).hasSize(1);
        assertThat(values).hasSize(100).startsWith("1 7", "2 14").endsWith("100 700");
    }

    /** Types that alternate, a name whose version has changed, and types that nobody asked for. */
    @Test
    void shouldTellEachEventsTypeAndVersionWhateverCameBeforeIt() {
        append(List.of(FIRST, VOLUME), 1, 50, 2);
        append(List.of(VOLUME, price("other", 1), SECOND), 51, 110, 3);
        List<String> values = new ArrayList<>();

        Replay.of(directory).decode(List.of(VOLUME, SECOND), (stored, event) -> values.add(stored.sequence() + " "
                + stored.typeName() + " " + stored.typeIndex() + " " + stored.typeVersion() + " "
                + ((Price) event).value + " " + ((Price) event).version));

        List<String> expected = new ArrayList<>();
        for (long sequence = 1; sequence <= 50; sequence++) {
            expected.add(sequence + (sequence % 2 == 0 ? " price 1 1 " : " volume 0 1 ") + 7 * sequence + " 1");
        }
        for (long sequence = 51; sequence <= 110; sequence++) {
            if (sequence % 3 == 0) {
                expected.add(sequence + " volume 0 1 " + 7 * sequence + " 1");
            } else if (sequence % 3 == 2) {
                expected.add(sequence + " price 1 2 " + 7 * sequence + " 2");
            }
        }
        assertThat(values).isEqualTo(expected);
    }

    @Test
    void shouldGiveACodecABufferThatHoldsTheEventAndNothingElse() {
        append(List.of(FIRST), 1, 10, 1);
        EventType<Price> strict = EventType.named("price", Price.class).codec(new PriceCodec() {
            @Override
            public Price decode(ByteBuffer source, int version, Price reuse) {
                assertThat(source.position()).isZero();
                assertThat(source.capacity()).isEqualTo(Long.BYTES);
                assertThat(source.remaining()).isEqualTo(Long.BYTES);
                assertThat(source.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
                return super.decode(source, version, reuse);
            }
        }).preallocated(Price::new, Price::copyTo);

        assertThat(Replay.of(directory).decode(List.of(strict), (stored, event) -> { }).events()).isEqualTo(10);
    }

    private void append(List<EventType<?>> types, long first, long last, int cycle) {
        try (JournalSession session = ChronicleJournal.in(directory).open(types, EngineClock.system())) {
            for (long sequence = first; sequence <= last; sequence++) {
                byte[] bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(7 * sequence)
                        .array();
                session.events().add(TestEntry.of(sequence, bytes).withTypeIndex((int) (sequence % cycle)));
                if (sequence % 9 == 0) {
                    session.events().commit(EngineClock.system().epochNanos());
                }
            }
            session.events().commit(EngineClock.system().epochNanos());
        }
    }

    private static EventType<Price> price(String name, int version) {
        return EventType.named(name, Price.class).version(version).codec(new PriceCodec())
                .preallocated(Price::new, Price::copyTo);
    }

    record Note(String text) {
    }

    private static final class Price {

        private long value;
        private int version;

        void copyTo(Price other) {
            other.value = value;
            other.version = version;
        }
    }

    private static class PriceCodec implements EventCodec<Price> {

        @Override
        public void encode(Price event, ByteBuffer target) {
            target.putLong(event.value);
        }

        @Override
        public Price decode(ByteBuffer source, int version, Price reuse) {
            reuse.value = source.getLong();
            reuse.version = version;
            return reuse;
        }
    }
}
