package io.ringbus.journal.replay;

import io.ringbus.engine.error.JournalDamagedException;
import io.ringbus.journal.store.BatchCursor;

/**
 * Goes forward to a batch that is known to be there, or to the end of the queue, and says what is wrong with that end.
 * Used once, by one thread.
 */
final class ForwardReading {

    /** In place of an ordinal: to the end, whatever it is. */
    static final long TO_THE_END = Long.MAX_VALUE;

    private final long throughOrdinal;

    private String tornEnd;
    private long endOrdinal = -1;

    /** Reads to the batch with this number; when it is missing, that is damage. */
    ForwardReading(long throughOrdinal) {
        this.throughOrdinal = throughOrdinal;
    }

    /** Goes to the next batch; false behind the last one that is wanted. */
    boolean advance(BatchCursor cursor) {
        if (hasCome(cursor)) {
            return false;
        }
        if (cursor.next()) {
            return true;
        }
        String torn = cursor.tornEnd();
        if (throughOrdinal != TO_THE_END) {
            throw new JournalDamagedException("the journal ends before its last batch: "
                    + (torn == null ? "" : torn + ", ") + "lastSequence=" + cursor.chain().lastSequence()
                    + ", expectedOrdinal=" + throughOrdinal + ", ordinal=" + cursor.chain().ordinal());
        }
        String againstHeader = cursor.endAgainstHeader();
        if (againstHeader != null && cursor.next()) {
            return true;
        }
        tornEnd = torn == null ? againstHeader : torn;
        endOrdinal = cursor.chain().ordinal();
        return false;
    }

    /** Whether a cursor stands at the last batch that is wanted; never when that is whatever the end is. */
    boolean hasCome(BatchCursor cursor) {
        return cursor.chain().ordinal() >= throughOrdinal;
    }

    /** The number of the last batch, when the end of the queue was reached; -1 before. */
    long endOrdinal() {
        return endOrdinal;
    }

    /** What is wrong with the end that was reached; null when it is clean, or was not reached. */
    String tornEnd() {
        return tornEnd;
    }
}
