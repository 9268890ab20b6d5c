package io.ringbus.engine.ring;

import static org.assertj.core.api.Assertions.assertThat;

import com.lmax.disruptor.Sequence;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventRingTest {

    private static final int SIZE = 8;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNeverSayThatMoreIsOccupiedThanThereIs(boolean manyProducers) {
        EventRing ring = ring(manyProducers);
        BusyLink last = new BusyLink(ring);
        ring.gate(last, () -> "none");
        inject(ring, SIZE);
        last.busy = true;
        assertThat(ring.occupied()).isEqualTo(SIZE);
        assertThat(last.passed()).as("slots passed and used again while the question was answered").isPositive();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSayHowManySlotsTheLastLinkHasNotPassed(boolean manyProducers) {
        EventRing ring = ring(manyProducers);
        Sequence last = new Sequence();
        ring.gate(last, () -> "none");
        assertThat(ring.occupied()).isZero();
        inject(ring, 3);
        assertThat(ring.occupied()).isEqualTo(3);
        last.set(1);
        assertThat(ring.occupied()).isEqualTo(1);
    }

    private static EventRing ring(boolean manyProducers) {
        return new EventRing(new EventRing.Shape(SIZE, manyProducers, EventRing.Waiting.YIELDING), List.of(), 0,
                Duration.ofSeconds(1), new Lifecycle());
    }

    private static void inject(EventRing ring, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(ring.claims().tryInject(slot -> slot.becomeBarrier(() -> { }))).isTrue();
        }
    }

    /** A last link that passes a slot as soon as somebody has read where it stands, and the slot is used again. */
    private static final class BusyLink extends Sequence {

        private final EventRing ring;
        private boolean busy;

        BusyLink(EventRing ring) {
            this.ring = ring;
        }

        long passed() {
            busy = false;
            return get() + 1;
        }

        @Override
        public long get() {
            long place = super.get();
            if (busy) {
                busy = false;
                set(place + 1);
                inject(ring, 1);
            }
            return place;
        }
    }
}
