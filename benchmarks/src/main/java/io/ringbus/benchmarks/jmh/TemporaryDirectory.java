package io.ringbus.benchmarks.jmh;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A directory that a benchmark writes to: deleted with all that is in it when it is closed, and when the process ends
 * before that, so that a run which fails or is broken off leaves no gigabytes behind.
 */
public final class TemporaryDirectory implements Closeable {

    private final Path path;
    private final Thread atExit;

    /**
     * Makes it, in the directory of {@code java.io.tmpdir}.
     *
     * @throws IOException when it cannot be made
     */
    public TemporaryDirectory() throws IOException {
        this(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /**
     * Makes it.
     *
     * @param parent exists
     * @throws IOException when it cannot be made
     */
    public TemporaryDirectory(Path parent) throws IOException {
        path = Files.createTempDirectory(parent, "ringbus-benchmark");
        atExit = new Thread(this::deleteAtExit, "delete-" + path.getFileName());
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Where it is.
     *
     * @return the path
     */
    public Path path() {
        return path;
    }

    /**
     * Deletes it; idempotent.
     *
     * @throws IOException when something in it cannot be deleted
     */
    @Override
    public void close() throws IOException {
        delete();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private void delete() throws IOException {
        if (Files.notExists(path)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(path)) {
            paths.sorted(Comparator.reverseOrder()).forEach(TemporaryDirectory::deleteOne);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void deleteAtExit() {
        try {
            delete();
        } catch (IOException e) {
            // Somebody may be writing there still. There is no later moment to try again.
            System.err.println("could not delete a temporary directory: path=" + path + ", error=" + e);
        }
    }

    private static void deleteOne(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
