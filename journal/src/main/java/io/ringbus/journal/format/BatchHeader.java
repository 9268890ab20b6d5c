package io.ringbus.journal.format;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The header of a batch; one batch is one document of a queue. All numbers are little-endian.
 *
 * <pre>
 *   0                   4         6    7    8                   12                  16
 *   +-------------------+---------+----+----+-------------------+-------------------+
 *   | magic "RBJ1"      | version |kind|flag| CRC32C            | CRC32C before     |
 *   +-------------------+---------+----+----+-------------------+-------------------+
 *16 | queue id                              | ordinal                               |
 *   +---------------------------------------+---------------------------------------+
 *32 | first sequence                        | last sequence                         |
 *   +---------------------------------------+-------------------+-------------------+
 *48 | last sequence of the batch before     | payload length    | count             |
 *   +---------------------------------------+-------------------+-------------------+
 *64 | payload …                                    zeros up to a multiple of 8      |
 *   +-------------------------------------------------------------------------------+
 * </pre>
 *
 * <p>The CRC covers everything but itself and the zeros at the end, so also the CRC of the batch before: a batch can be
 * verified alone, and a chain of them proves that none is missing or foreign. The ordinal counts the batches of a queue
 * across its files, from 1. The queue id is the journal's, drawn when it was made, plus the kind of the queue's heads:
 * bytes of another journal or queue, or of an event that carries a piece of one, are never taken for a batch of this one.
 *
 * <p>In the queue of outcomes, first and last sequence are the highest sequence of an event that was named so far.
 */
public final class BatchHeader {

    /** The bytes of the header. */
    public static final int BYTES = 64;
    /** The first four bytes of each batch, "RBJ1". */
    public static final int MAGIC = 0x314A4252;
    /**
     * The version of the format that is written. 1 had event frames without cause and message id, and the outcomes up
     * to {@link io.ringbus.engine.spi.Outcome.RestatementEnded}; 2 had event frames with a head of 24 bytes. All else
     * is the same, and all are read.
     */
    public static final int VERSION = 3;
    /** Type definitions; the first batch of each file of events. */
    public static final int DEFINITIONS = 1;
    /** Events. */
    public static final int EVENTS = 2;
    /** The first batch of each file of outcomes. */
    public static final int OUTCOMES_HEAD = 3;
    /** Outcomes. */
    public static final int OUTCOMES = 4;
    /** A flag: a restatement begins in this batch. */
    public static final int RESTATEMENT_BEGINS = 1;
    /** A flag: a restatement ends in this batch. */
    public static final int RESTATEMENT_ENDS = 2;

    /** Where the payload's length stands in the header. */
    public static final int PAYLOAD_LENGTH_OFFSET = 56;

    static final int AT_MAGIC = 0;
    static final int AT_VERSION = 4;
    static final int AT_KIND = 6;
    static final int AT_FLAGS = 7;
    static final int AT_CRC = 8;
    static final int AT_PREVIOUS_CRC = 12;
    static final int AT_QUEUE_ID = 16;
    static final int AT_ORDINAL = 24;
    static final int AT_FIRST_SEQUENCE = 32;
    static final int AT_LAST_SEQUENCE = 40;
    static final int AT_PREVIOUS_SEQUENCE = 48;
    static final int AT_PAYLOAD_LENGTH = PAYLOAD_LENGTH_OFFSET;
    static final int AT_COUNT = 60;

    private BatchHeader() {
    }

    /**
     * The bytes of a batch with a payload of this length.
     *
     * @param payloadLength bytes
     * @return header, payload, and zeros up to a multiple of 8
     */
    public static int batchLength(int payloadLength) {
        return BYTES + (payloadLength + 7 & ~7);
    }

    static int crc(CRC32C crc, ByteBuffer buffer, int offset, int payloadLength) {
        crc.reset();
        buffer.limit(offset + AT_CRC).position(offset);
        crc.update(buffer);
        buffer.limit(offset + BYTES + payloadLength).position(offset + AT_PREVIOUS_CRC);
        crc.update(buffer);
        buffer.clear();
        return (int) crc.getValue();
    }
}
