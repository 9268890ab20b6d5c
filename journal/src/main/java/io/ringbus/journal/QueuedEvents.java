package io.ringbus.journal;

import io.ringbus.engine.spi.EventAppender;
import io.ringbus.engine.spi.EventEntry;
import io.ringbus.journal.format.BatchBuilder;
import io.ringbus.journal.format.BatchHeader;
import io.ringbus.journal.format.EventFrames;
import io.ringbus.journal.store.BatchQueue;

/** Appends events to their queue. One thread. */
final class QueuedEvents implements EventAppender {

    private static final int SLACK_BYTES = 1 << 12;

    private final BatchQueue queue;
    private final BatchBuilder batch;
    private final EventFrames frames;
    private final int[] typeIds;
    private final int batchBytes;

    QueuedEvents(BatchQueue queue, ChronicleJournal.Settings settings, int[] typeIds, long lastSequence) {
        this.queue = queue;
        this.typeIds = typeIds;
        this.batchBytes = settings.batchBytes();
        this.batch = new BatchBuilder(2 * settings.batchBytes() + SLACK_BYTES, settings.maxBatchBytes());
        this.frames = new EventFrames(batch, settings.maxEventBytes(), lastSequence);
    }

    @Override
    public void add(EventEntry entry) {
        frames.add(entry, typeIds[entry.typeIndex()]);
    }

    @Override
    public boolean isFull() {
        return batch.payloadLength() >= batchBytes;
    }

    @Override
    public void commit(long epochNanos) {
        if (batch.count() > 0) {
            queue.append(batch, BatchHeader.EVENTS, 0, frames.firstSequence(), frames.lastSequence(),
                    epochNanos);
            batch.reset();
        }
    }

    @Override
    public boolean prepareAhead() {
        return queue.prepareAhead();
    }

    @Override
    public long forceNanos() {
        return queue.forceNanos();
    }

    @Override
    public void sync() {
        queue.sync();
    }
}
