package io.ringbus.journal.store;

import io.ringbus.journal.format.BatchHeader;

/**
 * What all files of one queue have in common.
 *
 * @param name         the name of its directory in the journal
 * @param headKind     the kind of the batch at the head of each file
 * @param blockBytes   how much of a file is mapped at a time; a batch takes at most a quarter
 * @param indexSpacing every how manieth document Chronicle indexes; 0 for its default
 * @param indexCount   how many entries a block of Chronicle's index has; 0 for its default
 */
public record QueueShape(String name, int headKind, int blockBytes, int indexSpacing, int indexCount) {

    /** The name of the queue of events. */
    public static final String EVENTS = "events";
    /** The name of the queue of outcomes. */
    public static final String OUTCOMES = "outcomes";
    /** The block size of a journal: batches up to 16 MiB. */
    public static final int DEFAULT_BLOCK_BYTES = 64 << 20;

    /** What comes in some tenths of a second at a pace that leaves the writer time to prepare it. */
    private static final long MAX_PREPARED_BYTES = 16 << 20;

    /**
     * The queue of events.
     *
     * @param blockBytes how much of a file is mapped at a time
     * @return its shape
     */
    public static QueueShape events(int blockBytes) {
        return of(EVENTS, BatchHeader.DEFINITIONS, blockBytes);
    }

    /**
     * The queue of outcomes.
     *
     * @param blockBytes how much of a file is mapped at a time
     * @return its shape
     */
    public static QueueShape outcomes(int blockBytes) {
        return of(OUTCOMES, BatchHeader.OUTCOMES_HEAD, blockBytes);
    }

    /**
     * The largest batch.
     *
     * @return bytes
     */
    public int maxBatchBytes() {
        return blockBytes / 4 - BatchHeader.BYTES;
    }

    /**
     * How many bytes ahead of the writer pages are prepared: events come fast; outcomes are few,
     * and written by several threads.
     *
     * @return bytes; 0 for none
     */
    long preparedBytes() {
        return name.equals(EVENTS) ? Math.min(blockBytes / 8, MAX_PREPARED_BYTES) : 0;
    }

    /**
     * The id that the queue's batches carry.
     *
     * @param journalId the journal's id
     * @return another one for each queue of each journal
     */
    public long queueId(long journalId) {
        return journalId + headKind;
    }

    private static QueueShape of(String name, int headKind, int blockBytes) {
        boolean small = blockBytes < DEFAULT_BLOCK_BYTES;
        return new QueueShape(name, headKind, blockBytes, small ? 4 : 0, small ? 8 : 0);
    }
}
