package io.ringbus.examples.tradingcore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes a row {@code line,time,askPrice,askSize,bidPrice,bidSize} after each message that changed the top of the book.
 *
 * <p>The file is as much a function of the journal as the book is: every run writes it from its first row, the rows of
 * replayed messages included, so it has no gap and no repeat, whatever was killed before.
 */
final class TopsFile implements TopOfBookObserver {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAX_ROW_BYTES = 256;

    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer rows = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final StringBuilder row = new StringBuilder(MAX_ROW_BYTES);

    private IOException failure;

    /**
     * Opens the file, and leaves what it holds until {@link #begin()}: when the journal belongs to another process, so
     * may this file.
     *
     * @param file made when it is not there
     * @throws InputException when it cannot be written
     */
    TopsFile(Path file) {
        this.file = file;
        try {
            this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new InputException("cannot write the tops file, name one in a directory that exists and may be"
                    + " written (" + e.getClass().getSimpleName() + "): --tops=" + file, e);
        }
    }

    @Override
    public void begin() {
        try {
            channel.truncate(0);
        } catch (IOException e) {
            failure = e;
        }
    }

    @Override
    public void onTopChanged(OrderMessage message, TopChanged top) {
        row.setLength(0);
        row.append(message.line()).append(',');
        message.appendTime(row);
        row.append(',').append(top.askPrice()).append(',').append(top.askSize()).append(',').append(top.bidPrice())
                .append(',').append(top.bidSize()).append('\n');
        if (rows.remaining() < row.length()) {
            drain();
        }
        for (int i = 0; i < row.length(); i++) {
            rows.put((byte) row.charAt(i));
        }
    }

    /**
     * Writes what is buffered.
     *
     * @throws IOException of this or of an earlier write: then rows are missing
     */
    @Override
    public void close() throws IOException {
        try (channel) {
            drain();
        }
        if (failure != null) {
            throw new IOException("the tops file is incomplete, because writing failed (" + failure.getMessage()
                    + "): --tops=" + file, failure);
        }
    }

    /** Keeps the first failure for {@link #close}: the book must not suffer for a full disk. */
    private void drain() {
        rows.flip();
        try {
            while (failure == null && rows.hasRemaining()) {
                channel.write(rows);
            }
        } catch (IOException e) {
            failure = e;
        }
        rows.clear();
    }
}
