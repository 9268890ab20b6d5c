package io.ringbus.examples.tradingcore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PacerTest {

    /** Far from zero, as the system's is. */
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1_500);
    private final AtomicLong pauses = new AtomicLong();

    private final Pacer pacer = new Pacer(1_000, clock::get, nanos -> {
        pauses.incrementAndGet();
        // Wakes up early as well as late: an odd third of what was asked, and then some.
        clock.addAndGet(nanos / 3 + 10);
    });

    @Test
    void shouldLetTheFirstEventThroughAtOnce() {
        pacer.awaitTurn();

        assertThat(pauses).hasValue(0);
    }

    @Test
    void shouldLetNoEventThroughBeforeItIsDue() {
        long startedAt = clock.get();
        for (int event = 0; event < 100; event++) {
            pacer.awaitTurn();
            assertThat(clock.get() - startedAt).isGreaterThanOrEqualTo(event * 1_000L);
        }
    }

    @Test
    void shouldNotPushBackTheEventsAfterOneThatCameLate() {
        pacer.awaitTurn();
        clock.addAndGet(5_500);
        for (int event = 1; event <= 5; event++) {
            pacer.awaitTurn();
        }
        assertThat(pauses).hasValue(0);

        pacer.awaitTurn();
        assertThat(pauses.get()).isPositive();
    }

    @Test
    void shouldNeverWaitWhenUnlimited() {
        Pacer unlimited = new Pacer(0, clock::get, nanos -> pauses.incrementAndGet());
        for (int event = 0; event < 100; event++) {
            unlimited.awaitTurn();
        }

        assertThat(pauses).hasValue(0);
    }
}
