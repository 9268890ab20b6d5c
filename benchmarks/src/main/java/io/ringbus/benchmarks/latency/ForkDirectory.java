package io.ringbus.benchmarks.latency;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The directory of a fork's journal, deleted when it is closed.
 *
 * @param path where it is
 */
record ForkDirectory(Path path) implements Closeable {

    static ForkDirectory in(Path parent) throws IOException {
        return new ForkDirectory(Files.createTempDirectory(parent, "ringbus-latency"));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> paths = Files.walk(path)) {
            paths.sorted(Comparator.reverseOrder()).forEach(ForkDirectory::delete);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
