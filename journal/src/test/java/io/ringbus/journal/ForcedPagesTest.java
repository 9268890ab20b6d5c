package io.ringbus.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringbus.engine.event.EventType;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.EventAppender;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.journal.policy.SyncMode;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise 2: what {@code BATCH} has committed is on disk. Seen by what Linux tells of the pages that this process has
 * mapped: a changed page is dirty until it has been written. Elsewhere, and in a file system that writes none, there is
 * nothing to be seen.
 */
class ForcedPagesTest {

    private static final int PAGE_BYTES = 4_096;
    private static final Path MAPPINGS = Path.of("/proc/self/smaps");
    private static final int BATCHES = 100;
    /** So much that none of the forces takes zeros along, and with them all that an earlier one had left. */
    private static final int BATCH_BYTES = 140_000;
    private static final int KIBIBYTES = BATCHES * BATCH_BYTES >> 10;
    /** The file's head and index blocks are not forced with each batch, and a page may be of up to 2 MiB. */
    private static final int ALLOWED_KIBIBYTES = KIBIBYTES / 3;

    @TempDir
    private Path directory;

    @BeforeEach
    void checkThatDirtyPagesCanBeSeen() throws IOException {
        assumeTrue(Files.isReadable(MAPPINGS));
        Path file = directory.resolve("control");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            MappedByteBuffer mapped = channel.map(MapMode.READ_WRITE, 0, PAGE_BYTES);
            mapped.put(0, (byte) 1);
            assumeTrue(dirtyKibibytes(file.getFileName().toString()) > 0);
            mapped.force();
            assumeTrue(dirtyKibibytes(file.getFileName().toString()) == 0);
        }
    }

    @Test
    void shouldHaveWrittenAllPagesOfWhatIsCommittedWithBatch() throws IOException {
        assertThat(dirtyKibibytesAfterCommits(SyncMode.BATCH)).isLessThan(ALLOWED_KIBIBYTES);
    }

    @Test
    void shouldSeePagesThatAreNotForced() throws IOException {
        assertThat(dirtyKibibytesAfterCommits(SyncMode.NONE)).isGreaterThan(2 * ALLOWED_KIBIBYTES);
    }

    private long dirtyKibibytesAfterCommits(SyncMode mode) throws IOException {
        try (JournalSession session = ChronicleJournal.in(directory.resolve("journal")).sync(mode)
                .open(List.of(EventType.named("padded", String.class)), EngineClock.system())) {
            EventAppender events = session.events();
            for (int i = 1; i <= BATCHES; i++) {
                events.add(TestEntry.of(i, new byte[BATCH_BYTES]));
                events.commit(EngineClock.system().epochNanos());
            }
            return dirtyKibibytes(".cq4");
        }
    }

    private static long dirtyKibibytes(String fileEnd) throws IOException {
        long sum = 0;
        boolean counts = false;
        for (String line : Files.readAllLines(MAPPINGS)) {
            String[] words = line.split(" +");
            if (words[0].contains("-")) {
                counts = line.endsWith(fileEnd);
            } else if (counts && words[0].matches("(Shared|Private)_Dirty:")) {
                sum += Long.parseLong(words[1]);
            }
        }
        return sum;
    }
}
