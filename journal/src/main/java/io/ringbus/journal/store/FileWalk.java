package io.ringbus.journal.store;

import io.ringbus.journal.format.BatchHeader;
import io.ringbus.journal.format.BatchView;

/** Goes from document to document through one file, and verifies each batch alone. One thread. */
final class FileWalk {

    /** The largest batch that is believed; Chronicle writes none larger with the block size that is used. */
    static final int MAX_BATCH_BYTES = 16 << 20;

    private static final int MAX_OWN_DOCUMENT_BYTES = 1 << 20;

    private final CycleFile file;

    private long position;
    private String problem;

    FileWalk(CycleFile file, long position) {
        this.file = file;
        this.position = position;
    }

    /** What stands at a place in a file. */
    enum Step { BATCH, END, INVALID }

    /** Steps over Chronicle's own documents to the next batch, or to where there is none. */
    Step next(BatchView view) {
        while (true) {
            int word = file.word(position);
            if (word == 0 || word == CycleFile.END_OF_FILE) {
                return Step.END;
            }
            int length = word & CycleFile.LENGTH_MASK;
            boolean own = (word & CycleFile.OWN_DOCUMENT) != 0;
            long content = position + CycleFile.WORD_BYTES;
            problem = problemOf(word, own, length, content);
            if (problem == null && !own) {
                problem = file.view(view, content, length);
                if (problem == null && view.length() != length) {
                    problem = "the length word does not fit the batch: word=0x" + Integer.toHexString(word);
                }
            }
            if (problem != null) {
                return Step.INVALID;
            }
            position = content + length + 3 & ~3L;
            if (!own) {
                return Step.BATCH;
            }
        }
    }

    /** Where the next document's length word is. */
    long position() {
        return position;
    }

    /** Whether nothing but zeros follows; or the mark that closes a file, which no batch follows. */
    boolean isAtZeros() {
        int word = file.word(position);
        return word == CycleFile.END_OF_FILE || word == 0 && file.nextNonZero(position + 7 & ~7L) == file.size();
    }

    /** What made the last step invalid. */
    String problem() {
        return problem;
    }

    private String problemOf(int word, boolean own, int length, long content) {
        if ((word & CycleFile.UNFINISHED) != 0) {
            return "a document was never finished: word=0x" + Integer.toHexString(word);
        }
        if (length > (own ? MAX_OWN_DOCUMENT_BYTES : MAX_BATCH_BYTES) || !file.reaches(content + length)) {
            return "a length word is out of range: word=0x" + Integer.toHexString(word);
        }
        if (own && file.word(content) == BatchHeader.MAGIC) {
            return "a batch is marked as a document of Chronicle's own: word=0x" + Integer.toHexString(word);
        }
        return null;
    }
}
