package io.ringbus.journal.store;

/**
 * Which file of a queue: the session that wrote it, and its cycle within the session.
 *
 * @param session the session's number, from 1
 * @param cycle   the cycle's number since the epoch
 */
public record FileId(int session, int cycle) implements Comparable<FileId> {

    /** No file: what stands before the first one. */
    public static final FileId NONE = new FileId(0, 0);

    @Override
    public int compareTo(FileId other) {
        return session != other.session ? Integer.compare(session, other.session)
                : Integer.compare(cycle, other.cycle);
    }
}
