package io.ringbus.journal.replay;

import io.ringbus.engine.spi.Outcome;
import io.ringbus.journal.format.BatchHeader;
import io.ringbus.journal.format.BatchView;
import io.ringbus.journal.format.OutcomeFrames;
import io.ringbus.journal.store.BatchCursor;
import io.ringbus.journal.store.FileId;
import io.ringbus.journal.store.QueueReader;
import java.util.List;
import java.util.function.Consumer;

/** Reads outcomes from a queue, in order. Used once, by one thread; a writer may be appending meanwhile. */
public final class OutcomeReader {

    private final QueueReader queue;
    private final ForwardReading reading;

    private long highestSequence;
    private long firstMissing;

    /**
     * Reads from a queue of outcomes.
     *
     * @param queue          where from
     * @param throughOrdinal the number of the last batch that is known to be there, or {@code Long.MAX_VALUE} to read
     *                       to the end, whatever it is
     */
    public OutcomeReader(QueueReader queue, long throughOrdinal) {
        this.queue = queue;
        this.reading = new ForwardReading(throughOrdinal);
    }

    /**
     * Reads all there is, as far back as files are kept.
     *
     * @param consumer given each outcome
     */
    public void readAll(Consumer<? super Outcome> consumer) {
        read(queue.fromFirstFile(), 0, consumer);
    }

    /**
     * Reads from the last complete restatement on; all there is when there is none, and then nothing may be missing.
     *
     * @param consumer given each outcome
     */
    public void readFromRestatement(Consumer<? super Outcome> consumer) {
        long start = lastRestatement();
        read(start == 0 ? queue.fromBeginning() : queue.fromFile(fileOf(start)), start, consumer);
    }

    /**
     * The highest sequence that was named so far, also in what is no longer kept.
     *
     * @return a sequence; 0 before the first
     */
    long highestSequence() {
        return highestSequence;
    }

    /** How many batches are missing before the first file; 0 when it is the first there ever was. */
    long missingBatches() {
        return firstMissing;
    }

    /** How far the reading came. */
    ForwardReading reading() {
        return reading;
    }

    private void read(BatchCursor from, long start, Consumer<? super Outcome> consumer) {
        try (BatchCursor cursor = from) {
            for (boolean first = true; reading.advance(cursor); first = false) {
                BatchView batch = cursor.batch();
                highestSequence = batch.lastSequence();
                if (first && batch.kind() == BatchHeader.OUTCOMES_HEAD) {
                    firstMissing = batch.ordinal() - 1;
                }
                if (batch.kind() == BatchHeader.OUTCOMES && batch.ordinal() >= start) {
                    OutcomeFrames.read(batch, consumer);
                }
            }
        }
    }

    /** The ordinal of the batch in which the last complete restatement begins; 0 when there is none. */
    private long lastRestatement() {
        List<FileId> files = queue.files();
        for (int i = files.size() - 1; i >= 0; i--) {
            long begun = 0;
            long complete = 0;
            try (BatchCursor cursor = queue.within(files.get(i))) {
                // Behind the last batch of an open file come many megabytes of zeros, which nobody needs to read.
                while (!reading.hasCome(cursor) && cursor.next()) {
                    int flags = cursor.batch().flags();
                    boolean begins = (flags & BatchHeader.RESTATEMENT_BEGINS) != 0;
                    if (begins && begun == 0) {
                        begun = cursor.batch().ordinal();
                    }
                    if ((flags & BatchHeader.RESTATEMENT_ENDS) != 0 && begun != 0) {
                        complete = begun;
                    }
                    begun = begins ? cursor.batch().ordinal() : begun;
                }
            }
            if (complete != 0) {
                return complete;
            }
        }
        return 0;
    }

    private FileId fileOf(long ordinal) {
        List<FileId> files = queue.files();
        for (int i = files.size() - 1; i > 0; i--) {
            try (BatchCursor cursor = queue.within(files.get(i))) {
                if (cursor.next() && cursor.batch().ordinal() <= ordinal) {
                    return files.get(i);
                }
            }
        }
        return files.get(0);
    }
}
