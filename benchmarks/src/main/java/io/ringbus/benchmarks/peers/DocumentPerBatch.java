package io.ringbus.benchmarks.peers;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.Sequence;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * The journaling handler of a {@link BatchedPipeline}. In a document stand the events of a batch, each behind its length
 * in four bytes; Chronicle has no place for what was begun and not finished, so nothing tells a document that was cut
 * off by a crash of the machine from a whole one.
 *
 * @param <E> the class of the events
 */
final class DocumentPerBatch<E> implements EventHandler<E> {

    /** Where a document is cut, in bytes. */
    static final int BATCH_BYTES = 1 << 16;

    private final ChronicleQueue queue;
    private final Function<E, byte[]> bytes;
    private final boolean forced;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    private final ForcedFile file = new ForcedFile();

    private ExcerptAppender appender;
    private Sequence released;
    private DocumentContext document;
    private Bytes<?> target;
    private long written;
    private volatile long journaled = -1;
    private volatile Throwable failure;

    DocumentPerBatch(ChronicleQueue queue, Function<E, byte[]> bytes, boolean forced) {
        this.queue = queue;
        this.bytes = bytes;
        this.forced = forced;
    }

    @Override
    public void setSequenceCallback(Sequence sequenceCallback) {
        released = sequenceCallback;
    }

    @Override
    public void onStart() {
        appender = queue.createAppender();
    }

    @Override
    public void onEvent(E event, long sequence, boolean endOfBatch) throws IOException {
        if (failure != null) {
            throw new IllegalStateException("nothing is journaled after a failure", failure);
        }
        try {
            write(bytes.apply(event));
            if (endOfBatch || written >= BATCH_BYTES) {
                commit(sequence);
            }
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
            wakePublishers();
            throw e;
        }
    }

    @Override
    public void onShutdown() {
        appender.close();
        file.close();
    }

    /** Waits until an event is in the queue and, where that is asked for, on disk. Any thread. */
    void await(long sequence, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (journaled < sequence) {
                if (left <= 0 || failure != null) {
                    throw new IllegalStateException("the event was not journaled: sequence=" + sequence + ", journaled="
                            + journaled, failure);
                }
                left = advanced.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many events the documents in a directory hold. */
    static long count(Path directory) {
        try (ChronicleQueue queue = SingleChronicleQueueBuilder.single(directory.toString()).readOnly(true).build();
                ExcerptTailer tailer = queue.createTailer()) {
            long events = 0;
            while (true) {
                try (DocumentContext read = tailer.readingDocument()) {
                    if (!read.isPresent()) {
                        return events;
                    }
                    Bytes<?> source = read.wire().bytes();
                    while (source.readRemaining() > 0) {
                        source.readSkip(source.readInt());
                        events++;
                    }
                }
            }
        }
    }

    private void write(byte[] event) {
        if (document == null) {
            document = appender.writingDocument();
            target = document.wire().bytes();
            written = 0;
        }
        target.writeInt(event.length);
        target.write(event);
        written += Integer.BYTES + event.length;
    }

    private void commit(long sequence) throws IOException {
        document.close();
        document = null;
        if (forced) {
            file.force(appender);
        }
        journaled = sequence;
        released.set(sequence);
        wakePublishers();
    }

    private void wakePublishers() {
        lock.lock();
        try {
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
