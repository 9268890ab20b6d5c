package io.ringbus.engine.ring;

import io.ringbus.engine.error.InvalidConfigurationException;
import io.ringbus.engine.error.InvalidEventException;

/**
 * The ids under which events were published, each with its event's sequence, as far back as the window reaches: an id
 * is remembered while its event's sequence is greater than the newest remembered sequence minus the window.
 *
 * <p>The ids stand in the order of their sequences in a circle of as many entries as the window has sequences, which is
 * always enough because no two events have one sequence. An open-addressed table of entry numbers finds them. The
 * oldest leave as the newest comes; what stood behind them in the table moves up, so it needs no tombstones and never
 * grows. All of it is allocated at the start.
 *
 * <p>Assumes that its caller holds this object's monitor, and that sequences are remembered in rising order.
 */
public final class MessageIds {

    /** The largest window; its table takes about half a GiB. */
    public static final int MAX_WINDOW = 1 << 24;

    private final int window;
    private final long salt;
    private final long[] high;
    private final long[] low;
    private final long[] sequences;
    /** Entry numbers from 1; 0 is a free place. At most half of it is taken. */
    private final int[] table;
    private final int mask;

    private int oldest;
    private int count;

    /**
     * A memory without ids.
     *
     * @param window how many sequences back ids are remembered, 0 to {@link #MAX_WINDOW}; 0 refuses every id
     * @param salt   mixed into the hash, so that whoever chooses the ids cannot choose their places
     */
    public MessageIds(int window, long salt) {
        this.window = window;
        this.salt = salt;
        this.high = new long[window];
        this.low = new long[window];
        this.sequences = new long[window];
        int places = window == 0 ? 0 : Integer.highestOneBit(window * 2 - 1) * 2;
        this.table = new int[places];
        this.mask = places - 1;
    }

    /**
     * How many sequences back ids are remembered.
     *
     * @return 0 for off
     */
    public int window() {
        return window;
    }

    /** Refuses what is no id, and every id when none are remembered. */
    void require(long idHigh, long idLow) {
        if (window == 0) {
            throw new InvalidConfigurationException("an event is published under a message id only where ids are"
                    + " remembered; set how many sequences back: messageIdWindow=0");
        }
        if ((idHigh | idLow) == 0) {
            throw new InvalidEventException("0 in both halves means no message id; choose another, or publish without:"
                    + " messageId=0/0");
        }
    }

    /**
     * Looks an id up.
     *
     * @param idHigh its upper half
     * @param idLow  its lower half
     * @return the sequence of its event; 0 for an id that is not remembered
     */
    long sequenceOf(long idHigh, long idLow) {
        int place = find(idHigh, idLow);
        return table[place] == 0 ? 0 : sequences[table[place] - 1];
    }

    /**
     * Remembers an id, and forgets those that are behind the window now. An id that is remembered already, from a time
     * when the window was smaller, goes on with the newer sequence.
     *
     * @param idHigh   its upper half
     * @param idLow    its lower half
     * @param sequence its event's, greater than any before
     */
    public void remember(long idHigh, long idLow, long sequence) {
        while (count > 0 && sequences[oldest] <= sequence - window) {
            forgetOldest();
        }
        int entry = oldest + count < window ? oldest + count : oldest + count - window;
        high[entry] = idHigh;
        low[entry] = idLow;
        sequences[entry] = sequence;
        count++;
        // An older entry of the same id stays in the circle until its turn comes, but nothing leads to it any more.
        table[find(idHigh, idLow)] = entry + 1;
    }

    /** Where the search for an id begins. */
    int home(long idHigh, long idLow) {
        return (int) mixed(mixed(idHigh ^ salt) + idLow) & mask;
    }

    /** The place of an id in the table, or the free one where it belongs. */
    private int find(long idHigh, long idLow) {
        int place = home(idHigh, idLow);
        while (table[place] != 0 && !holds(table[place] - 1, idHigh, idLow)) {
            place = place + 1 & mask;
        }
        return place;
    }

    private boolean holds(int entry, long idHigh, long idLow) {
        return low[entry] == idLow && high[entry] == idHigh;
    }

    private void forgetOldest() {
        int place = find(high[oldest], low[oldest]);
        // Another entry stands there when the id was remembered again.
        if (table[place] == oldest + 1) {
            free(place);
        }
        oldest = oldest + 1 < window ? oldest + 1 : 0;
        count--;
    }

    /** Frees a place, and moves up what could no longer be found behind the gap. */
    private void free(int place) {
        int gap = place;
        for (int next = gap + 1 & mask; table[next] != 0; next = next + 1 & mask) {
            int entry = table[next] - 1;
            int home = home(high[entry], low[entry]);
            boolean reachableWithoutTheGap = (next - home & mask) < (next - gap & mask);
            if (!reachableWithoutTheGap) {
                table[gap] = table[next];
                gap = next;
            }
        }
        table[gap] = 0;
    }

    private static long mixed(long value) {
        long mixed = (value ^ value >>> 32) * 0xD6E8FEB86659FD93L;
        mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
        return mixed ^ mixed >>> 32;
    }
}
