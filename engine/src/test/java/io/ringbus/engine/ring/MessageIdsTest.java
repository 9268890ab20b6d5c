package io.ringbus.engine.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * "An id is remembered while its event's sequence is greater than the newest remembered sequence minus the window",
 * against a map in the order of the sequences.
 */
class MessageIdsTest {

    private static final long SALT = 0x5EED;

    private record Id(long high, long low) {
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 9, 64, 1_000})
    void shouldRememberWhatAMapInOrderRemembers(int window) {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed * 1_000_003 + window);
            List<Id> ids = drawIds(random, window * 3 + 2);
            compare("seed " + seed, window, random, ids, 40 * window + 200);
        }
    }

    /** All of them want the same place in the table, the last one: searches and gaps go round its end. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 30})
    void shouldTellIdsApartThatWantTheSamePlaceInTheTable(int window) {
        MessageIds same = new MessageIds(window, SALT);
        int last = Integer.highestOneBit(window * 2 - 1) * 2 - 1;
        for (long seed = 1; seed <= 10; seed++) {
            Random random = new Random(seed);
            List<Id> ids = new ArrayList<>();
            while (ids.size() < window * 2 + 2) {
                Id id = new Id(random.nextInt(4), random.nextLong());
                // Now and then one whose own place lies in the middle of the others' row.
                if (same.home(id.high, id.low) == last || same.home(id.high, id.low) == 0 && ids.size() % 5 == 0) {
                    ids.add(id);
                }
            }
            compare("seed " + seed, window, random, ids, 2_000);
        }
    }

    private static void compare(String what, int window, Random random, List<Id> ids, int steps) {
        MessageIds memory = new MessageIds(window, SALT);
        Map<Id, Long> model = new LinkedHashMap<>();
        long sequence = random.nextBoolean() ? 0 : Long.MAX_VALUE / 2;
        for (int step = 0; step < steps; step++) {
            sequence += 1 + (random.nextInt(4) == 0 ? random.nextInt(window + 1) : 0);
            long newest = sequence;
            Id id = ids.get(random.nextInt(ids.size()));
            // Also an id that is remembered already: it goes on with the newer sequence.
            memory.remember(id.high, id.low, sequence);
            model.remove(id);
            model.put(id, sequence);
            model.values().removeIf(old -> old <= newest - window);
            int compared = step % (window + 3) == 0 ? ids.size() : Math.min(5, ids.size());
            for (int i = 0; i < compared; i++) {
                Id each = compared == ids.size() ? ids.get(i) : ids.get(random.nextInt(ids.size()));
                long found = memory.sequenceOf(each.high, each.low);
                if (found != model.getOrDefault(each, 0L)) {
                    throw new AssertionError(what + ", window " + window + ", step " + step + ", " + each + ": found "
                            + found + ", the model says " + model.get(each));
                }
            }
        }
        assertThat(model).as("the model had something to remember").isNotEmpty();
    }

    /** Random ones, and such as people make: counters in one half or the other, single bits. */
    private static List<Id> drawIds(Random random, int count) {
        List<Id> ids = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            ids.add(switch (random.nextInt(4)) {
                case 0 -> new Id(0, i);
                case 1 -> new Id(i, 0);
                case 2 -> new Id(1L << i % 64, i);
                default -> new Id(random.nextLong(), random.nextLong());
            });
        }
        return ids.stream().distinct().toList();
    }

    /** A table that degenerates is right but slow, which no other test would show. */
    @Test
    void shouldSpreadTheIdsThatPeopleMake() {
        int window = 1 << 12;
        MessageIds memory = new MessageIds(window, SALT);
        for (int kind = 0; kind < 3; kind++) {
            int[] taken = new int[window * 2];
            for (long i = 1; i <= window; i++) {
                int home = switch (kind) {
                    case 0 -> memory.home(0, i);
                    case 1 -> memory.home(i, 0);
                    default -> memory.home(i << 40, i << 40);
                };
                taken[home]++;
            }
            // At half load, about 8 of 4,096 random choices meet in the fullest of 8,192 places at the very most.
            assertThat(Arrays.stream(taken).max().orElseThrow()).as("kind %s", kind).isLessThanOrEqualTo(8);
        }
    }
}
