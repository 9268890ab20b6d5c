package io.ringbus.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.event.EventType;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.journal.policy.RollCycle;
import io.ringbus.journal.policy.SyncMode;
import io.ringbus.journal.replay.Replay;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random programs of appends, commits, rolls, clocks set back, reads and restarts, against a plain list. */
class JournalPropertyTest {

    private static final int STEPS = 400;
    private static final List<EventType<?>> TYPES = List.of(EventType.named("a", Some.class),
            EventType.named("b", Some.class), EventType.named("c", Some.class).version(2));

    private final ManualClock clock = new ManualClock();
    private final List<TestEntry> committed = new ArrayList<>();
    private final List<TestEntry> pending = new ArrayList<>();

    @TempDir
    private Path directory;

    record Some(long id) {
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldBehaveLikeAListOfCommittedEvents(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RollCycle cycle = RollCycle.values()[(int) (seed % RollCycle.values().length)];
        SyncMode mode = seed % 2 == 0 ? SyncMode.BATCH : SyncMode.NONE;
        ChronicleJournal journal = ChronicleJournal.in(directory).rollCycle(cycle).sync(mode)
                .blockBytes(seed % 3 == 0 ? 1 << 20 : 1 << 16).maxEventBytes(3_000).batchBytes(1_024);
        JournalSession session = journal.open(TYPES, clock);
        long sequence = 0;
        try {
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(12)) {
                    case 0 -> {
                        clock.advance(random.nextInt(-600, 6_000), TimeUnit.SECONDS);
                    }
                    case 1 -> {
                        session.close();
                        pending.clear();
                        session = journal.open(shuffled(random), clock);
                        session.close();
                        session = journal.open(TYPES, clock);
                        assertThat(session.report().findings()).isEmpty();
                        assertThat(session.report().lastSequence()).isEqualTo(last());
                        sequence = last();
                    }
                    case 2 -> {
                        verifyRange(session, random);
                    }
                    case 3, 4, 5 -> {
                        session.events().commit(clock.epochNanos());
                        committed.addAll(pending);
                        pending.clear();
                    }
                    default -> {
                        sequence += random.nextInt(1, 4);
                        TestEntry entry = entry(random, sequence);
                        session.events().add(entry);
                        pending.add(entry);
                        if (session.events().isFull()) {
                            session.events().commit(clock.epochNanos());
                            committed.addAll(pending);
                            pending.clear();
                        }
                    }
                }
            }
            verifyRange(session, random);
        } finally {
            session.close();
        }
        List<TestEntry> replayed = new ArrayList<>();
        assertThat(Replay.of(directory).read(event -> replayed.add(TestEntry.copyOf(event)
                .withTypeIndex(event.typeName().charAt(0) - 'a'))).findings()).isEmpty();
        assertThat(replayed).isEqualTo(committed);
    }

    private void verifyRange(JournalSession session, SplittableRandom random) {
        long from = random.nextLong(last() + 2);
        long to = random.nextBoolean() ? Long.MAX_VALUE : from + random.nextInt(40);
        List<TestEntry> events = new ArrayList<>();
        session.read(from, to, event -> events.add(TestEntry.copyOf(event)));
        assertThat(events).isEqualTo(committed.stream()
                .filter(entry -> entry.sequence() >= from && entry.sequence() <= to).toList());
    }

    private long last() {
        return committed.isEmpty() ? 0 : committed.get(committed.size() - 1).sequence();
    }

    private static TestEntry entry(SplittableRandom random, long sequence) {
        String type = random.nextInt(4) == 0 ? null : "type-" + random.nextInt(3);
        String key = type == null || random.nextBoolean() ? null : "key-" + random.nextInt(1_000);
        byte[] bytes = new byte[random.nextInt(8) == 0 ? random.nextInt(3_000) : random.nextInt(60)];
        random.nextBytes(bytes);
        return new TestEntry(sequence, random.nextInt(TYPES.size()), random.nextLong(), type,
                type == null || key != null ? 0 : random.nextLong(), key, TestOrigin.random(random, sequence), bytes);
    }

    private static List<EventType<?>> shuffled(SplittableRandom random) {
        List<EventType<?>> types = new ArrayList<>(TYPES);
        types.add(random.nextInt(types.size()), EventType.named("d" + random.nextInt(3), Some.class));
        return types;
    }
}
