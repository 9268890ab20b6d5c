package io.ringbus.journal.store;

import io.ringbus.engine.error.JournalDamagedException;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.journal.format.BatchView;
import io.ringbus.journal.format.Chain;
import io.ringbus.journal.format.Definitions;
import io.ringbus.journal.format.TypeDefinition;
import io.ringbus.journal.policy.DamagePolicy;
import io.ringbus.journal.policy.SyncMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Opens a queue for appending: looks first, then begins.
 *
 * <ol>
 * <li>{@link #verify} reads the heads of all files, which name each other, and all of the newest one.
 * <li>{@link #compareWith} compares the end with what is known from elsewhere, and says what to do about a torn one.
 * <li>{@link #open} begins a new file behind the last valid batch. Nothing that was written before is changed: the new
 * file's head says what it follows, and what stands behind that place in the old one is thereby cut off.
 * </ol>
 */
public final class QueueOpening {

    private final QueueFiles files;
    private final QueueShape shape;
    private final long queueId;
    private final DamagePolicy policy;
    private final Consumer<String> findings;

    private QueueTail tail;

    /**
     * Prepares to open a queue.
     *
     * @param journal  the journal's directory
     * @param manifest the journal's manifest
     * @param shape    the queue's shape
     * @param policy   what to do about damage
     * @param findings given a sentence for each thing out of the ordinary
     */
    public QueueOpening(Path journal, Manifest manifest, QueueShape shape, DamagePolicy policy,
            Consumer<String> findings) {
        this.files = new QueueFiles(journal.resolve(shape.name()), manifest.rollCycle());
        this.shape = shape;
        this.queueId = shape.queueId(manifest.journalId());
        this.policy = policy;
        this.findings = findings;
    }

    /**
     * Looks at the files.
     *
     * @throws JournalDamagedException where they are damaged and the policy does not say to pass over it
     */
    public void verify() {
        List<FileId> ids = files.list(this::refuseOrPassOver);
        verifyHeads(ids);
        tail = new QueueTail(files, new Chain(queueId), FileId.NONE, files.lastSession(), List.of(), false, null);
        String tornEnd = null;
        for (int i = ids.size() - 1; i >= 0 && tail.lastFile() == FileId.NONE; i--) {
            tornEnd = readFile(ids.get(i), tornEnd);
        }
    }

    /**
     * Compares the end with what is known from elsewhere to have been in the queue, and refuses or reports the
     * difference, and a torn end.
     *
     * @param known what is known
     */
    public void compareWith(QueueMark known) {
        Chain chain = tail.chain();
        if (!known.file().equals(FileId.NONE) && !files.list().contains(known.file())) {
            refuseOrPassOver("the last file is missing: " + describeEnd() + ", missing=" + files.path(known.file()));
            tail = new QueueTail(files, chain, tail.lastFile(), Math.max(tail.lastSession(), known.file().session()),
                    tail.types(), tail.synced(), tail.tornEnd());
        }
        boolean lost = known.ordinal() > chain.ordinal() || known.sequence() > chain.lastSequence();
        String loss = "batches that were there are not there any more: " + describeEnd() + ", knownSequence="
                + known.sequence() + ", ordinal=" + chain.ordinal() + ", knownOrdinal=" + known.ordinal();
        String torn = tail.tornEnd() == null ? "" : "; " + tail.tornEnd();
        if (lost && known.isForced()) {
            refuseOrPassOver(loss + torn);
        } else if (policy == DamagePolicy.FAIL && (lost || tail.tornEnd() != null)) {
            throw new JournalDamagedException("the end of the journal is torn; open with " + DamagePolicy.CUT_TORN_TAIL
                    + " to cut it off: " + (lost ? loss + torn : tail.tornEnd()));
        } else if (lost) {
            findings.accept("the torn end is cut off: " + loss + torn);
        } else if (tail.tornEnd() != null) {
            findings.accept("the torn end is cut off: " + tail.tornEnd());
        }
    }

    /**
     * The last sequence that the queue holds.
     *
     * @return a sequence; 0 for an empty queue
     */
    public long lastSequence() {
        return tail.chain().lastSequence();
    }

    /**
     * Whether the last session forced each batch to disk.
     *
     * @return true when what it acknowledged was on disk
     */
    public boolean lastSynced() {
        return tail.synced();
    }

    /**
     * The type definitions of the newest file.
     *
     * @return all there are
     */
    public List<TypeDefinition> types() {
        return tail.types();
    }

    /**
     * Begins a session behind what {@link #verify} found.
     *
     * @param mode  whether each batch is forced to disk
     * @param types all type definitions
     * @param clock the engine's clock
     * @return the queue
     */
    public BatchQueue open(SyncMode mode, List<TypeDefinition> types, EngineClock clock) {
        BatchQueue queue = new BatchQueue(tail, shape, mode == SyncMode.BATCH, clock);
        try {
            queue.begin(types);
            return queue;
        } catch (RuntimeException | Error e) {
            queue.close();
            throw e;
        }
    }

    private void verifyHeads(List<FileId> ids) {
        BatchView view = new BatchView();
        List<FileId> before = new ArrayList<>();
        for (FileId id : ids) {
            try (CycleFile file = files.open(id)) {
                boolean valid = new FileWalk(file, 0).next(view) == FileWalk.Step.BATCH;
                if (valid && (view.queueId() != queueId || view.kind() != shape.headKind())) {
                    refuseOrPassOver("a file is of another journal or another queue: file=" + file.path()
                            + ", queueId=" + Long.toHexString(view.queueId()) + ", kind=" + view.kind());
                } else if (valid) {
                    Definitions head = Definitions.readFrom(view);
                    FileId named = new FileId(head.sessionBefore(), head.cycleBefore());
                    if (!named.equals(FileId.NONE) && !before.contains(named)) {
                        missing(named, before, file, view.previousSequence());
                    }
                }
            }
            before.add(id);
        }
    }

    private void missing(FileId named, List<FileId> before, CycleFile file, long sequence) {
        if (before.isEmpty()) {
            findings.accept("the first files are not there; events before a sequence cannot be read: firstFile="
                    + file.path() + ", sequence=" + (sequence + 1));
        } else {
            refuseOrPassOver("a file is missing: missing=" + files.path(named) + ", next=" + file.path()
                    + ", lastSequenceBefore=" + sequence);
        }
    }

    /** Reads a file to its end; it is the tail when it holds any batch. Returns what is wrong with the end. */
    private String readFile(FileId id, String tornBehind) {
        QueueReader reader = new QueueReader(files, queueId, policy, findings);
        List<TypeDefinition> types = List.of();
        boolean synced = false;
        try (BatchCursor cursor = reader.within(id)) {
            while (cursor.next()) {
                if (cursor.batch().kind() == shape.headKind()) {
                    Definitions definitions = Definitions.readFrom(cursor.batch());
                    types = definitions.types();
                    synced = definitions.synced();
                }
            }
            String torn = cursor.tornEnd() == null ? cursor.endAgainstHeader() : cursor.tornEnd();
            torn = torn == null ? tornBehind : torn;
            if (cursor.batchesInFile() > 0) {
                tail = new QueueTail(files, cursor.chain().copy(), id, tail.lastSession(), types, synced, torn);
            }
            return torn;
        }
    }

    private String describeEnd() {
        return "file=" + (tail.lastFile() == FileId.NONE ? files.directory() : files.path(tail.lastFile()))
                + ", lastSequence=" + tail.chain().lastSequence();
    }

    private void refuseOrPassOver(String problem) {
        if (policy != DamagePolicy.SKIP_AND_REPORT) {
            throw new JournalDamagedException("the journal is damaged; restore the file, or open with "
                    + DamagePolicy.SKIP_AND_REPORT + " to pass over it: " + problem);
        }
        findings.accept("passed over damage: " + problem);
    }
}
