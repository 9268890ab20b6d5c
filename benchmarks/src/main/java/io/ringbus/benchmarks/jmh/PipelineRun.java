package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.Pipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * One pipeline with a journal in the directory of this JVM's pipelines; checks what went through it.
 *
 * @param <P> what the pipeline can do
 */
final class PipelineRun<P extends Pipeline> implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Publishing<? super P> publishing;
    private final PayloadCheck check;
    private final P pipeline;

    private long published;
    private boolean closed;

    PipelineRun(PipelineShape shape, Opening<? extends P> opening, Publishing<? super P> publishing)
            throws IOException {
        this.publishing = publishing;
        this.check = publishing.isInOrder()
                ? new PayloadCheck(shape.payloadBytes(), PATIENCE)
                : PayloadCheck.inAnyOrder(shape.payloadBytes(), PATIENCE);
        this.pipeline = opening.open(shape, JournalDirectory.renew().resolve("journal"), check);
    }

    /**
     * Publishes events and waits until the handler has seen them all.
     *
     * @throws WrongResultException when it did not see exactly these; then the pipeline is closed, because JMH does not
     *                              tear down what failed
     */
    void publishAndVerify(int events) {
        try {
            long last = published + events;
            publishing.publish(pipeline, published + 1, last);
            published = last;
            check.awaitAndVerify(last);
        } catch (RuntimeException | Error e) {
            abandon(e);
            throw e;
        }
    }

    /**
     * Closes the pipeline and reads the journal back; does nothing after a failure.
     *
     * @throws WrongResultException when the journal does not hold exactly what was published
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (pipeline) {
            long journaled = pipeline.closeAndCountJournaled();
            if (journaled != published) {
                throw new WrongResultException("the journal does not hold what was published: published=" + published
                        + ", journaled=" + journaled);
            }
        }
    }

    private void abandon(Throwable cause) {
        closed = true;
        try {
            pipeline.close();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    /** How a pipeline is made. */
    @FunctionalInterface
    interface Opening<P extends Pipeline> {
        P open(PipelineShape shape, Path directory, PayloadCheck check);
    }

    /** Who publishes. */
    interface Publishing<P extends Pipeline> {

        /** Publishes the events with these numbers, each once. */
        void publish(P pipeline, long first, long last);

        /** Whether the handler has to see them in the order of their numbers. */
        boolean isInOrder();
    }

    /** The calling thread, one after the other, without waiting for anything but room. */
    record OnePublisher() implements Publishing<Pipeline> {

        @Override
        public void publish(Pipeline pipeline, long first, long last) {
            for (long number = first; number <= last; number++) {
                pipeline.publish(number);
            }
        }

        @Override
        public boolean isInOrder() {
            return true;
        }
    }
}
