package io.ringbus.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadEventTest {

    @ParameterizedTest
    @ValueSource(ints = {8, 64, 1024})
    void shouldKnowTheSumOfAllEventsWithoutLookingAtThem(int payloadBytes) {
        PayloadEvent event = new PayloadEvent(payloadBytes);
        long sum = 0;
        for (long number = 1; number <= 1_001; number++) {
            event.fill(number);
            sum += event.sum();
            assertThat(PayloadEvent.sumThrough(number, payloadBytes)).isEqualTo(sum);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 8, 63})
    void shouldChangeItsSumWithAnyByte(int at) {
        PayloadEvent event = new PayloadEvent(64);
        event.fill(42);
        long sum = event.sum();

        event.payload()[at] ^= 1;

        assertThat(event.sum()).isNotEqualTo(sum);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 1_000_003, Long.MAX_VALUE})
    void shouldTellItsNumber(long number) {
        PayloadEvent event = new PayloadEvent(64);
        event.fill(number);

        assertThat(event.number()).isEqualTo(number);
    }

    @Test
    void shouldCopyAllBytes() {
        PayloadEvent event = new PayloadEvent(64);
        event.fill(42);
        PayloadEvent copy = new PayloadEvent(64);

        event.copyTo(copy);

        assertThat(copy.payload()).isEqualTo(event.payload()).isNotSameAs(event.payload());
        assertThat(copy.hasNumber(42)).isTrue();
        assertThat(copy.hasNumber(43)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {-8, 0, 4, 65})
    void shouldRefuseAPayloadThatIsNoNumberOfWords(int payloadBytes) {
        assertThatThrownBy(() -> new PayloadEvent(payloadBytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("payload=" + payloadBytes);
    }
}
