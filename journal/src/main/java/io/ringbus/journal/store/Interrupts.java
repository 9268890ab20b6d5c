package io.ringbus.journal.store;

import io.ringbus.engine.error.JournalException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Keeps a thread's interrupts back while it appends. Java closes a file's channel when the thread that uses it is
 * interrupted, and a queue that lost one takes nothing more; but whoever interrupts the thread that happens to append
 * means its own work, not the journal. So an interrupt waits until the append is done. One thread at a time.
 */
final class Interrupts {

    private boolean kept;

    /** Clears the thread's interrupt, and keeps in mind that there was one. */
    void keepBack() {
        if (Thread.interrupted()) {
            kept = true;
        }
    }

    /** Interrupts the thread if it was interrupted since. */
    void giveBack() {
        if (kept) {
            kept = false;
            Thread.currentThread().interrupt();
        }
    }

    /** Takes a step that opens its own channels, and takes it again as often as an interrupt closes one of them. */
    void repeat(Step step) throws IOException {
        while (true) {
            keepBack();
            try {
                step.run();
                return;
            } catch (IOException | JournalException e) {
                if (!(e instanceof ClosedByInterruptException || e.getCause() instanceof ClosedByInterruptException)) {
                    throw e;
                }
            }
        }
    }

    /** A step that can be taken again. */
    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }
}
