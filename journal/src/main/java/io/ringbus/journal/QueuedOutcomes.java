package io.ringbus.journal;

import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.spi.OutcomeLog;
import io.ringbus.journal.format.BatchBuilder;
import io.ringbus.journal.format.BatchHeader;
import io.ringbus.journal.format.OutcomeFrames;
import io.ringbus.journal.policy.DamagePolicy;
import io.ringbus.journal.store.BatchCursor;
import io.ringbus.journal.store.BatchQueue;
import io.ringbus.journal.store.FileId;
import io.ringbus.journal.store.QueueReader;
import java.util.List;
import java.util.function.Consumer;

/** The log of outcomes in its queue. One thread at a time. */
final class QueuedOutcomes implements OutcomeLog {

    private static final int INITIAL_BYTES = 1 << 14;

    private final BatchQueue queue;
    private final BatchBuilder batch;
    private final OutcomeFrames frames;
    private final DamagePolicy policy;
    private final Consumer<String> findings;

    private FileId restatedFile = FileId.NONE;

    QueuedOutcomes(BatchQueue queue, ChronicleJournal.Settings settings, long highestSequence,
            Consumer<String> findings) {
        this.queue = queue;
        this.policy = settings.onDamage();
        this.findings = findings;
        this.batch = new BatchBuilder(INITIAL_BYTES, settings.maxBatchBytes());
        this.frames = new OutcomeFrames(batch, highestSequence);
    }

    @Override
    public void read(Consumer<? super Outcome> consumer) {
        QueueReader reader = queue.reader(policy, findings);
        read(reader, lastRestatement(reader), consumer);
    }

    @Override
    public void readAll(Consumer<? super Outcome> consumer) {
        read(queue.reader(policy, findings), 0, consumer);
    }

    @Override
    public void append(Outcome outcome) {
        if (!frames.add(outcome)) {
            commit();
            if (!frames.add(outcome)) {
                throw new JournalException("an outcome does not fit a batch: outcome=" + outcome);
            }
        }
    }

    @Override
    public void commit() {
        if (batch.count() == 0) {
            return;
        }
        queue.append(batch, BatchHeader.OUTCOMES, frames.flags(), frames.highestSequence(), frames.highestSequence());
        if ((frames.flags() & BatchHeader.RESTATEMENT_ENDS) != 0) {
            restatedFile = queue.file();
        }
        batch.reset();
        frames.reset();
    }

    @Override
    public boolean wantsRestatement() {
        return !restatedFile.equals(queue.file()) || queue.isRollDue();
    }

    @Override
    public void sync() {
        queue.sync();
    }

    private void read(QueueReader reader, long start, Consumer<? super Outcome> consumer) {
        long end = queue.committedOrdinal();
        try (BatchCursor cursor = start == 0 ? reader.fromBeginning() : reader.fromFile(fileOf(reader, start))) {
            while (cursor.chain().ordinal() < end) {
                if (!cursor.next()) {
                    throw new JournalException("the outcomes end too early: expected=" + end + ", found="
                            + cursor.chain().ordinal());
                }
                if (cursor.batch().kind() == BatchHeader.OUTCOMES && cursor.batch().ordinal() >= start) {
                    OutcomeFrames.read(cursor.batch(), consumer);
                }
            }
        }
    }

    /** The ordinal of the batch in which the last complete restatement begins; 0 when there is none. */
    private static long lastRestatement(QueueReader reader) {
        List<FileId> files = reader.files();
        for (int i = files.size() - 1; i >= 0; i--) {
            long begun = 0;
            long complete = 0;
            try (BatchCursor cursor = reader.within(files.get(i))) {
                while (cursor.next()) {
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

    private static FileId fileOf(QueueReader reader, long ordinal) {
        List<FileId> files = reader.files();
        for (int i = files.size() - 1; i > 0; i--) {
            try (BatchCursor cursor = reader.within(files.get(i))) {
                if (cursor.next() && cursor.batch().ordinal() <= ordinal) {
                    return files.get(i);
                }
            }
        }
        return files.get(0);
    }
}
