package io.ringbus.journal.store;

import io.ringbus.engine.error.JournalAccessException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The directory of a journal, as a place that can be written to. */
public final class JournalDirectory {

    private JournalDirectory() {
    }

    /**
     * Makes the directory where it is missing, and refuses what cannot be used.
     *
     * @param directory where the journal is to be
     * @throws JournalAccessException for a file in its place, or a directory that is not writable
     */
    public static void prepare(Path directory) {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new JournalAccessException("a file stands where the journal's directory should be; choose another"
                    + " directory: directory=" + directory);
        }
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new JournalAccessException("cannot make the journal's directory; check its owner, its permissions and"
                    + " its file system: directory=" + directory, e);
        }
        if (!Files.isWritable(directory)) {
            throw new JournalAccessException("the journal's directory is not writable; check its owner, its permissions"
                    + " and its file system: directory=" + directory);
        }
    }
}
