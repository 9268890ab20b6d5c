package io.ringbus.benchmarks.jmh;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The one directory of this JVM that a pipeline writes to, fresh for each. What the last pipeline left is deleted only
 * when the next one is about to write, so that the memory of its pages is used again at once: many a virtual machine
 * gives free memory back to its host, and getting it again takes the host some ten times as long as clearing a page
 * that is there. The same for every contender.
 */
final class JournalDirectory {

    private static TemporaryDirectory current;

    private JournalDirectory() {
    }

    /**
     * Deletes what the last pipeline left, and makes an empty directory. The last one is deleted when the JVM ends.
     *
     * @return the directory
     * @throws IOException when it cannot be made, or the last one not be deleted
     */
    static synchronized Path renew() throws IOException {
        if (current != null) {
            current.close();
        }
        current = new TemporaryDirectory();
        return current.path();
    }
}
