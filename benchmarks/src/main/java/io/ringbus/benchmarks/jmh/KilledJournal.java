package io.ringbus.benchmarks.jmh;

import io.ringbus.engine.WaitMode;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The journal of a process that was killed: a second JVM publishes events through an engine, says when all of them are
 * handled, and is then killed with its engine open. In a directory of its own, which is deleted at the end.
 */
final class KilledJournal implements Closeable {

    /** The size of an event. */
    static final int PAYLOAD_BYTES = 64;

    private static final String DONE = "done";
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final TemporaryDirectory directory = new TemporaryDirectory();

    /** Makes it. */
    KilledJournal(long events) throws IOException {
        try {
            write(events);
        } catch (IOException | RuntimeException | Error e) {
            directory.close();
            throw e;
        }
    }

    /** The journal's directory. */
    Path path() {
        return directory.path().resolve("journal");
    }

    @Override
    public void close() throws IOException {
        directory.close();
    }

    private void write(long events) throws IOException {
        Process child = new ProcessBuilder(ChronicleForks.command(Writer.class, path().toString(),
                Long.toString(events))).redirectErrorStream(true).start();
        StringBuilder output = new StringBuilder();
        try (BufferedReader reader = child.inputReader(StandardCharsets.UTF_8)) {
            String line = reader.readLine();
            while (line != null && !line.equals(DONE)) {
                output.append(line).append('\n');
                line = reader.readLine();
            }
            if (line == null) {
                throw new WrongResultException("the process that writes the journal ended before it was done: output="
                        + output);
            }
        } finally {
            child.destroyForcibly();
            awaitEnd(child);
        }
    }

    private static void awaitEnd(Process child) {
        try {
            child.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WrongResultException("interrupted while a process was killed", e);
        }
    }

    /** What the second JVM runs. */
    static final class Writer {

        private Writer() {
        }

        /** Publishes and waits to be killed; ends by itself when whoever started it has ended, or something fails. */
        public static void main(String[] args) {
            try {
                write(Path.of(args[0]), Long.parseLong(args[1]));
                System.out.println(DONE);
                while (System.in.read() >= 0) {
                    // Nobody writes; the end is what is waited for.
                }
            } catch (IOException | RuntimeException | Error e) {
                // Whoever started it shows what it has printed.
                e.printStackTrace(System.out);
            }
            // The engine's threads would keep the process alive.
            System.out.flush();
            Runtime.getRuntime().halt(1);
        }

        private static void write(Path journal, long events) {
            PayloadCheck check = new PayloadCheck(PAYLOAD_BYTES, PATIENCE);
            PipelineShape shape = new PipelineShape(PAYLOAD_BYTES, WaitMode.PARKING, false, false);
            RingbusPipeline pipeline = new RingbusPipeline(shape, journal, check);
            new PipelineRun.OnePublisher().publish(pipeline, 1, events);
            check.awaitAndVerify(events);
        }
    }
}
