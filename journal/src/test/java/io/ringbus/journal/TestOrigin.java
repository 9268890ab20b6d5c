package io.ringbus.journal;

import io.ringbus.engine.spi.EventEntry;
import java.util.SplittableRandom;

/** What an event was published for, and under which id. */
public record TestOrigin(long causeSequence, String causeSubscription, int causeOrdinal, long messageIdHigh,
        long messageIdLow) {

    public static final TestOrigin NONE = new TestOrigin(0, null, 0, 0, 0);

    private static final String[] SUBSCRIPTIONS = {"margin", "drop-copy", "käse-\uD83D\uDE00", ""};

    static TestOrigin of(EventEntry entry) {
        return new TestOrigin(entry.causeSequence(), entry.causeSubscription(), entry.causeOrdinal(),
                entry.messageIdHigh(), entry.messageIdLow());
    }

    /** Any origin that an event with this sequence can have. */
    public static TestOrigin random(SplittableRandom random, long sequence) {
        boolean caused = sequence > 1 && random.nextBoolean();
        long high = random.nextInt(3) == 0 ? random.nextLong() : 0;
        long low = random.nextInt(3) == 0 ? random.nextLong() : 0;
        return new TestOrigin(caused ? random.nextLong(1, sequence) : 0,
                caused ? SUBSCRIPTIONS[random.nextInt(SUBSCRIPTIONS.length)] : null,
                caused ? random.nextInt() : 0, high, low);
    }
}
