package io.ringbus.journal.store;

import io.ringbus.engine.error.JournalDamagedException;
import io.ringbus.engine.error.JournalFormatException;
import io.ringbus.journal.format.BatchHeader;
import io.ringbus.journal.format.BatchView;
import io.ringbus.journal.format.Chain;
import io.ringbus.journal.policy.DamagePolicy;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads batches forward, from file to file, and verifies the chain. It never ends silently. Where a file does not go on
 * as the chain says, there are four cases, tried in this order:
 *
 * <ol>
 * <li>The next file's first batch follows. All is well: a file ends where the next one says it does, and what a killed
 * process left behind that place was reported and given up when the next file was begun.
 * <li>A later batch exists, in this file or in another one. The place between is damaged: refused, or passed over.
 * <li>Nothing but zeros follows. That is the end.
 * <li>Other bytes follow. The end is torn, and {@link #tornEnd()} says so.
 * </ol>
 *
 * <p>One thread. A writer may be appending meanwhile: a batch is written before its length word, so what the word
 * announces is complete; and what looks like an end or like damage is read a second time before it is believed.
 */
public final class BatchCursor implements Closeable {

    private final BatchView view = new BatchView();
    private final QueueFiles files;
    private final DamagePolicy policy;
    private final Consumer<String> findings;
    private final Chain chain;

    private CycleFile file;
    private FileWalk walk;
    private boolean placed = true;
    private boolean singleFile;
    private long lastGoodEnd;
    private long batchesInFile;
    private FileWalk.Step step;
    private String refusal;
    private FileId resumeIn;
    private long resumeAt;
    private String tornEnd;

    BatchCursor(QueueFiles files, long queueId, DamagePolicy policy, Consumer<String> findings) {
        this.files = files;
        this.chain = new Chain(queueId);
        this.policy = policy;
        this.findings = findings;
    }

    /** Begins at a place in the middle; the first batch there says what the chain is. */
    BatchCursor startAt(FileId id, long position) {
        enter(files.open(id), position);
        placed = false;
        return this;
    }

    /** Ends with the file it starts in. */
    BatchCursor withinOneFile() {
        singleFile = true;
        return this;
    }

    /**
     * Goes to the next batch.
     *
     * @return false where there is no further batch; a later call may find one that was appended since
     * @throws JournalDamagedException where the journal is damaged, unless that is to be passed over
     * @throws JournalFormatException  for a batch that a newer version wrote
     */
    public boolean next() {
        tornEnd = null;
        if (file == null && !enterFirst()) {
            return false;
        }
        while (true) {
            if (step() || stepAfresh()) {
                return accept();
            }
            if (enterNext()) {
                continue;
            }
            String problem = problem();
            if (!isFollowedByBatch()) {
                tornEnd = walk.isAtZeros() ? null : problem;
                return false;
            }
            // A writer may have appended since the look: then the search finds its batch, but so does the walk.
            if (stepAfresh()) {
                return accept();
            }
            if (!enterNext()) {
                return passOver(problem);
            }
        }
    }

    /**
     * The batch it stands at.
     *
     * @return the batch, valid until the next call
     */
    public BatchView batch() {
        return view;
    }

    /**
     * Where the chain stands: behind {@link #batch()}.
     *
     * @return the chain; a copy is needed to keep it
     */
    public Chain chain() {
        return chain;
    }

    /**
     * What is wrong with the end that was reached: bytes behind the last batch that are no batch.
     *
     * @return a sentence with file, position and sequence; null for a clean end
     */
    public String tornEnd() {
        return tornEnd;
    }

    /**
     * Which file it stands in.
     *
     * @return the file; null before the first
     */
    public FileId fileId() {
        return file == null ? null : file.id();
    }

    /**
     * Where the file lies that {@link #fileId()} names.
     *
     * @return a path; null before the first
     */
    public Path path() {
        return file == null ? null : file.path();
    }

    /**
     * What Chronicle knew of documents behind the end that was reached. A writer may be appending: then there is a next
     * batch by now.
     *
     * @return a sentence with file, position and sequence; null when the end fits what Chronicle knew
     */
    public String endAgainstHeader() {
        if (file == null) {
            return null;
        }
        file.refresh();
        long last = ChronicleHeader.lastDocument(file);
        return last < lastGoodEnd ? null : "Chronicle's header knows a document behind the end; file=" + file.path()
                + ", position=" + walk.position() + ", lastSequenceBefore=" + chain.lastSequence() + ", lastDocument="
                + last;
    }

    /**
     * How many batches of the file were read.
     *
     * @return their number
     */
    public long batchesInFile() {
        return batchesInFile;
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
            file = null;
        }
    }

    private boolean enterFirst() {
        List<FileId> ids = files.list();
        if (ids.isEmpty()) {
            return false;
        }
        enter(files.open(ids.get(0)), 0);
        return true;
    }

    private void enter(CycleFile next, long position) {
        close();
        file = next;
        walk = new FileWalk(next, position);
        lastGoodEnd = position;
        batchesInFile = 0;
    }

    /** Goes into the next file that holds a batch, when its first one follows. */
    private boolean enterNext() {
        if (singleFile) {
            return false;
        }
        for (FileId id = files.after(file.id()); id != null; id = files.after(id)) {
            CycleFile next = files.open(id);
            FileWalk.Step first = new FileWalk(next, 0).next(view);
            if (first == FileWalk.Step.BATCH && refusalOf() == null) {
                enter(next, 0);
                return true;
            }
            boolean unwritten = first != FileWalk.Step.BATCH
                    && BatchSearch.find(next, 0, chain, view) < 0;
            next.close();
            if (!unwritten) {
                return false;
            }
        }
        return false;
    }

    private boolean step() {
        step = walk.next(view);
        refusal = step == FileWalk.Step.BATCH ? refusalOf() : null;
        return step == FileWalk.Step.BATCH && refusal == null;
    }

    private boolean stepAfresh() {
        file.refresh();
        walk = new FileWalk(file, lastGoodEnd);
        return step();
    }

    private String refusalOf() {
        if (view.version() > BatchHeader.VERSION) {
            throw new JournalFormatException("a newer version wrote this journal; use that version or a later one:"
                    + " position=" + view.position() + ", version=" + view.version());
        }
        if (!placed && view.queueId() == chain.queueId()) {
            chain.placeBefore(view);
        }
        return chain.refusal(view);
    }

    private boolean accept() {
        placed = true;
        chain.accept(view);
        lastGoodEnd = view.position() + view.length();
        batchesInFile++;
        return true;
    }

    private String problem() {
        String what = switch (step) {
            case BATCH -> refusal;
            case INVALID -> walk.problem();
            default -> "the file does not go on here";
        };
        return what + "; file=" + file.path() + ", position=" + walk.position() + ", lastSequenceBefore="
                + chain.lastSequence();
    }

    /**
     * Looks for a later batch, in this file or another. A batch that begins right at the end and lacks only its length
     * word was never appended to the end; it does not count, unless others follow it.
     */
    private boolean isFollowedByBatch() {
        resumeIn = file.id();
        resumeAt = BatchSearch.find(file, lastGoodEnd, chain, view);
        if (step == FileWalk.Step.END && resumeAt == walk.position() + CycleFile.WORD_BYTES
                && BatchSearch.find(file, resumeAt + view.length(), chain, view) < 0) {
            resumeAt = -1;
        }
        while (resumeAt < 0 && !singleFile) {
            resumeIn = files.after(resumeIn);
            if (resumeIn == null) {
                return false;
            }
            try (CycleFile later = files.open(resumeIn)) {
                resumeAt = BatchSearch.find(later, 0, chain, view);
            }
        }
        return resumeAt >= 0;
    }

    private boolean passOver(String problem) {
        if (!resumeIn.equals(file.id())) {
            enter(files.open(resumeIn), 0);
        }
        if (BatchSearch.find(file, resumeAt, chain, view) != resumeAt) {
            throw new JournalDamagedException("the journal changes while it is read: " + problem);
        }
        String message = problem + ", resumesIn=" + file.path().getFileName() + ", resumesAt=" + resumeAt
                + ", firstSequenceAfter=" + view.firstSequence();
        if (policy != DamagePolicy.SKIP_AND_REPORT) {
            throw new JournalDamagedException("the journal is damaged; restore the file, or open with "
                    + DamagePolicy.SKIP_AND_REPORT + " to pass over it: " + message);
        }
        findings.accept("passed over damage: " + message);
        walk = new FileWalk(file, resumeAt + view.length());
        return accept();
    }
}
