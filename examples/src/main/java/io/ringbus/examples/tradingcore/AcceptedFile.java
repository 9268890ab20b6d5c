package io.ringbus.examples.tradingcore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.agrona.collections.LongHashSet;

/**
 * What the other end of a gateway has accepted, one line each: {@code id,run,detail}. It is the other end's own file,
 * written beside the engine's journal and never read by the engine: who wants to count losses and repeats can do so
 * from outside. The run is a number that rises with every start, so an id that stands there twice shows whether a kill
 * lies between.
 *
 * <p>Each line is one write, so a kill leaves whole lines. Should the last one be torn all the same, it is cut off at
 * the next start: its delivery had not returned, so it comes again.
 */
final class AcceptedFile implements Accepted {

    private static final int MAX_LINE_BYTES = 64;

    private final Path file;
    private final String columns;
    private final ByteBuffer buffer = ByteBuffer.allocate(MAX_LINE_BYTES);
    private final LongHashSet ids = new LongHashSet();

    private FileChannel channel;
    private long run = 1;

    /**
     * Names the file; {@link #begin()} opens it.
     *
     * @param file    made, with its directory, when it is not there
     * @param columns the names of its three columns, for messages
     */
    AcceptedFile(Path file, String columns) {
        this.file = file;
        this.columns = columns;
    }

    @Override
    public void begin() throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        cutTornLine(lines);
        for (int i = 0; i < lines.size(); i++) {
            take(lines.get(i), i + 1);
        }
    }

    @Override
    public void add(long id, long detail) throws IOException {
        buffer.clear();
        buffer.put((id + "," + run + "," + detail + "\n").getBytes(StandardCharsets.US_ASCII)).flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        ids.add(id);
    }

    @Override
    public boolean contains(long id) {
        return ids.contains(id);
    }

    @Override
    public long distinct() {
        return ids.size();
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    private void take(String text, int number) throws IOException {
        try {
            String[] fields = text.split(",", -1);
            ids.add(Long.parseLong(fields[0]));
            run = Long.parseLong(fields[1]) + 1;
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IOException(file + ", line " + number + ": expected " + columns + " as the gateway writes them;"
                    + " move the file away to count anew: text=" + text, e);
        }
    }

    private void cutTornLine(List<String> lines) throws IOException {
        long size = channel.size();
        if (size > 0) {
            ByteBuffer last = ByteBuffer.allocate(1);
            channel.read(last, size - 1);
            if (last.get(0) != '\n') {
                size -= lines.remove(lines.size() - 1).length();
                channel.truncate(size);
            }
        }
        channel.position(size);
    }
}
