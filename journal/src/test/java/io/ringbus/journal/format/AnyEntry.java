package io.ringbus.journal.format;

import io.ringbus.journal.TestEntry;
import io.ringbus.journal.TestOrigin;
import java.util.SplittableRandom;

/** Random events, one after the other, with everything that an event can have, and now and then the extremes of it. */
final class AnyEntry {

    static final int MAX_BYTES = 20_000;

    private static final String[] AGGREGATES = {null, "order", "account", "käse-\uD83D\uDE00"};
    private static final int[] NUMBERS = {0, 1, 127, 128, 255, 256, 16_383, 16_384};
    private static final long[] TIMES = {0, 1, -1, 63, 64, -64, -65, Long.MAX_VALUE, Long.MIN_VALUE};

    private final SplittableRandom random;

    private long sequence;
    private long timestamp;

    AnyEntry(SplittableRandom random) {
        this.random = random;
    }

    /** The next event, with a gap that is at most this large. */
    TestEntry next(long mostPassedOver) {
        sequence += switch (random.nextInt(4)) {
            case 0 -> 1 + Math.min(mostPassedOver, random.nextLong(300));
            case 1 -> 1 + random.nextLong(mostPassedOver + 1);
            default -> 1;
        };
        timestamp = switch (random.nextInt(6)) {
            case 0 -> timestamp + TIMES[random.nextInt(TIMES.length)];
            case 1 -> TIMES[random.nextInt(TIMES.length)];
            case 2 -> random.nextLong();
            default -> timestamp;
        };
        String type = AGGREGATES[random.nextInt(AGGREGATES.length)];
        String key = type == null || random.nextBoolean() ? null : "\u20AC".repeat(random.nextInt(60));
        long id = type == null || key != null ? 0 : random.nextLong() >> random.nextInt(Long.SIZE);
        byte[] bytes = new byte[random.nextInt(4) == 0 ? number() : random.nextInt(100)];
        random.nextBytes(bytes);
        int typeId = random.nextInt(8) == 0 ? random.nextInt(1 << Short.SIZE) : number();
        return new TestEntry(sequence, typeId, timestamp, type, id, key, TestOrigin.random(random, sequence), bytes);
    }

    private int number() {
        return random.nextInt(10) == 0 ? NUMBERS[random.nextInt(NUMBERS.length)] : random.nextInt(100);
    }
}
