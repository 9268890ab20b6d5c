package io.ringbus.journal.store;

/**
 * What is known to have been in a queue.
 *
 * @param file     the newest file
 * @param ordinal  the last batch
 * @param sequence the last sequence
 * @param isForced whether that was on disk
 */
public record QueueMark(FileId file, long ordinal, long sequence, boolean isForced) {

    /** Nothing is known. */
    public static final QueueMark NONE = new QueueMark(FileId.NONE, 0, 0, false);

    /**
     * Adds knowledge from elsewhere about the last sequence.
     *
     * @param otherSequence a sequence that was in the queue
     * @param otherForced   whether it was on disk then
     * @return what is known from both
     */
    public QueueMark and(long otherSequence, boolean otherForced) {
        if (otherSequence <= sequence) {
            return this;
        }
        return new QueueMark(file, ordinal, otherSequence, otherForced);
    }
}
