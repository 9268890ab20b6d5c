package io.ringbus.journal.store;

import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.journal.format.BatchBuilder;
import io.ringbus.journal.format.BatchView;
import io.ringbus.journal.format.Chain;
import io.ringbus.journal.format.Definitions;
import io.ringbus.journal.format.TypeDefinition;
import io.ringbus.journal.policy.DamagePolicy;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One queue of batches, open for appending. A batch becomes one Chronicle document; a session begins a file of its own,
 * and a file begins with the definitions. What can be verified cheaply is: that Chronicle numbered the document as
 * expected, and, for the first one of a file, that it stands where a reader will look for it.
 *
 * <p>After any error nothing is appended any more: it is not known then what the file holds. An interrupt is no error:
 * it waits until the thread is done here. One thread at a time, with a happens-before from each to the next; only
 * {@link #reader} and {@link #committedOrdinal} any.
 */
public final class BatchQueue implements Closeable {

    private static final int HEAD_BYTES = 1 << 12;
    private static final int NO_CYCLE = -1;
    private static final long PAGE_BYTES = 4_096;
    /** The mean is one of some eight forces. */
    private static final int FORCES_SHIFT = 3;

    private final QueueFiles files;
    private final QueueShape shape;
    private final boolean synced;
    private final SessionClock clock;
    private final ChronicleWriter writer;
    private final Chain chain;
    private final BatchBuilder head;
    private final Interrupts interrupts = new Interrupts();
    private final FileForce force = new FileForce(interrupts);
    private final BatchView view = new BatchView();
    private final PagesAhead pages;

    private List<TypeDefinition> types = List.of();
    private Runnable onNewFile = () -> { };
    private FileId fileBefore;
    private FileId file;
    private Path path;
    private long batchesInFile;
    private long forceNanos;
    private Throwable failure;
    private boolean closed;
    /** Set without a fence: an append would wait until its bytes have left the core, and nobody waits for this number. */
    private final AtomicLong committedOrdinal = new AtomicLong();
    private volatile long syncedOrdinal;

    BatchQueue(QueueTail tail, QueueShape shape, boolean synced, EngineClock engineClock) {
        this.files = tail.files();
        this.shape = shape;
        this.synced = synced;
        this.chain = tail.chain().copy();
        this.head = new BatchBuilder(HEAD_BYTES, shape.maxBatchBytes());
        this.file = new FileId(tail.lastSession() + 1, NO_CYCLE);
        this.fileBefore = tail.lastFile();
        committedOrdinal.set(chain.ordinal());
        this.clock = new SessionClock(engineClock);
        this.pages = new PagesAhead(shape.preparedBytes(), interrupts);
        this.writer = new ChronicleWriter(files.session(file.session()), files.rollCycle(), shape, clock);
    }

    /**
     * Begins a session: appends the definitions, and thereby proves that what is appended can be read.
     *
     * @param definitions all type definitions
     */
    public void begin(List<TypeDefinition> definitions) {
        types = List.copyOf(definitions);
        guarded(() -> {
            if (synced && !fileBefore.equals(FileId.NONE)) {
                // An earlier session may not have forced it, and what follows it must not outlive it.
                force.force(files.path(fileBefore), 0);
            }
            clock.tick();
            beginFile();
        });
    }

    /**
     * Sets what is called on the thread that is appending, after a file was begun.
     *
     * @param action what to call
     */
    public void onNewFile(Runnable action) {
        onNewFile = action;
    }

    /**
     * Appends a batch at the session's time, as {@link #append(BatchBuilder, int, int, long, long, long)} does.
     *
     * @param batch its frames
     * @param kind  what it holds
     * @param flags its flags
     * @param first its first sequence
     * @param last  its last sequence
     */
    public void append(BatchBuilder batch, int kind, int flags, long first, long last) {
        append(batch, kind, flags, first, last, clock.epochNanos());
    }

    /**
     * Appends a batch; with syncing, forces it to disk. It comes into the file of the cycle that its time is in, or, where
     * a later one was begun, into that.
     *
     * @param batch      its frames
     * @param kind       what it holds
     * @param flags      its flags
     * @param first      its first sequence
     * @param last       its last sequence
     * @param epochNanos its time in nanoseconds since the epoch, as the session's clock told it a moment ago
     * @throws JournalException when it is not certain that the batch is in the queue as safely as configured
     */
    public void append(BatchBuilder batch, int kind, int flags, long first, long last, long epochNanos) {
        refuseAfterFailure();
        interrupts.keepBack();
        try {
            if (files.rollCycle().cycleAt(clock.tick(epochNanos)) != file.cycle()) {
                beginFile();
                onNewFile.run();
                interrupts.keepBack();
            }
            if (!synced) {
                pages.prepareFor(writer.position(), batch.payloadLength());
            }
            write(batch, kind, flags, first, last);
            if (synced) {
                if (pages.prepareChunk(writer.position(), batch.payloadLength())) {
                    forceAll();
                } else {
                    forceAppended(batch.payloadLength());
                }
            }
            committedOrdinal.setRelease(chain.ordinal());
        } catch (Throwable e) {
            throw fail(e);
        } finally {
            interrupts.giveBack();
        }
    }

    /**
     * Has some more of the file's pages in memory before they are written to, unless enough of them are. None where each
     * batch is forced: there that is done with the forces.
     *
     * @return whether there is more to do
     */
    public boolean prepareAhead() {
        return !closed && failure == null && !synced && pages.prepareOne(writer.position());
    }

    /**
     * Forces all that is appended to disk.
     *
     * @throws JournalException when it is not certain that all is on disk
     */
    public void sync() {
        guarded(this::forceAll);
    }

    /**
     * Whether the next append begins a new file.
     *
     * @return true when the newest file's cycle is over
     */
    public boolean isRollDue() {
        return files.rollCycle().cycleAt(clock.tick()) != file.cycle();
    }

    /**
     * The newest file.
     *
     * @return which one
     */
    public FileId file() {
        return file;
    }

    /**
     * How far the queue has come. Only for the thread that may append.
     *
     * @return the mark to keep
     */
    public QueueMark mark() {
        return new QueueMark(file, committedOrdinal.get(), chain.lastSequence(), synced);
    }

    /**
     * The end of the chain. Only for the thread that may append.
     *
     * @return the chain
     */
    public Chain chain() {
        return chain;
    }

    /**
     * How many batches are in the queue for certain.
     *
     * @return the last batch's ordinal
     */
    public long committedOrdinal() {
        return committedOrdinal.get();
    }

    /**
     * How many batches are on disk for certain.
     *
     * @return an ordinal
     */
    public long syncedOrdinal() {
        return syncedOrdinal;
    }

    /**
     * A reader over all files.
     *
     * @param policy   what to do about damage
     * @param findings given a sentence for each damage passed over
     * @return a new reader at the beginning
     */
    public QueueReader reader(DamagePolicy policy, Consumer<String> findings) {
        return new QueueReader(files, chain.queueId(), policy, findings);
    }

    /**
     * What a force takes, as a mean of the latest. For the thread that appends.
     *
     * @return nanoseconds; 0 where batches are not forced
     */
    public long forceNanos() {
        return synced ? forceNanos : 0;
    }

    /**
     * Whether an append or a force failed.
     *
     * @return true when nothing can be appended any more
     */
    public boolean hasFailed() {
        return failure != null;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        interrupts.keepBack();
        try {
            if (synced && failure == null && file.cycle() != NO_CYCLE) {
                force.force(path, writer.position());
            }
        } catch (IOException e) {
            throw new JournalException("cannot force the journal to disk: file=" + path, e);
        } finally {
            try {
                pages.close();
                writer.close();
                closeQuietly();
                trim();
            } finally {
                interrupts.giveBack();
            }
        }
    }

    /** Takes the space off that Chronicle had prepared, so that copies are small and the end is quickly verified. */
    private void trim() {
        if (failure != null || file.cycle() == NO_CYCLE) {
            return;
        }
        try {
            interrupts.repeat(this::trimToContent);
        } catch (IOException e) {
            throw new JournalException("cannot trim a file of the journal: file=" + path, e);
        }
    }

    private void trimToContent() throws IOException {
        try (CycleFile written = files.open(file)) {
            FileWalk walk = new FileWalk(written, Math.max(0, ChronicleHeader.lastDocument(written)));
            if (walk.next(view) == FileWalk.Step.BATCH && view.ordinal() == chain.ordinal()
                    && walk.next(view) == FileWalk.Step.END) {
                try (FileChannel channel = FileChannel.open(written.path(), StandardOpenOption.WRITE)) {
                    channel.truncate(walk.position() + PAGE_BYTES & -PAGE_BYTES);
                }
            }
        }
    }

    private void beginFile() throws IOException {
        FileId next = new FileId(file.session(), files.rollCycle().cycleAt(clock.currentTimeMillis()));
        FileId before = file.cycle() == NO_CYCLE ? fileBefore : file;
        head.reset();
        new Definitions(before.session(), before.cycle(), synced, clock.currentTimeMillis(), types).writeTo(head);
        file = next;
        path = files.path(next);
        batchesInFile = 0;
        pages.begin(path, synced);
        write(head, shape.headKind(), 0, chain.lastSequence(), chain.lastSequence());
        interrupts.repeat(this::verifyReadable);
        if (synced) {
            forceAll();
        }
        committedOrdinal.setRelease(chain.ordinal());
    }

    private void write(BatchBuilder batch, int kind, int flags, long first, long last) {
        int length = batch.seal(kind, flags, first, last, chain);
        long index = writer.append(batch.buffer(), length);
        if (writer.cycleOf(index) != file.cycle() || writer.numberOf(index) != batchesInFile) {
            throw new IllegalStateException("Chronicle put the batch elsewhere: file=" + path + ", cycle="
                    + writer.cycleOf(index) + ", expectedNumber=" + batchesInFile + ", number="
                    + writer.numberOf(index));
        }
        batchesInFile++;
        chain.advance(batch.crc(), last, chain.ordinal() + 1);
    }

    /** Reads the head just written from the file, as any reader will. */
    private void verifyReadable() {
        try (CycleFile written = files.open(file)) {
            FileWalk walk = new FileWalk(written, 0);
            FileWalk.Step step = walk.next(view);
            if (step != FileWalk.Step.BATCH || view.ordinal() != chain.ordinal() || view.crc() != chain.crc()) {
                throw new IllegalStateException("the batch just written is not where it must be: file="
                        + written.path() + ", position=" + walk.position() + ", ordinal=" + chain.ordinal());
            }
        }
    }

    private void forceAll() throws IOException {
        long begun = System.nanoTime();
        force.force(path, writer.position());
        forced(begun);
    }

    /** Forces what was appended since the last force, of which the last batch is so many bytes. */
    private void forceAppended(int bytes) throws IOException {
        long begun = System.nanoTime();
        force.forceAppended(path, writer.position(), bytes);
        forced(begun);
    }

    private void forced(long begun) {
        forceNanos += (System.nanoTime() - begun - forceNanos) >> FORCES_SHIFT;
        syncedOrdinal = chain.ordinal();
    }

    private void guarded(Interrupts.Step step) {
        refuseAfterFailure();
        interrupts.keepBack();
        try {
            step.run();
        } catch (Throwable e) {
            throw fail(e);
        } finally {
            interrupts.giveBack();
        }
    }

    private void refuseAfterFailure() {
        if (failure != null) {
            throw new JournalException("an earlier append or force failed, and nothing is appended after that; close,"
                    + " settle the cause, and open again: directory=" + files.directory(), failure);
        }
        if (closed) {
            throw new JournalException("the journal is closed: directory=" + files.directory());
        }
    }

    private JournalException fail(Throwable e) {
        failure = e;
        return new JournalException("an append or a force failed; it is not certain that the batch is in the journal:"
                + " directory=" + files.directory() + ", ordinal=" + (committedOrdinal.get() + 1), e);
    }

    private void closeQuietly() {
        try {
            force.close();
        } catch (IOException e) {
            // The file was forced before; nothing hangs on its channel.
        }
    }
}
