package io.ringbus.journal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.error.JournalFormatException;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.journal.TestOutcomes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outcomes there and back, batch by batch. */
class OutcomeFramesTest {

    private final BatchBuilder batch = new BatchBuilder(64, 1 << 16);
    private final OutcomeFrames frames = new OutcomeFrames(batch, 0);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldGiveBackOutcomesOfEveryKindInAnyOrder(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            List<Outcome> outcomes = new ArrayList<>(TestOutcomes.ofEveryKind(random));
            assertThat(outcomes).extracting(outcome -> (Object) outcome.getClass()).as("one of each kind")
                    .containsExactlyInAnyOrder(kindsOf(Outcome.class).toArray());
            Collections.shuffle(outcomes, new Random(random.nextLong()));
            assertThat(outcomes).allMatch(frames::add);
            assertThat(readBack()).isEqualTo(outcomes);
        }
    }

    @Test
    void shouldNameTheHighestSequenceOfAnyKind() {
        long sequence = 0;
        for (Outcome outcome : List.of(new Outcome.Failed("s", 1, 1, 9, 9, 9, new Outcome.ErrorText("x", "")),
                new Outcome.Recovered("s", 2, 1, 9), new Outcome.Dead("s", 3, 1, 9, 9, new Outcome.ErrorText("x", "")),
                new Outcome.Waiting("s", 4, 9), new Outcome.Handled("s", 5, 1, 9, 9),
                new Outcome.DrivenAgain("s", 6, 9, 9), new Outcome.Discarded("s", 7, 9, ""),
                new Outcome.Subscribed("s", 8), new Outcome.Unsubscribed("s", 9), new Outcome.Checkpoint(10, 99))) {
            assertThat(frames.add(outcome)).isTrue();
            assertThat(frames.highestSequence()).as(outcome.toString()).isEqualTo(++sequence);
        }
        assertThat(frames.add(new Outcome.Handled("s", 3, 1, 9, 9))).isTrue();
        assertThat(frames.highestSequence()).isEqualTo(sequence);
        assertThat(frames.flags()).isZero();
    }

    @Test
    void shouldWriteNothingForWhatItCannotWrite() {
        Outcome first = new Outcome.Handled("margin", 5, 1, 9, 9);
        assertThat(frames.add(first)).isTrue();
        assertThatThrownBy(() -> frames.add(null)).isInstanceOf(JournalException.class)
                .hasMessageEndingWith("outcome=null");
        assertThatThrownBy(() -> frames.add(new Outcome.Waiting("\u20AC".repeat(21_846), 6, 9)))
                .isInstanceOf(JournalException.class).hasMessageEndingWith("length=21846");
        assertThatThrownBy(() -> frames.add(new Outcome.Waiting("x".repeat(65_536), 6, 9)))
                .isInstanceOf(JournalException.class).hasMessageEndingWith("length=65536");
        assertThat(frames.highestSequence()).isEqualTo(5);
        assertThat(readBack()).containsExactly(first);
    }

    @Test
    void shouldTakeATextAsLongAsItsLengthCanSay() {
        BatchBuilder large = new BatchBuilder(64, 1 << 20);
        Outcome longest = new Outcome.Waiting("x".repeat(65_535), 6, 9);
        assertThat(new OutcomeFrames(large, 0).add(longest)).isTrue();
        assertThat(read(large)).containsExactly(longest);
    }

    @Test
    void shouldLeaveAFullBatchAsItWas() {
        List<Outcome> expected = new ArrayList<>();
        Outcome next = new Outcome.Handled("margin", 1, 1, 9, 9);
        while (frames.add(next)) {
            expected.add(next);
            next = new Outcome.Handled("margin", expected.size() + 1, 1, 9, 9);
        }
        assertThat(expected).hasSizeGreaterThan(1_000);
        assertThat(frames.add(next)).isFalse();
        assertThat(frames.highestSequence()).isEqualTo(expected.size());
        assertThat(readBack()).isEqualTo(expected);
    }

    @Test
    void shouldRefuseAKindThatItDoesNotKnow() {
        assertThat(frames.add(new Outcome.DeadLettersCleared(1))).isTrue();
        batch.buffer().put(BatchHeader.BYTES, (byte) 99);
        assertThatThrownBy(this::readBack).isInstanceOf(JournalFormatException.class).hasMessageEndingWith("kind=99");
    }

    private List<Outcome> readBack() {
        List<Outcome> outcomes = read(batch);
        batch.reset();
        return outcomes;
    }

    private static List<Outcome> read(BatchBuilder batch) {
        int length = batch.seal(BatchHeader.OUTCOMES, 0, 1, 1, new Chain(1));
        BatchView view = new BatchView();
        assertThat(view.wrap(batch.buffer(), 0, length, 0)).isNull();
        List<Outcome> outcomes = new ArrayList<>();
        OutcomeFrames.read(view, outcomes::add);
        return outcomes;
    }

    private static Stream<Class<?>> kindsOf(Class<?> type) {
        return type.isSealed() ? Stream.of(type.getPermittedSubclasses()).flatMap(OutcomeFramesTest::kindsOf)
                : Stream.of(type);
    }
}
