package io.ringbus.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.spi.Outcome.Checkpoint;
import io.ringbus.engine.spi.Outcome.Dead;
import io.ringbus.engine.spi.Outcome.DeadLettersCleared;
import io.ringbus.engine.spi.Outcome.Discarded;
import io.ringbus.engine.spi.Outcome.DrivenAgain;
import io.ringbus.engine.spi.Outcome.ErrorText;
import io.ringbus.engine.spi.Outcome.Failed;
import io.ringbus.engine.spi.Outcome.Handled;
import io.ringbus.engine.spi.Outcome.Recovered;
import io.ringbus.engine.spi.Outcome.RestatementBegun;
import io.ringbus.engine.spi.Outcome.RestatementEnded;
import io.ringbus.engine.spi.Outcome.Subscribed;
import io.ringbus.engine.spi.Outcome.Unsubscribed;
import io.ringbus.engine.stage.DeliveryLedger.Position;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The fold of the outcome log, and that any prefix of it that a crash leaves means the right thing. */
class DeliveryLedgerTest {

    private static final ErrorText ERROR = new ErrorText("X", "y");

    private final DeadLetters deadLetters = new DeadLetters(10);
    private final DeliveryLedger ledger = new DeliveryLedger(deadLetters);

    private void read(Outcome... outcomes) {
        for (Outcome outcome : outcomes) {
            ledger.apply(outcome);
        }
        ledger.endOfLog();
    }

    private static Failed failed(long sequence, int attempt) {
        return new Failed("s", sequence, attempt, 1, 2, 3, ERROR);
    }

    private static Dead dead(long sequence) {
        return new Dead("s", sequence, 3, 1, 2, ERROR);
    }

    @Test
    void shouldKnowTheLastFailureOfEachPendingDelivery() {
        read(new Subscribed("s", 0), failed(5, 1), failed(2, 1), failed(5, 2));

        assertThat(ledger.pendingOf("s")).containsExactly(failed(2, 1), failed(5, 2));
        assertThat(ledger.pendingCount()).isEqualTo(2);
        assertThat(ledger.notReplayed("s")).containsExactlyInAnyOrder(2L, 5L);
    }

    @Test
    void shouldRememberWhatIsSettledBeyondThePosition() {
        read(new Subscribed("s", 0), failed(2, 1), failed(3, 1), new Recovered("s", 2, 2, 9), dead(3));

        assertThat(ledger.pendingOf("s")).isEmpty();
        assertThat(ledger.notReplayed("s")).containsExactlyInAnyOrder(2L, 3L);
        assertThat(ledger.hasDealtWith("s", 3)).isTrue();
        assertThat(ledger.hasDealtWith("s", 1)).isFalse();
        assertThat(deadLetters.count()).isOne();
        ledger.apply(new Checkpoint(3, 9));
        assertThat(ledger.notReplayed("s")).isEmpty();
        assertThat(ledger.hasDealtWith("s", 1)).isTrue();
    }

    @Test
    void shouldMoveOnlyThosePresentAtACheckpoint() {
        read(new Subscribed("s", 0), new Subscribed("away", 0), new Checkpoint(5, 1), new Unsubscribed("away", 5),
                new Checkpoint(9, 1), new Subscribed("late", 20), new Checkpoint(15, 1));

        assertThat(ledger.positions()).containsOnly(java.util.Map.entry("s", new Position(15, true)),
                java.util.Map.entry("away", new Position(5, false)), java.util.Map.entry("late", new Position(20, true)));
    }

    @Test
    void shouldKnowWhetherACheckpointWouldMoveAnybody() {
        read(new Subscribed("s", 3), new Subscribed("t", 9), new Unsubscribed("gone", 1));
        assertThat(ledger.isBehind(3)).isFalse();
        assertThat(ledger.isBehind(4)).isTrue();

        ledger.apply(new Checkpoint(9, 9));

        assertThat(ledger.isBehind(9)).isFalse();
        assertThat(ledger.isBehind(10)).isTrue();
    }

    @Test
    void shouldReplaceAllWithACompleteRestatement() {
        read(new Subscribed("old", 1), failed(1, 1), dead(7), new RestatementBegun(1, 4), new Subscribed("s", 3),
                failed(2, 2), dead(8), new RestatementEnded(1), failed(9, 1));

        assertThat(ledger.positions()).containsOnlyKeys("s");
        assertThat(ledger.pendingOf("s")).containsExactly(failed(2, 2), failed(9, 1));
        assertThat(deadLetters.count()).isEqualTo(5);
        assertThat(deadLetters.sequences()).containsExactly(8L);
    }

