package io.ringbus.journal;

import io.ringbus.engine.event.EventType;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.journal.policy.SyncMode;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Appends until it is killed, and writes the last sequence of each batch that was committed to a file. An event's
 * payload is a function of its sequence. It ends by itself when the process that started it has ended, or when it has
 * written more than any test waits for: nothing may go on filling a disk.
 */
final class AppendingMain {

    static final List<EventType<?>> TYPES = List.of(EventType.named("killed", Killed.class));

    private static final long MAX_EVENTS = 3_000_000;

    private AppendingMain() {
    }

    record Killed(long id) {
    }

    public static void main(String[] args) throws IOException {
        ChildJvm.endWithParent();
        try (JournalSession session = ChronicleJournal.in(Path.of(args[0])).sync(SyncMode.valueOf(args[1]))
                .open(TYPES, EngineClock.system());
                FileChannel file = FileChannel.open(Path.of(args[2]), StandardOpenOption.CREATE,
                        StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer acknowledged = file.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
            long sequence = session.report().lastSequence();
            long end = sequence + MAX_EVENTS;
            SplittableRandom random = new SplittableRandom(sequence);
            while (sequence < end) {
                int count = 1 + random.nextInt(200);
                for (int i = 0; i < count; i++) {
                    session.events().add(TestEntry.of(++sequence, payload(sequence)));
                }
                session.events().commit(EngineClock.system().epochNanos());
                session.outcomes().append(new Outcome.Checkpoint(sequence, 0));
                session.outcomes().commit();
                acknowledged.putLong(0, sequence);
            }
        }
    }

    static byte[] payload(long sequence) {
        byte[] bytes = new byte[(int) (sequence * 31 % 700)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (sequence * 7 + i);
        }
        return bytes;
    }
}
