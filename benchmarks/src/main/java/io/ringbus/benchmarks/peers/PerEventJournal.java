package io.ringbus.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Path;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * A queue with one document per event. Made and closed by one thread, appended to by one other, which must have ended
 * before it is closed.
 */
final class PerEventJournal implements AutoCloseable {

    private final Path directory;
    private final boolean forced;
    private final ChronicleQueue queue;
    private final ForcedFile file = new ForcedFile();

    private ExcerptAppender appender;

    PerEventJournal(Path directory, boolean forced) {
        this.directory = directory;
        this.forced = forced;
        this.queue = SingleChronicleQueueBuilder.single(directory.toString()).build();
    }

    void append(byte[] event) {
        if (appender == null) {
            // Not before: an appender belongs to the thread that makes it.
            appender = queue.createAppender();
        }
        try (DocumentContext document = appender.writingDocument()) {
            document.wire().bytes().write(event);
        }
    }

    /** Forces what was appended, where that is asked for. */
    void endBatch() throws IOException {
        if (forced) {
            file.force(appender);
        }
    }

    /** How many documents there are, read back from the closed queue. */
    long count() {
        try (ChronicleQueue written = SingleChronicleQueueBuilder.single(directory.toString()).readOnly(true).build();
                ExcerptTailer tailer = written.createTailer()) {
            long documents = 0;
            while (readOne(tailer)) {
                documents++;
            }
            return documents;
        }
    }

    @Override
    public void close() {
        queue.close();
        file.close();
    }

    private static boolean readOne(ExcerptTailer tailer) {
        try (DocumentContext document = tailer.readingDocument()) {
            return document.isPresent();
        }
    }
}
