package io.ringbus.journal.store;

import io.ringbus.journal.format.BatchHeader;
import io.ringbus.journal.format.BatchView;
import io.ringbus.journal.format.Chain;

/**
 * Finds batches without trusting a single length word: by their magic number at multiples of 4, and then by checksum,
 * journal id and place in the chain.
 */
final class BatchSearch {

    private BatchSearch() {
    }

    /**
     * The first batch that begins in a range of a file and stands behind the chain's end. Returns its position, behind
     * its length word, or -1.
     */
    static long find(CycleFile file, long from, long to, Chain chain, BatchView view) {
        long size = Math.min(file.size(), to);
        long position = from & ~7L;
        while (position < size) {
            long bytes = file.doubleWord(position);
            if (bytes == 0) {
                bytes = file.word(position);
            }
            if (bytes == 0) {
                position = Math.max(position, file.nextNonZero(position + Long.BYTES) - Long.BYTES);
            } else {
                if ((int) bytes == BatchHeader.MAGIC && position >= from && isBatch(file, position, chain, view)) {
                    return position;
                }
                if ((int) (bytes >>> 32) == BatchHeader.MAGIC && isBatch(file, position + 4, chain, view)) {
                    return position + 4;
                }
            }
            position += Long.BYTES;
        }
        return -1;
    }

    /** The same to the end of the file. */
    static long find(CycleFile file, long from, Chain chain, BatchView view) {
        return find(file, from, Long.MAX_VALUE, chain, view);
    }

    private static boolean isBatch(CycleFile file, long position, Chain chain, BatchView view) {
        int at = file.load(position, BatchHeader.BYTES);
        if (at < 0) {
            return false;
        }
        int length = file.word(position + BatchHeader.PAYLOAD_LENGTH_OFFSET);
        long available = BatchHeader.BYTES + (long) length;
        if (length < 0 || available > FileWalk.MAX_BATCH_BYTES || !file.reaches(position + available)) {
            return false;
        }
        return file.view(view, position, (int) available) == null && chain.canResumeAt(view);
    }
}