    @Test
    void shouldPassOverARestatementThatACrashCutOff() {
        read(new Subscribed("s", 3), failed(5, 1), dead(4), new RestatementBegun(1, 0), new Subscribed("s", 3),
                failed(5, 1));

        assertThat(ledger.positions()).containsOnly(java.util.Map.entry("s", new Position(3, true)));
        assertThat(ledger.pendingOf("s")).containsExactly(failed(5, 1));
        assertThat(deadLetters.count()).isOne();
    }

    /** The next run appends behind the half restatement, and may itself crash before it restates all. */
    @Test
    void shouldKnowWhatFollowsARestatementThatACrashCutOff() {
        read(new Subscribed("s", 3), failed(5, 1), new RestatementBegun(1, 0), new Subscribed("s", 3));
        List<Outcome> log = new ArrayList<>(List.of(new Subscribed("s", 3), failed(5, 1), new RestatementBegun(1, 0),
                new Subscribed("s", 3)));
        ledger.closeGap(7, log::add);
        log.addAll(List.of(failed(6, 1), dead(5)));

        DeadLetters newLetters = new DeadLetters(10);
        DeliveryLedger next = new DeliveryLedger(newLetters);
        log.forEach(next::apply);
        next.endOfLog();

        assertThat(next.pendingOf("s")).containsExactly(failed(6, 1));
        assertThat(newLetters.sequences()).containsExactly(5L);
        assertThat(next.positions()).isEqualTo(ledger.positions());
    }

    @Test
    void shouldWriteNothingBehindALogThatIsWhole() {
        List<Outcome> written = new ArrayList<>();
        read(new Subscribed("s", 3), new RestatementBegun(1, 0), new Subscribed("s", 3), new RestatementEnded(1));
        ledger.closeGap(7, written::add);

        assertThat(written).isEmpty();
    }

    @Test
    void shouldComeBackAsItWasFromItsOwnRestatement() {
        read(new Subscribed("s", 3), new Unsubscribed("away", 2), failed(5, 1), dead(4), new Checkpoint(6, 1), dead(6));
        List<Outcome> log = new ArrayList<>(List.of(new Subscribed("superseded", 1)));
        ledger.restate(9, log::add);

        DeadLetters newLetters = new DeadLetters(1);
        DeliveryLedger next = new DeliveryLedger(newLetters);
        log.forEach(next::apply);

        assertThat(next.positions()).isEqualTo(ledger.positions());
        assertThat(next.pendingOf("s")).isEqualTo(ledger.pendingOf("s"));
        assertThat(newLetters.count()).isEqualTo(2);
        assertThat(newLetters.sequences()).containsExactly(6L);
    }

    /** Beyond the position a crash would bring back whatever the restatement does not say. */
    @Test
    void shouldRestateWhatIsSettledBeyondThePosition() {
        read(new Subscribed("s", 3), new Handled("s", 4, 1, 8, 9), failed(5, 1), new Recovered("s", 5, 2, 9), dead(6),
                dead(7), new Discarded("s", 7, 9, "mended by hand"), dead(8), new DrivenAgain("s", 8, 9, 9), dead(3));
        List<Outcome> log = new ArrayList<>();
        ledger.restate(9, log::add);

        DeadLetters newLetters = new DeadLetters(10);
        DeliveryLedger next = new DeliveryLedger(newLetters);
        log.forEach(next::apply);

        assertThat(next.notReplayed("s")).containsExactlyInAnyOrder(4L, 5L, 6L, 7L, 8L)
                .isEqualTo(ledger.notReplayed("s"));
        assertThat(next.pendingOf("s")).containsExactly(new DrivenAgain("s", 8, 9, 9));
        assertThat(newLetters.sequences()).containsExactlyInAnyOrder(3L, 6L);
        List<Outcome> logOfNext = new ArrayList<>();
        next.restate(9, logOfNext::add);
        assertThat(logOfNext).containsExactlyInAnyOrderElementsOf(log);
    }

    @Test
    void shouldForgetDeadLettersThatWereCleared() {
        read(new Subscribed("s", 0), dead(1), dead(2), new DeadLettersCleared(1), dead(3));

        assertThat(deadLetters.count()).isOne();
    }
}
