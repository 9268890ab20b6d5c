package io.ringbus.benchmarks.peers;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.queue.ExcerptAppender;

/**
 * Forces the file that an appender writes, through a channel of its own: Chronicle's own sync starts no writing on
 * Linux. One thread at a time.
 */
final class ForcedFile implements Closeable {

    private FileChannel file;
    private int fileCycle;

    /** Forces what was appended; a file that is new here with its metadata, and the one before it for the last time. */
    void force(ExcerptAppender appender) throws IOException {
        if (file == null || fileCycle != appender.cycle()) {
            if (file != null) {
                file.force(true);
                file.close();
            }
            fileCycle = appender.cycle();
            file = FileChannel.open(appender.currentFile().toPath(), StandardOpenOption.WRITE);
            file.force(true);
        } else {
            file.force(false);
        }
    }

    @Override
    public void close() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
