package io.ringbus.journal;

import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.spi.OutcomeLog;
import io.ringbus.journal.format.BatchBuilder;
import io.ringbus.journal.format.BatchHeader;
import io.ringbus.journal.format.OutcomeFrames;
import io.ringbus.journal.policy.DamagePolicy;
import io.ringbus.journal.replay.OutcomeReader;
import io.ringbus.journal.store.BatchQueue;
import io.ringbus.journal.store.FileId;
import java.util.function.Consumer;

/**
 * The log of outcomes in its queue. One thread at a time, with a happens-before from each to the next; a reading, which
 * goes to what is committed when it begins, may go on while others append.
 */
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
        reader().readFromRestatement(consumer);
    }

    @Override
    public void readAll(Consumer<? super Outcome> consumer) {
        reader().readAll(consumer);
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

    private OutcomeReader reader() {
        return new OutcomeReader(queue.reader(policy, findings), queue.committedOrdinal());
    }
}
