package io.ringbus.benchmarks.report;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps another JMH from measuring at the same time, by JMH's own lock, for several runs of JMH that belong together: by
 * itself JMH would let one of them run only.
 */
final class JmhLock implements Closeable {

    /** JMH's own switch; who has set it does not want a lock. */
    private static final String IGNORE = "jmh.ignoreLock";

    private final boolean unwanted = Boolean.getBoolean(IGNORE);
    private final FileChannel file;

    /**
     * Locks.
     *
     * @throws IOException when another JMH has it
     */
    JmhLock() throws IOException {
        Path path = Path.of(System.getProperty("java.io.tmpdir"), "jmh.lock");
        this.file = unwanted ? null
                : FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (file != null) {
            FileLock lock = file.tryLock();
            if (lock == null) {
                file.close();
                throw new IOException("another JMH is measuring on this machine; wait for it, or set -D" + IGNORE
                        + "=true: lock=" + path);
            }
            System.setProperty(IGNORE, "true");
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
