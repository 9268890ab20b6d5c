package io.ringbus.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.event.EventType;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.spi.Outcome.Dead;
import io.ringbus.engine.spi.Outcome.DeadLettersCleared;
import io.ringbus.engine.spi.Outcome.Discarded;
import io.ringbus.engine.spi.Outcome.DrivenAgain;
import io.ringbus.engine.spi.Outcome.ErrorText;
import io.ringbus.engine.spi.Outcome.Recovered;
import io.ringbus.engine.spi.Outcome.RestatementBegun;
import io.ringbus.engine.spi.Outcome.RestatementEnded;
import io.ringbus.engine.spi.Outcome.Subscribed;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.ManualClock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an operator's acts do to the fold of the outcome log, whatever is in memory. */
class DeadLetterActsTest {

    private static final ErrorText ERROR = new ErrorText("X", "y");

    private final DeadLetters letters = new DeadLetters(2);
    private final DeliveryLedger ledger = new DeliveryLedger(letters);
    private final DeadLetterHistory history = new DeadLetterHistory();
    private final ManualClock clock = new ManualClock();
    private final ListJournal journal = new ListJournal();
    private final JournalSession session = journal.open(List.<EventType<?>>of(), clock);
    private final OutcomeRecorder recorder = new OutcomeRecorder(session.outcomes(), ledger, clock);

    private static Dead dead(long sequence) {
        return new Dead("s", sequence, 3, 1, 2, ERROR);
    }

    private static DrivenAgain driven(long sequence) {
        return new DrivenAgain("s", sequence, 5, 6);
    }

    private static Discarded discarded(long sequence) {
        return new Discarded("s", sequence, 5, "known");
    }

    private void read(Outcome... outcomes) {
        for (Outcome outcome : outcomes) {
            ledger.apply(outcome);
            history.apply(outcome);
        }
        ledger.endOfLog();
    }

    private List<Long> pending() {
        return ledger.pendingOf("s").stream().map(Outcome.Pending::sequence).toList();
    }

    private List<Long> known() {
        return history.letters().stream().map(Dead::sequence).toList();
    }

    @Test
    void shouldDriveALetterAgainThatIsNoLongerInMemory() {
        read(new Subscribed("s", 9), dead(1), dead(2), dead(3), driven(1));

        assertThat(pending()).containsExactly(1L);
        assertThat(letters.count()).isEqualTo(2);
        assertThat(letters.sequences()).containsExactly(2L, 3L);
        assertThat(known()).containsExactly(2L, 3L);
    }

    @Test
    void shouldTakeNothingFromTheOthersWhenAnActIsRepeated() {
        read(new Subscribed("s", 9), dead(1), dead(2), dead(3), dead(4), driven(1), driven(1),
                new Recovered("s", 1, 1, 7), driven(1), discarded(1), discarded(2), discarded(2), driven(2), driven(4),
                discarded(4));

        assertThat(pending()).containsExactly(4L);
        assertThat(letters.count()).isOne();
        assertThat(known()).containsExactly(3L);
    }

    @Test
    void shouldActOnALetterAgainThatDiedAgain() {
        read(new Subscribed("s", 9), dead(1), dead(2), dead(3), driven(1), dead(1), dead(4), dead(5), driven(1));

        assertThat(pending()).containsExactly(1L);
        assertThat(letters.count()).isEqualTo(4);
        assertThat(known()).containsExactly(2L, 3L, 4L, 5L);
    }

    @Test
    void shouldReadTheSameFromARestatementAsFromTheBeginning() {
        read(new Subscribed("s", 9), dead(1), dead(2), dead(3), dead(4), new RestatementBegun(1, 2),
                new Subscribed("s", 9), dead(3), dead(4), new RestatementEnded(1), driven(1), discarded(3));

        assertThat(pending()).containsExactly(1L);
        assertThat(letters.count()).isEqualTo(2);
        assertThat(letters.sequences()).containsExactly(4L);
        assertThat(known()).containsExactly(2L, 4L);
    }

    @Test
    void shouldPassOverARestatementThatACrashCutOff() {
        read(dead(1), dead(2), new RestatementBegun(1, 0), dead(1), new RestatementBegun(2, 0), dead(2),
                new RestatementEnded(2), discarded(2));

        assertThat(known()).containsExactly(1L);
    }

    @Test
    void shouldForgetWhatWasClearedInMemoryAndOutOfIt() {
        read(dead(1), dead(2), dead(3), new DeadLettersCleared(1), driven(1), driven(3));

        assertThat(pending()).isEmpty();
        assertThat(letters.count()).isZero();
        assertThat(known()).isEmpty();
    }

    /** Between looking and acting somebody may clear all, and others may die. */
    @Test
    void shouldLeaveAloneWhatWasClearedSinceItWasFound() {
        Stream.of(1, 2, 3).forEach(sequence -> recorder.record(dead(sequence), null));
        DeadLetters.Stock stock = recorder.deadLetters();
        assertThat(stock.letters()).extracting(held -> held.outcome().sequence()).containsExactly(1L, 2L, 3L);
        recorder.clearDeadLetters();
        Stream.of(4, 5, 6).forEach(sequence -> recorder.record(dead(sequence), null));

        assertThat(recorder.act(List.of(driven(1), discarded(2), driven(3)), stock.clearings(), i -> true))
                .containsExactly(false, false, false);
        assertThat(recorder.act(List.of(driven(4), driven(4), discarded(6)), recorder.deadLetters().clearings(),
                i -> true))
                .containsExactly(true, false, true);

        assertThat(pending()).containsExactly(4L);
        assertThat(letters.count()).isOne();
        assertThat(journal.outcomes(DrivenAgain.class)).containsExactly(driven(4));
        assertThat(journal.outcomes(Discarded.class)).containsExactly(discarded(6));
    }
}
