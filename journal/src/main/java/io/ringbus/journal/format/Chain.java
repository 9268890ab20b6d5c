package io.ringbus.journal.format;

/**
 * Where a chain of batches stands: what the next batch must follow. Mutable; one thread at a time.
 */
public final class Chain {

    private final long queueId;

    private long ordinal;
    private int crc;
    private long lastSequence;

    /**
     * A chain before its first batch.
     *
     * @param queueId the queue's id
     */
    public Chain(long queueId) {
        this.queueId = queueId;
    }

    /**
     * What keeps a valid batch from being the next one.
     *
     * @param batch a batch that was verified alone
     * @return null when it is the next one; otherwise what does not fit
     */
    public String refusal(BatchView batch) {
        if (batch.queueId() != queueId) {
            return "it belongs to another journal or queue: queueId=" + Long.toHexString(batch.queueId());
        }
        if (batch.ordinal() != ordinal + 1) {
            return "batches are missing before it: expected=" + (ordinal + 1) + ", ordinal=" + batch.ordinal();
        }
        if (batch.previousCrc() != crc || batch.previousSequence() != lastSequence) {
            return "it does not follow the batch before: expectedSequence=" + lastSequence + ", previousSequence="
                    + batch.previousSequence();
        }
        if (batch.firstSequence() < lastSequence || batch.lastSequence() < batch.firstSequence()) {
            return "its sequences do not rise: firstSequence=" + batch.firstSequence() + ", lastSequence="
                    + batch.lastSequence();
        }
        return null;
    }

    /**
     * Whether a batch belongs to this queue and stands behind the chain's end, perhaps with a gap.
     *
     * @param batch a batch that was verified alone
     * @return true when reading can go on with it after damage
     */
    public boolean canResumeAt(BatchView batch) {
        return batch.queueId() == queueId && batch.ordinal() > ordinal && batch.firstSequence() >= lastSequence;
    }

    /**
     * Goes on to a batch.
     *
     * @param batch the new end of the chain
     */
    public void accept(BatchView batch) {
        advance(batch.crc(), batch.lastSequence(), batch.ordinal());
    }

    /**
     * Goes on to a batch that was just written.
     *
     * @param newCrc      its checksum
     * @param newSequence its last sequence
     * @param newOrdinal  its ordinal
     */
    public void advance(int newCrc, long newSequence, long newOrdinal) {
        crc = newCrc;
        lastSequence = newSequence;
        ordinal = newOrdinal;
    }

    /**
     * Stands just before a batch, whatever was before it.
     *
     * @param batch the batch to come
     */
    public void placeBefore(BatchView batch) {
        advance(batch.previousCrc(), batch.previousSequence(), batch.ordinal() - 1);
    }

    /**
     * A second chain that stands at the same place.
     *
     * @return the copy
     */
    public Chain copy() {
        Chain copy = new Chain(queueId);
        copy.advance(crc, lastSequence, ordinal);
        return copy;
    }

    /**
     * The queue's id.
     *
     * @return the id
     */
    public long queueId() {
        return queueId;
    }

    /**
     * The last batch's number.
     *
     * @return its ordinal; 0 before the first
     */
    public long ordinal() {
        return ordinal;
    }

    /**
     * The last batch's checksum.
     *
     * @return a CRC32C; 0 before the first
     */
    public int crc() {
        return crc;
    }

    /**
     * The last batch's last sequence.
     *
     * @return a sequence; 0 before the first
     */
    public long lastSequence() {
        return lastSequence;
    }
}
