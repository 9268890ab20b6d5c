package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.spi.NoJournal;
import io.ringbus.engine.support.Background;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * "Subscribe and unsubscribe while running take effect at a known sequence": handlers come and go at random priorities
 * while publishers run at full speed, and each is given exactly what was published between its two sequences.
 *
 * <p>{@code -Dringbus.splicing.changes=N} makes more of it.
 */
class SplicingTest {

    private static final int CHANGES = Integer.getInteger("ringbus.splicing.changes", 200);
    /** What a publisher publishes at most for each change; bounds what is kept in memory when changes are slow. */
    private static final int MOST_PER_CHANGE = 2_000;
    /** Places that pass at least while a guest stays: many more than there can be changes meanwhile. */
    private static final int LEAST_PER_STAY = 100;

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private volatile boolean done;
    private volatile int changesMade;

    /** Keeps the sequences it was given, in the order in which they came. */
    private static final class Keeper implements EventHandler<Numbered> {

        private long[] sequences = new long[1_024];
        private int count;

        @Override
        public void onEvent(Numbered event, EventContext context) {
            if (count == sequences.length) {
                sequences = Arrays.copyOf(sequences, 2 * count);
            }
            sequences[count++] = context.sequence();
        }

        long[] sequences() {
            return Arrays.copyOf(sequences, count);
        }
    }

    private record Guest(Subscription subscription, Keeper keeper) {
    }

    private record Stay(String name, long from, long to, Keeper keeper) {
    }

    @ParameterizedTest
    @CsvSource({"false, PARKING, false, 64", "false, PARKING, true, 64", "true, PARKING, false, 64",
            "true, YIELDING, true, 1024", "false, YIELDING, false, 16"})
    void shouldGiveEachHandlerExactlyWhatWasPublishedBetweenItsTwoSequences(boolean fused, WaitMode waiting,
            boolean journaled, int ringSize) throws Exception {
        done = false;
        EventEngine engine = engines.make(new EventEngineConfig().fused(fused).waitMode(waiting).ringSize(ringSize)
                .journal(journaled ? new ListJournal().batchBytes(1 << 20) : NoJournal.INSTANCE));
        List<Keeper> residents = List.of(new Keeper(), new Keeper());
        engine.subscribe(subscription("resident first", residents.get(0), 3));
        engine.subscribe(subscription("resident last", residents.get(1), 6));
        engine.start();
        List<CompletableFuture<long[]>> publishers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            publishers.add(Background.call(() -> publish(engine)));
        }

        List<Stay> stays;
        try {
            stays = change(engine, new SplittableRandom(ringSize + (fused ? 1 : 0)));
        } finally {
            done = true;
        }
        List<Long> all = new ArrayList<>();
        for (CompletableFuture<long[]> publisher : publishers) {
            for (long sequence : publisher.get(60, TimeUnit.SECONDS)) {
                all.add(sequence);
            }
        }
        long[] published = all.stream().mapToLong(Long::longValue).sorted().toArray();
        assertThat(engine.close(LONG).drained()).isTrue();

        for (Keeper resident : residents) {
            requireSame("a resident", resident.sequences(), published);
        }
        assertThat(stays).hasSize((CHANGES + 1) / 2);
        for (Stay stay : stays) {
            long[] sequences = stay.keeper.sequences();
            long[] between = Arrays.stream(published).filter(s -> s >= stay.from && s <= stay.to).toArray();
            assertThat(between).as(stay.name).isNotEmpty();
            requireSame(stay.name + " from " + stay.from + " to " + stay.to, sequences, between);
        }
    }

    /** By hand: AssertJ compares each with each before it says what differs, and there are many. */
    private static void requireSame(String who, long[] given, long[] published) {
        int at = Arrays.mismatch(given, published);
        assertThat(at).as(() -> who + " was given " + given.length + " of " + published.length + ", and differs at "
                + at + ": given " + around(given, at) + ", published " + around(published, at)).isEqualTo(-1);
    }

    private static String around(long[] sequences, int at) {
        return Arrays.toString(Arrays.copyOfRange(sequences, Math.max(0, Math.min(at, sequences.length) - 3),
                Math.min(sequences.length, at + 3)));
    }

    private List<Stay> change(EventEngine engine, SplittableRandom random) throws Exception {
        List<Guest> guests = new ArrayList<>();
        List<Stay> stays = new ArrayList<>();
        int joined = 0;
        while (joined < (CHANGES + 1) / 2 || !guests.isEmpty()) {
            boolean joins = joined < (CHANGES + 1) / 2
                    && (guests.isEmpty() || guests.size() < 6 && random.nextBoolean());
            if (joins) {
                Keeper keeper = new Keeper();
                guests.add(new Guest(engine.subscribeAsync(subscription("guest " + joined, keeper, random.nextInt(9)))
                        .get(60, TimeUnit.SECONDS), keeper));
                joined++;
            } else {
                Guest guest = guests.remove(random.nextInt(guests.size()));
                Eventually.until("something for each guest", () -> engine.watermark(Watermark.PUBLISHED)
                        >= guest.subscription.effectiveFrom() + LEAST_PER_STAY);
                long to = guest.subscription.unsubscribeAsync().get(60, TimeUnit.SECONDS);
                stays.add(new Stay(guest.subscription.name(), guest.subscription.effectiveFrom(), to, guest.keeper));
            }
            changesMade = changesMade + 1;
        }
        return stays;
    }

    private long[] publish(EventEngine engine) {
        long[] sequences = new long[(CHANGES + 2) * MOST_PER_CHANGE];
        int count = 0;
        while (!done) {
            if (count < (changesMade + 1) * MOST_PER_CHANGE) {
                sequences[count++] = engine.publish(new Note(count));
            } else {
                Thread.yield();
            }
        }
        return Arrays.copyOf(sequences, count);
    }

    private static SubscriptionConfig<Numbered> subscription(String name, Keeper keeper, int priority) {
        return SubscriptionConfig.to(Numbered.class, keeper).name(name).priority(priority).recovery(RecoveryMode.LIVE);
    }
}
