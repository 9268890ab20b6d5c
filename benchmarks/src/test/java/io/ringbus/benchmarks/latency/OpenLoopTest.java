package io.ringbus.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.benchmarks.latency.OpenLoop.Pace;
import io.ringbus.benchmarks.peers.Pipeline;
import io.ringbus.engine.WaitMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** On a clock of its own: each reading takes a microsecond. */
class OpenLoopTest {

    private static final long MICRO = 1_000;
    private static final long SECOND = 1_000_000_000;
    /** One event each millisecond, from 5 ms on. */
    private static final Schedule SCHEDULE = new Schedule(11, 10, 5_000 * MICRO, 1_000);

    private final List<Long> publishedAt = new ArrayList<>();
    private long now;

    @Test
    void shouldPublishEachEventWhenItIsDue() {
        Pace pace = publish(number -> { });

        assertThat(publishedAt).containsExactly(5_000 * MICRO, 6_000 * MICRO, 7_000 * MICRO, 8_000 * MICRO,
                9_000 * MICRO, 10_000 * MICRO, 11_000 * MICRO, 12_000 * MICRO, 13_000 * MICRO, 14_000 * MICRO);
        assertThat(pace).isEqualTo(new Pace(20, MICRO, MICRO));
    }

    @Test
    void shouldNotPushBackWhatComesAfterALateEvent() {
        Pace pace = publish(number -> now += number == 12 ? 3_500 * MICRO : 0);

        assertThat(publishedAt.get(2)).isEqualTo(9_501 * MICRO);
        assertThat(publishedAt.get(5)).isEqualTo(10_000 * MICRO);
        assertThat(pace).isEqualTo(new Pace(20, 2_501 * MICRO, MICRO));
    }

    @Test
    void shouldCountTheTimeThatTheLastPublicationTook() {
        Pace pace = publish(number -> now += number == 20 ? 8_000 * MICRO : 0);

        assertThat(pace).isEqualTo(new Pace(20, 8_001 * MICRO, 8_001 * MICRO));
    }

    @Test
    void shouldGiveUpWhenItIsHopelesslyLate() {
        Pace pace = publish(number -> now += number == 15 ? 3 * SECOND : 0);

        assertThat(pace.last()).isEqualTo(16);
        assertThat(pace.worstBehind()).isGreaterThan(2 * SECOND);
    }

    private Pace publish(LongConsumer work) {
        Pipeline pipeline = new Pipeline() {
            @Override
            public void publish(long number) {
                publishedAt.add(now);
                work.accept(number);
            }

            @Override
            public long closeAndCountJournaled() {
                return publishedAt.size();
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
        return new OpenLoop(pipeline, WaitMode.YIELDING, () -> now += MICRO).publish(SCHEDULE);
    }
}
