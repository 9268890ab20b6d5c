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
 *
 * <p>What was appended is forced as a range where the system can do that, since with each document Chronicle also changes
 * the file's head and an index block, which no reader of ours needs: three writes in place of one. Ranges join: each
 * begins where the last force ended, so that what Chronicle put between two documents is on disk with the second.
 */
final class FileForce implements Closeable {

    /** Elsewhere a range may be told to be on disk when it is only on its way. */
    private static final boolean RANGES = Platform.IS_LINUX;

    private final Interrupts interrupts;
    private final ForceWindow window = new ForceWindow();

    private FileChannel channel;
    private RandomAccessFile undisturbed;
    private Path path;
    /** Up to where all is on disk. */
    private long forcedEnd;

    FileForce(Interrupts interrupts) {
        this.interrupts = interrupts;
    }

    /**
     * Forces what was appended to a file since the last force, and what is needed to find it there.
     *
     * @param current the file
     * @param end     where the last batch ends
     * @param bytes   what was appended at least; when the file's end did not move by as much, all is forced
     */
    void forceAppended(Path current, long end, long bytes) throws IOException {
        if (RANGES && current == path && end - forcedEnd >= bytes && forceRange(end)) {
            forcedEnd = end;
        } else {
            force(current, end);
        }
    }

    /**
     * Forces all of a file's data, and its size; a file that is new here with all its metadata, and its directory entry.
     * The same file is recognized by the same object, so that nothing is compared or made per batch.
     *
     * @param current the file
     * @param end     where the last batch ends
     */
    void force(Path current, long end) throws IOException {
        if (current == path) {
            force(false);
        } else {
            forceNew(current);
        }
        forcedEnd = end;
    }

    private void forceNew(Path current) throws IOException {
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
        window.close();
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
            forceUndisturbed();
        }
    }

    private boolean forceRange(long end) throws IOException {
        try {
            return window.force(channel, forcedEnd, end);
        } catch (ClosedByInterruptException e) {
            forceUndisturbed();
            return true;
        }
    }

    private void forceUndisturbed() throws IOException {
        interrupts.keepBack();
        // Not through a new descriptor: a write that the disk refused is told only to those that were open then.
        undisturbed.getFD().sync();
        channel = open(path);
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
}
