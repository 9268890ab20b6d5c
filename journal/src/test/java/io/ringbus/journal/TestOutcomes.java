package io.ringbus.journal;

import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.spi.Outcome.ErrorText;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Outcomes of every kind. */
public final class TestOutcomes {

    /** No outcome made here names a higher one. */
    static final long HIGHEST_SEQUENCE = 1 << 20;

    private static final String[] TEXTS = {"drop-copy", "margin", "prüfung", "gone — weg", "\uD83D\uDE00", ""};

    private TestOutcomes() {
    }

    /** One of each kind, with random components; the state's marks stand around the others as in a log. */
    public static List<Outcome> ofEveryKind(SplittableRandom random) {
        return List.of(new Outcome.RestatementBegun(random.nextLong(), random.nextLong()),
                new Outcome.Subscribed(text(random), sequence(random)),
                new Outcome.RestatementEnded(random.nextLong()),
                new Outcome.Handled(text(random), sequence(random), random.nextInt(), random.nextLong(),
                        random.nextLong()),
                new Outcome.Failed(text(random), sequence(random), random.nextInt(), random.nextLong(),
                        random.nextLong(), random.nextLong(), error(random)),
                new Outcome.Waiting(text(random), sequence(random), random.nextLong()),
                new Outcome.Recovered(text(random), sequence(random), random.nextInt(), random.nextLong()),
                new Outcome.Dead(text(random), sequence(random), random.nextInt(), random.nextLong(),
                        random.nextLong(), error(random)),
                new Outcome.DrivenAgain(text(random), sequence(random), random.nextLong(), random.nextLong()),
                new Outcome.Discarded(text(random), sequence(random), random.nextLong(), text(random)),
                new Outcome.DeadLettersCleared(random.nextLong()),
                new Outcome.Unsubscribed(text(random), sequence(random)),
                new Outcome.Checkpoint(sequence(random), random.nextLong()));
    }

    /** Handled deliveries of one subscription. */
    static List<Outcome> handled(String subscription, int from, int to) {
        return IntStream.rangeClosed(from, to)
                .<Outcome>mapToObj(n -> new Outcome.Handled(subscription, n, 1, 10L * n, n)).toList();
    }

    private static long sequence(SplittableRandom random) {
        return random.nextLong(HIGHEST_SEQUENCE + 1);
    }

    private static String text(SplittableRandom random) {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    private static ErrorText error(SplittableRandom random) {
        return new ErrorText("java.io.IOException", text(random).repeat(random.nextInt(40)));
    }
}
