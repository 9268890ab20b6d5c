package io.ringbus.journal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagesAheadTest {

    private static final long AHEAD = 1 << 18;
    private static final byte FOREIGN = 7;
    private static final int INDEX_BLOCK_BYTES = (1 << 15) + 64;
    /** Some pieces are written meanwhile. */
    private static final long INTERRUPTING_PAUSE_NANOS = 200_000;

    @TempDir
    private Path directory;

    private final PagesAhead pages = new PagesAhead(AHEAD, new Interrupts());

    @AfterEach
    void close() {
        Thread.interrupted();
        pages.close();
    }

    @Test
    void shouldPrepareAsFarAheadAsItIsToldWhenThereIsTime() throws IOException {
        pages.begin(fileOf(0), false);
        prepareAll(100);

        assertThat(pages.prepared()).isBetween(100 + PagesAhead.DISTANCE_BYTES + AHEAD,
                100 + PagesAhead.DISTANCE_BYTES + AHEAD + PagesAhead.PIECE_BYTES);
        assertThat(prepareAll(100 + 3 * PagesAhead.PIECE_BYTES)).as("for what was written meanwhile").isEqualTo(3);
    }

    @Test
    void shouldWriteNothingInWhatIsReserved() throws IOException {
        int filled = 4 << 20;
        // The writer goes on by steps of which some are longer than all that was prepared.
        for (long position = 1; position + PagesAhead.RESERVED_BYTES <= filled; position = position * 3 + 11) {
            Path file = fileOf(filled);
            pages.begin(file, false);
            prepareAll(position);

            byte[] content = Files.readAllBytes(file);
            int firstZero = 0;
            while (content[firstZero] == FOREIGN) {
                firstZero++;
            }
            assertThat((long) firstZero).isBetween(position + PagesAhead.RESERVED_BYTES,
                    position + PagesAhead.RESERVED_BYTES + PagesAhead.PIECE_BYTES);
        }
    }

    @Test
    void shouldSkipWhatTheWriterHasOvertaken() throws IOException {
        Path file = fileOf(0);
        pages.begin(file, false);
        prepareAll(0);
        long overtaken = pages.prepared();
        long position = overtaken + (1 << 20) + 5;
        fill(file, position);
        prepareAll(position);

        byte[] content = Files.readAllBytes(file);
        for (int at = 0; at < position; at++) {
            assertThat(content[at]).isEqualTo(FOREIGN);
        }
        assertThat((long) content.length).isEqualTo(pages.prepared());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldMakeAFileWithItsFirstZeros(boolean forced) throws IOException {
        Path file = directory.resolve("new");

        pages.begin(file, forced);

        assertThat(Files.readAllBytes(file)).containsOnly(0);
        assertThat(pages.prepared()).isEqualTo(Files.size(file))
                .isEqualTo(PagesAhead.DISTANCE_BYTES + PagesAhead.LARGE_PIECE_BYTES);
    }

    @Test
    void shouldTouchNothingInAFileThatIsThere() throws IOException {
        Path file = fileOf(100);

        pages.begin(file, false);

        assertThat(Files.readAllBytes(file)).hasSize(100).containsOnly(FOREIGN);
    }

    @Test
    void shouldPrepareWhatIsMissingForABatchOfAWriterThatIsNeverIdle() throws IOException {
        Path file = directory.resolve("new");
        pages.begin(file, false);
        Random random = new Random(7);

        long position = 100;
        for (int batch = 0; batch < 200; batch++) {
            int length = 1 + random.nextInt(batch % 10 == 0 ? 1 << 20 : 1 << 16);
            long before = pages.prepared();
            pages.prepareFor(position, length);
            assertThat(pages.prepared()).as("for the batch").isGreaterThanOrEqualTo(position + length);
            assertThat(pages.prepared()).as("no more than is needed").isLessThan(Math.max(before + 1,
                    position + PagesAhead.DISTANCE_BYTES + length + PagesAhead.LARGE_PIECE_BYTES));
            position += length;
        }

        assertThat(Files.readAllBytes(file)).hasSize((int) pages.prepared()).containsOnly(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLeaveNoPageOutWhenTheQueueAddsABlockOfItsIndexBehindABatch(boolean forced) throws IOException {
        Path file = fileOf(16 << 20);
        pages.begin(file, forced);
        Random random = new Random(7);

        long position = 100;
        for (int batch = 0; batch < 100; batch++) {
            int length = 1 + random.nextInt(1 << 16);
            if (forced) {
                pages.prepareChunk(position, length);
            } else {
                pages.prepareFor(position, length);
            }
            position += length + (batch % 10 == 0 ? INDEX_BLOCK_BYTES : 0);
        }

        byte[] content = Files.readAllBytes(file);
        int first = Math.toIntExact(100 + PagesAhead.RESERVED_BYTES + PagesAhead.PIECE_BYTES);
        assertThat(Arrays.copyOfRange(content, first, (int) pages.prepared())).containsOnly(0);
        assertThat(pages.prepared()).isGreaterThan(position + PagesAhead.RESERVED_BYTES);
    }

    @Test
    void shouldGoOnAndKeepTheInterruptWhenTheThreadIsInterrupted() throws IOException {
        Path file = directory.resolve("new");
        Thread.currentThread().interrupt();
        pages.begin(file, false);
        pages.prepareFor(1 << 20, 1);
        long prepared = pages.prepared();
        boolean more = pages.prepareOne(1 << 20);

        assertThat(more).isTrue();
        assertThat(pages.prepared()).isEqualTo(prepared + PagesAhead.PIECE_BYTES).isEqualTo(Files.size(file));
        assertThat(Thread.interrupted()).as("given back").isTrue();
    }

    @Test
    void shouldGoOnWhenAnInterruptComesWhileItWrites() throws IOException {
        Path file = directory.resolve("new");
        pages.begin(file, false);
        Thread writer = Thread.currentThread();
        AtomicBoolean ended = new AtomicBoolean();
        Thread interrupting = new Thread(() -> {
            while (!ended.get()) {
                writer.interrupt();
                LockSupport.parkNanos(INTERRUPTING_PAUSE_NANOS);
            }
        });
        interrupting.start();
        for (long position = 0; position < 100 << 20; position += 1 << 18) {
            pages.prepareFor(position, 1 << 16);
        }
        ended.set(true);
        while (interrupting.isAlive()) {
            Thread.interrupted();
            Thread.yield();
        }

        assertThat(pages.prepared()).isGreaterThan(100 << 20).isEqualTo(Files.size(file));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldHaveSpaceFoundForAWriterThatIsNeverIdleAndForNoOther() throws Exception {
        DiskBlocks.assumeTheyCanBeFoundAhead(directory);
        Path file = directory.resolve("new");
        pages.begin(file, false);
        long first = pages.prepared();
        pages.prepareFor(first - PagesAhead.DISTANCE_BYTES, PagesAhead.LARGE_BATCH_BYTES - 1);
        prepareAll(first);
        assertThat(DiskBlocks.bytesOf(file)).as("when it is idle").isLessThan(pages.prepared() + SpaceAhead.LEAST_BYTES / 2);

        pages.prepareFor(pages.prepared() - PagesAhead.DISTANCE_BYTES, PagesAhead.LARGE_BATCH_BYTES);

        assertThat(DiskBlocks.bytesOf(file)).isGreaterThan(pages.prepared() + SpaceAhead.LEAST_BYTES / 2);
        assertThat(Files.size(file)).as("as long as before").isEqualTo(pages.prepared());
    }

    @Test
    void shouldPrepareInPiecesThatFitTheBatch() {
        Path file = directory.resolve("new");
        pages.begin(file, false);
        long first = pages.prepared();

        pages.prepareFor(first - PagesAhead.DISTANCE_BYTES - 100, 100);
        assertThat(pages.prepared()).as("there is enough").isEqualTo(first);
        pages.prepareFor(first - PagesAhead.DISTANCE_BYTES - 100, 101);
        assertThat(pages.prepared()).as("a small one").isEqualTo(first + PagesAhead.PIECE_BYTES);
        pages.prepareFor(first - PagesAhead.DISTANCE_BYTES, PagesAhead.LARGE_BATCH_BYTES + 1);
        assertThat(pages.prepared()).as("up to where a large one ends").isEqualTo(first + PagesAhead.LARGE_PIECE_BYTES);
    }

    @Test
    void shouldPrepareTheNextChunkWhenTheLastOneIsUsedUp() throws IOException {
        Path file = fileOf(100);
        pages.begin(file, false);
        pages.prepareChunk(100, 64);
        long first = pages.prepared();
        pages.prepareChunk(first - PagesAhead.DISTANCE_BYTES - 1, 64);
        assertThat(pages.prepared()).as("some of it is left").isEqualTo(first);
        pages.prepareChunk(first - PagesAhead.DISTANCE_BYTES, PagesAhead.MAX_BATCH_BYTES + 1);
        assertThat(pages.prepared()).as("not with large batches").isEqualTo(first);
        pages.prepareChunk(first - PagesAhead.DISTANCE_BYTES, 1);

        assertThat(first).isBetween(100 + PagesAhead.DISTANCE_BYTES + PagesAhead.MIN_CHUNK_BYTES,
                100 + PagesAhead.DISTANCE_BYTES + PagesAhead.MIN_CHUNK_BYTES + PagesAhead.PIECE_BYTES);
        assertThat(pages.prepared()).isEqualTo(first + PagesAhead.MIN_CHUNK_BYTES).isEqualTo(Files.size(file));
        assertThat(Files.readAllBytes(file)).startsWith(FOREIGN).endsWith((byte) 0);
    }

    @Test
    void shouldPrepareLargerChunksForLargerBatches() {
        pages.begin(directory.resolve("new"), true);
        long first = pages.prepared();
        pages.prepareChunk(first - PagesAhead.DISTANCE_BYTES, PagesAhead.MAX_BATCH_BYTES);
        assertThat(pages.prepared()).isEqualTo(first + PagesAhead.CHUNK_BATCHES * PagesAhead.MAX_BATCH_BYTES);
    }

    @Test
    void shouldBeginAnewWithAnotherFile() throws IOException {
        Path first = fileOf(0);
        pages.begin(first, false);
        prepareAll(5 << 20);
        long lengthOfFirst = Files.size(first);
        Path second = directory.resolve("second");
        pages.begin(second, false);
        prepareAll(0);

        assertThat(Files.size(first)).isEqualTo(lengthOfFirst);
        assertThat(Files.size(second)).isEqualTo(pages.prepared()).isLessThan(lengthOfFirst);
    }

    @Test
    void shouldDoNothingWhereTheFileCannotBeOpened() {
        pages.begin(directory.resolve("missing").resolve("file"), false);

        assertThat(pages.prepareOne(0)).isFalse();
    }

    private int prepareAll(long position) {
        int pieces = 0;
        while (pages.prepareOne(position)) {
            pieces++;
        }
        return pieces;
    }

    private Path fileOf(int bytes) throws IOException {
        Path file = directory.resolve("first");
        fill(file, bytes);
        return file;
    }

    private static void fill(Path file, long bytes) throws IOException {
        byte[] content = new byte[(int) bytes];
        Arrays.fill(content, FOREIGN);
        Files.write(file, content);
    }
}
