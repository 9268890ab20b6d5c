package io.ringbus.benchmarks.peers;

import java.nio.file.Path;
import java.util.function.Consumer;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * A Chronicle queue with one document per event, read by a tailer. One thread at a time.
 *
 * @param <E> the class of the events
 */
public final class DocumentStore<E> implements EventStore<E> {

    private final Path directory;
    private final Cargo<E> cargo;

    /**
     * Nothing is opened yet.
     *
     * @param directory of the queue
     * @param cargo     what it holds
     */
    public DocumentStore(Path directory, Cargo<E> cargo) {
        this.directory = directory;
        this.cargo = cargo;
    }

    @Override
    public void write(long last) {
        E event = cargo.maker().get();
        byte[] bytes = cargo.bytes().apply(event);
        try (ChronicleQueue queue = SingleChronicleQueueBuilder.single(directory.toString()).build();
                ExcerptAppender appender = queue.createAppender()) {
            for (long number = 1; number <= last; number++) {
                cargo.filler().accept(event, number);
                try (DocumentContext document = appender.writingDocument()) {
                    document.wire().bytes().write(bytes);
                }
            }
        }
    }

    @Override
    public void readAll(Consumer<? super E> consumer) {
        E event = cargo.maker().get();
        byte[] bytes = cargo.bytes().apply(event);
        try (ChronicleQueue queue = SingleChronicleQueueBuilder.single(directory.toString()).readOnly(true).build();
                ExcerptTailer tailer = queue.createTailer()) {
            while (true) {
                try (DocumentContext document = tailer.readingDocument()) {
                    if (!document.isPresent()) {
                        return;
                    }
                    document.wire().bytes().read(bytes);
                    consumer.accept(event);
                }
            }
        }
    }
}
