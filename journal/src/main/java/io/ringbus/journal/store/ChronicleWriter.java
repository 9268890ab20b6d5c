package io.ringbus.journal.store;

import io.ringbus.engine.error.JournalAccessException;
import io.ringbus.engine.error.JournalException;
import io.ringbus.journal.policy.RollCycle;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/**
 * Owns one Chronicle queue, in an empty directory of its own, and its one appender. One thread at a time.
 *
 * <p>Chronicle trusts what it finds: a lock that a killed process left in its metadata, a position in a file's header,
 * an index entry. So it is never shown a file that an earlier session wrote.
 */
final class ChronicleWriter implements Closeable {

    private static final long TIMEOUT_MILLIS = 2_000;

    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;

    private ByteBuffer source;
    private Bytes<?> view;

    ChronicleWriter(Path directory, RollCycle rollCycle, QueueShape shape, SessionClock clock) {
        try {
            Files.createDirectories(directory.getParent());
            Files.createDirectory(directory);
        } catch (IOException e) {
            throw new JournalAccessException("cannot make a directory of the journal: directory=" + directory, e);
        }
        SingleChronicleQueueBuilder builder = SingleChronicleQueueBuilder.binary(directory)
                .rollCycle(chronicleCycle(rollCycle))
                .epoch(0)
                .timeProvider(clock)
                .timeoutMS(TIMEOUT_MILLIS)
                .blockSize(shape.blockBytes());
        if (shape.indexSpacing() > 0) {
            builder.indexSpacing(shape.indexSpacing()).indexCount(shape.indexCount());
        }
        queue = builder.build();
        try {
            if (builder.readOnly()) {
                throw new JournalException("Chronicle forced the queue to be read-only: directory=" + directory);
            }
            appender = queue.createAppender();
            // One thread at a time, as the session's contract says: the opening one, a stage's or, for outcomes, any in
            // turn, the closing one. Chronicle would hold on to the first.
            appender.singleThreadedCheckDisabled(true);
        } catch (RuntimeException | Error e) {
            queue.close();
            throw e;
        }
    }

    /** Appends one document and returns its cycle and its number in the cycle, packed by Chronicle. */
    long append(ByteBuffer batch, int length) {
        if (batch != source) {
            releaseView();
            source = batch;
            view = BytesStore.wrap(batch).bytesForRead();
            view.singleThreadedCheckDisabled(true);
        }
        view.readPositionRemaining(0, length);
        appender.writeBytes(view);
        return appender.lastIndexAppended();
    }

    /** Where the last document ends in its file. After an append. */
    long position() {
        return appender.wire().bytes().writePosition();
    }

    int cycleOf(long index) {
        return queue.rollCycle().toCycle(index);
    }

    long numberOf(long index) {
        return queue.rollCycle().toSequenceNumber(index);
    }

    @Override
    public void close() {
        try {
            appender.close();
        } finally {
            queue.close();
            releaseView();
        }
    }

    private void releaseView() {
        if (view != null) {
            view.releaseLast();
            view = null;
        }
    }

    private static net.openhft.chronicle.queue.RollCycle chronicleCycle(RollCycle rollCycle) {
        return switch (rollCycle) {
            case FIVE_MINUTELY -> RollCycles.FIVE_MINUTELY;
            case HOURLY -> RollCycles.FAST_HOURLY;
            case DAILY -> RollCycles.FAST_DAILY;
        };
    }
}
