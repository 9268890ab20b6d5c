package io.ringbus.benchmarks.report;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps another JMH from measuring at the same time, by JMH's own lock, for several runs of JMH that belong together: by
 * itself JMH would let one of them run only.
 */
final class JmhLock implements Closeable {

    /** JMH's own switch; who has set it does not want a lock. */
    private static final String IGNORE = "jmh.ignoreLock";

    /** Null when no lock is wanted. */
    private final FileChannel file;

    /**
     * Locks.
     *
     * @throws IOException when another JMH has it
     */
    JmhLock() throws IOException {
        if (Boolean.getBoolean(IGNORE)) {
            file = null;
            return;
        }
        Path path = Path.of(System.getProperty("java.io.tmpdir"), "jmh.lock");
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        // As JMH does: whoever measures next may be another user. Where it is that user's file, it is so already.
        path.toFile().setWritable(true, false);
        if (!isLocked(file)) {
            file.close();
            throw new IOException("another JMH is measuring on this machine; wait for it, or set -D" + IGNORE
                    + "=true: lock=" + path);
        }
        // Before JMH's runner is loaded, which looks at it once.
        System.setProperty(IGNORE, "true");
    }

    private static boolean isLocked(FileChannel file) throws IOException {
        try {
            return file.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // Another one in this JVM.
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            System.clearProperty(IGNORE);
            file.close();
        }
    }
}
