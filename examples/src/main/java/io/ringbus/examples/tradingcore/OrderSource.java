package io.ringbus.examples.tradingcore;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Where order messages come from: a file, or the bundled sample. */
final class OrderSource {

    private static final String SAMPLE = "sample-orders.csv.gz";

    private final String name;
    private final Path file;

    private OrderSource(String name, Path file) {
        this.name = name;
        this.file = file;
    }

    static OrderSource file(Path file) {
        return new OrderSource(file.toString(), file);
    }

    static OrderSource bundledSample() {
        return new OrderSource("the bundled sample", null);
    }

    String name() {
        return name;
    }

    /**
     * Opens it at its first line.
     *
     * @return the reader; the caller closes it
     * @throws InputException when it cannot be opened
     */
    OrderMessageReader open() {
        return new OrderMessageReader(name, stream());
    }

    /**
     * Counts the lines, which takes a pass over the whole input; for the scale of a progress bar.
     *
     * @return how many there are
     * @throws InputException when it cannot be read
     */
    long countLines() {
        try (InputStream in = stream()) {
            byte[] buffer = new byte[1 << 16];
            long lines = 0;
            byte last = '\n';
            for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
                for (int i = 0; i < length; i++) {
                    lines += buffer[i] == '\n' ? 1 : 0;
                }
                last = buffer[length - 1];
            }
            return last == '\n' ? lines : lines + 1;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    InputStream stream() {
        try {
            return file == null ? new GZIPInputStream(OrderSource.class.getResourceAsStream(SAMPLE), 1 << 16)
                    : new BufferedInputStream(Files.newInputStream(requireFile()), 1 << 16);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private Path requireFile() {
        // Opening a directory succeeds; only reading from it fails.
        if (Files.isDirectory(file)) {
            throw new InputException("the input is a directory; name a CSV file of order messages: --input=" + file);
        }
        return file;
    }

    private InputException unreadable(IOException e) {
        String reason = e instanceof NoSuchFileException ? "there is no such file"
                : Files.isReadable(file) ? e.getMessage() : "it may not be read";
        return new InputException("cannot read the input, " + reason + ": --input=" + name, e);
    }
}
