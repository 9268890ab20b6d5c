package io.ringbus.engine.stage;

import com.lmax.disruptor.Sequence;
import java.util.List;

/** One link of the chain: does its work on the slots that the link before it is done with. Used by one thread. */
abstract class Link {

    private final String name;
    private final Sequence sequence = new Sequence();

    Link(String name) {
        this.name = name;
    }

    /** The stage's name, for messages and statistics. */
    final String name() {
        return name;
    }

    /** The last place this link is done with; its runner moves it. */
    final Sequence sequence() {
        return sequence;
    }

    /**
     * Works on the slots from {@code first} on, at most to {@code last}, at least on one. A link stops early so that
     * the links behind it can begin.
     *
     * @return the last place it is done with
     */
    abstract long process(long first, long last);

    /** Called when this link's sequence has moved on. */
    void released() {
        // Most links have nothing to do with what they let go.
    }

    /** What forcing a batch to disk takes, in nanoseconds; 0 where that is not done. */
    long forceNanos() {
        return 0;
    }

    /**
     * Does a little of what may be done at any time, while there is no slot for the thread.
     *
     * @return whether there is more of it to do
     */
    boolean prepareAhead() {
        return false;
    }

    /** Called on the link's thread before the first slot. */
    void start() throws Exception {
        // Most links have nothing to begin.
    }

    /**
     * Called on the link's thread after the last slot.
     *
     * @return what went wrong, one sentence each
     */
    List<String> stop() {
        return List.of();
    }
}
