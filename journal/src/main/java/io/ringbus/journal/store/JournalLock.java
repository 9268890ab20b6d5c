package io.ringbus.journal.store;

import io.ringbus.engine.error.JournalAccessException;
import io.ringbus.engine.error.JournalLockedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The operating system's lock on a file of the journal: one writing process. It ends with the process, however that
 * ends. The file holds the writer's process id as text; it stays behind, and says nothing when it is not locked.
 */
public final class JournalLock implements Closeable {

    /** The name of the file. */
    public static final String FILE = "journal.lock";

    private static final int MAX_PID_BYTES = 32;

    private final FileChannel channel;
    private final FileLock lock;

    private JournalLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Takes the lock.
     *
     * @param journal the journal's directory
     * @return the lock; closing gives it back
     * @throws JournalLockedException when a process holds it, this one included
     * @throws JournalAccessException when the file cannot be made or written
     */
    public static JournalLock acquire(Path journal) {
        Path path = journal.resolve(FILE);
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String pid = readPid(channel);
                channel.close();
                throw new JournalLockedException("a process is writing to this journal; stop it, or use another"
                        + " directory: directory=" + journal + ", pid=" + pid);
            }
            byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
            channel.truncate(0).write(ByteBuffer.wrap(pid), 0);
            return new JournalLock(channel, lock);
        } catch (IOException e) {
            closeAfter(e, channel);
            throw new JournalAccessException("cannot write to the journal's directory; check its owner, its permissions"
                    + " and its file system: file=" + path, e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            lock.release();
        } finally {
            channel.close();
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String readPid(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(MAX_PID_BYTES);
        channel.read(pid, 0);
        return StandardCharsets.US_ASCII.decode(pid.flip()).toString();
    }

    private static void closeAfter(IOException e, FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
        }
    }
}
