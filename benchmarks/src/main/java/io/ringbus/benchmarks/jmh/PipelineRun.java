package io.ringbus.benchmarks.jmh;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** One pipeline with a journal in a directory of its own, which is deleted at the end; checks what went through it. */
final class PipelineRun implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final PayloadCheck check;
    private final Pipeline pipeline;

    private long published;

    PipelineRun(PipelineShape shape, Opening opening) throws IOException {
        this.directory = JournalDirectory.renew();
        this.check = new PayloadCheck(shape.payloadBytes(), PATIENCE);
        this.pipeline = opening.open(shape, directory.resolve("journal"), check);
    }

    /**
     * Publishes events and waits until the handler has seen them all.
     *
     * @throws WrongResultException when it did not see exactly these
     */
    void publishAndVerify(int events) {
        long last = published + events;
        for (long number = published + 1; number <= last; number++) {
            pipeline.publish(number);
        }
        published = last;
        check.awaitAndVerify(last);
    }

    /**
     * Closes the pipeline and reads the journal back.
     *
     * @throws WrongResultException when the journal does not hold exactly what was published
     */
    @Override
    public void close() {
        try (pipeline) {
            long journaled = pipeline.closeAndCountJournaled();
            if (journaled != published) {
                throw new WrongResultException("the journal does not hold what was published: published=" + published
                        + ", journaled=" + journaled);
            }
        }
    }

    /** How a pipeline is made. */
    @FunctionalInterface
    interface Opening {
        Pipeline open(PipelineShape shape, Path directory, PayloadCheck check);
    }
}
