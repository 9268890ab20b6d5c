package io.ringbus.journal.store;

import io.ringbus.journal.format.BatchView;
import io.ringbus.journal.format.Chain;
import io.ringbus.journal.policy.DamagePolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Finds where to begin reading a queue, and reads from there. Needs no Chronicle, no lock, no writable directory. */
public final class QueueReader {

    /** A step that the search inside a file ends at: less than what a reader loads at once. */
    private static final long SEARCH_STEP_BYTES = 1 << 18;

    private final QueueFiles files;
    private final long queueId;
    private final DamagePolicy policy;
    private final Consumer<String> findings;

    QueueReader(QueueFiles files, long queueId, DamagePolicy policy, Consumer<String> findings) {
        this.files = files;
        this.queueId = queueId;
        this.policy = policy;
        this.findings = findings;
    }

    /**
     * Reads a queue of a journal.
     *
     * @param journal  the journal's directory
     * @param manifest the journal's manifest
     * @param shape    which queue
     * @param policy   what to do about damage
     * @param findings given a sentence for each damage passed over
     * @return the reader
     */
    public static QueueReader of(Path journal, Manifest manifest, QueueShape shape, DamagePolicy policy,
            Consumer<String> findings) {
        return new QueueReader(new QueueFiles(journal.resolve(shape.name()), manifest.rollCycle()),
                shape.queueId(manifest.journalId()), policy, findings);
    }

    /**
     * Reads from the first batch there ever was.
     *
     * @return a cursor before it
     */
    public BatchCursor fromBeginning() {
        return new BatchCursor(files, queueId, policy, findings);
    }

    /**
     * Reads from the first batch that is kept, whatever was before it.
     *
     * @return a cursor before it
     */
    public BatchCursor fromFirstFile() {
        List<FileId> ids = files.list();
        return ids.isEmpty() ? fromBeginning() : fromFile(ids.get(0));
    }

    /**
     * Reads a file alone.
     *
     * @param id which file
     * @return a cursor before its first batch, which ends with the file
     */
    public BatchCursor within(FileId id) {
        return new BatchCursor(files, queueId, policy, findings).startAt(id, 0).withinOneFile();
    }

    /**
     * Reads what can be read of a file alone, whatever the policy.
     *
     * @param id which file
     * @return a cursor before its first batch, which ends with the file
     */
    public BatchCursor passingOver(FileId id) {
        return new BatchCursor(files, queueId, DamagePolicy.SKIP_AND_REPORT, finding -> { })
                .startAt(id, 0).withinOneFile();
    }

    /**
     * Reads from the beginning of a file.
     *
     * @param id which file
     * @return a cursor before its first batch
     */
    public BatchCursor fromFile(FileId id) {
        return new BatchCursor(files, queueId, policy, findings).startAt(id, 0);
    }

    /**
     * Reads from a batch at or before the one that holds a sequence. Finds it by bisection: among the files by their
     * first batch, within a file by the batches found near the middle; each of them is verified alone, and from the
     * place found on the chain is.
     *
     * @param sequence the first sequence wanted
     * @return a cursor before a batch whose sequences are lower, or at the beginning
     */
    public BatchCursor fromSequence(long sequence) {
        List<FileId> ids = files.list();
        int low = 0;
        int high = ids.size() - 1;
        int found = -1;
        while (low <= high) {
            int middle = low + high >>> 1;
            if (firstOf(ids.get(middle)) < sequence) {
                found = middle;
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        if (found < 0) {
            return fromBeginning();
        }
        FileId id = ids.get(found);
        long position = positionBefore(id, sequence);
        return position == 0 && found == 0 ? fromBeginning()
                : new BatchCursor(files, queueId, policy, findings).startAt(id, position);
    }

    /**
     * The files.
     *
     * @return ascending
     */
    public List<FileId> files() {
        return files.list();
    }

    /** The lowest sequence that a file's batches can hold, by its first valid batch; the highest number if none. */
    private long firstOf(FileId id) {
        try (CycleFile file = files.open(id)) {
            BatchView view = new BatchView();
            if (new FileWalk(file, 0).next(view) == FileWalk.Step.BATCH && view.queueId() == queueId) {
                return view.previousSequence();
            }
            long found = BatchSearch.find(file, 0, new Chain(queueId), view);
            return found < 0 ? Long.MAX_VALUE : view.previousSequence();
        }
    }

    /** The length word of a batch in a file that lies before a sequence, or 0 for the file's beginning. */
    private long positionBefore(FileId id, long sequence) {
        BatchView view = new BatchView();
        Chain any = new Chain(queueId);
        long best = 0;
        try (CycleFile file = files.open(id)) {
            long low = 0;
            long high = file.size();
            while (high - low > SEARCH_STEP_BYTES) {
                long middle = low + (high - low) / 2;
                long until = Math.min(high, middle + FileWalk.MAX_BATCH_BYTES);
                long found = BatchSearch.find(file, middle, until, any, view);
                if (found >= 0 && view.lastSequence() < sequence) {
                    best = found - CycleFile.WORD_BYTES;
                    low = found;
                } else {
                    high = middle;
                }
            }
        }
        return best;
    }
}
