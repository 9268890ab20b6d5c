package io.ringbus.journal.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Forces the current file of a queue to disk, through a channel of its own: Chronicle's own sync starts no input or
 * output on Linux, and leaves pages dirty that it reports as written. An interrupt closes a channel, so there is a
 * second descriptor that no interrupt closes, and the force is done again through that one. One thread at a time.
 */
final class FileForce implements Closeable {

    private final Interrupts interrupts;

    private FileChannel channel;
    private RandomAccessFile undisturbed;
    private Path path;

    FileForce(Interrupts interrupts) {
        this.interrupts = interrupts;
    }

    /**
     * Forces a file's data, and its size; a file that is new here with all its metadata, and its directory entry. The
     * same file is recognized by the same object, so that nothing is compared or made per batch.
     */
    void force(Path current) throws IOException {
        if (current == path) {
            force(false);
            return;
        }
        if (channel != null) {
            force(true);
            close();
        }
        channel = open(current);
        undisturbed = new RandomAccessFile(current.toFile(), "rw");
        path = current;
        force(true);
        // The file's entry in its session's directory, that one's in the queue's, and the queue's in the journal's.
        Path session = current.getParent();
        interrupts.repeat(() -> forceDirectory(session));
        interrupts.repeat(() -> forceDirectory(session.getParent()));
        interrupts.repeat(() -> forceDirectory(session.getParent().getParent()));
    }

    /** Forces a directory's entries. */
    static void forceDirectory(Path directory) throws IOException {
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        path = null;
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            channel = null;
            if (undisturbed != null) {
                undisturbed.close();
                undisturbed = null;
            }
        }
    }

    private void force(boolean metadata) throws IOException {
        try {
            channel.force(metadata);
        } catch (ClosedByInterruptException e) {
            interrupts.keepBack();
            // Not through a new descriptor: a write that the disk refused is told only to those that were open then.
            undisturbed.getFD().sync();
            channel = open(path);
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
}
