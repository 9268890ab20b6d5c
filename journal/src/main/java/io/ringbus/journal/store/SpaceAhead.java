package io.ringbus.journal.store;

import java.io.Closeable;
import java.nio.file.Path;
import net.openhft.posix.OpenFlag;
import net.openhft.posix.PosixAPI;

/**
 * Has the file system find space on the disk for a file that is going to be written, many blocks at a time. Without it each
 * page that is written looks for its own block, which is a third of what the system does for it. What is found reads as
 * zeros where it is within the file, and the file is as long as before.
 *
 * <p>It is a help and no more: where the system has no such call, or no space, or its library cannot be loaded (then
 * each call of it throws), writing goes on without, and an append that finds no space will say so. It is Linux's
 * {@code fallocate}, through the library that Chronicle loads for calls of its own. No garbage. One thread.
 */
final class SpaceAhead implements Closeable {

    /** For a new file; it stays behind in one that nothing comes into. */
    static final long LEAST_BYTES = 1 << 20;
    /** The call takes some 60 microseconds for so much. */
    static final long MOST_BYTES = 1 << 24;
    /** The share of a file that its unused end may be. */
    private static final int SHARE = 8;

    /** Linux's {@code FALLOC_FL_KEEP_SIZE}. */
    private static final int KEEP_SIZE = 1;
    private static final int NONE = -1;

    private int descriptor = NONE;
    private long found;

    /**
     * Goes on with another file.
     *
     * @param path it is there
     */
    void begin(Path path) {
        close();
        found = 0;
        if (Platform.IS_LINUX) {
            descriptor = open(path);
        }
    }

    /**
     * Finds space for what is to be written next, and some more.
     *
     * @param from where it begins in the file; whatever lies before that has its space
     * @param end  where it ends
     */
    void reach(long from, long end) {
        if (end <= found || descriptor == NONE) {
            return;
        }
        long next = end + Math.min(MOST_BYTES, Math.max(LEAST_BYTES, end / SHARE));
        if (find(Math.max(from, found), next)) {
            found = next;
        } else {
            close();
        }
    }

    /** How far space was found. */
    long found() {
        return found;
    }

    @Override
    public void close() {
        if (descriptor != NONE) {
            PosixAPI.posix().close(descriptor);
            descriptor = NONE;
        }
    }

    private static int open(Path path) {
        try {
            return PosixAPI.posix().open(path.toString(), OpenFlag.O_RDWR, 0);
        } catch (RuntimeException | LinkageError e) {
            return NONE;
        }
    }

    private boolean find(long from, long end) {
        try {
            return PosixAPI.posix().fallocate(descriptor, KEEP_SIZE, from, end - from) == 0;
        } catch (RuntimeException | LinkageError e) {
            return false;
        }
    }
}
