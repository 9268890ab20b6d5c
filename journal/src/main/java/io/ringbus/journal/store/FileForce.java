package io.ringbus.journal.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Forces the current file of a queue to disk, through a channel of its own: Chronicle's own sync starts no input or
 * output on Linux, and leaves pages dirty that it reports as written.
 */
final class FileForce implements Closeable {

    private FileChannel channel;
    private Path path;

    /**
     * Forces a file's data, and its size; a file that is new here with all its metadata, and its directory entry. The
     * same file is recognized by the same object, so that nothing is compared or made per batch.
     */
    void force(Path current) throws IOException {
        if (current == path) {
            channel.force(false);
            return;
        }
        if (channel != null) {
            channel.force(true);
            close();
        }
        channel = FileChannel.open(current, StandardOpenOption.READ, StandardOpenOption.WRITE);
        path = current;
        channel.force(true);
        // The file's entry in its session's directory, that one's in the queue's, and the queue's in the journal's.
        Path session = current.getParent();
        forceDirectory(session);
        forceDirectory(session.getParent());
        forceDirectory(session.getParent().getParent());
    }

    /** Forces a directory's entries. */
    static void forceDirectory(Path directory) throws IOException {
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
            path = null;
        }
    }
}
