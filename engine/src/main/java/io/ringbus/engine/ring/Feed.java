package io.ringbus.engine.ring;

import java.util.function.Consumer;

/**
 * Fills places with slots of the engine's own and publishes many of them at a time: for a recovery, which brings millions
 * of events and waits for none. Were each published by itself, a stage that waits for it would look at the cursor between
 * any two, and each look takes the cursor's cache line away from the thread that feeds.
 *
 * <p>Between two calls it may have places that are claimed and not published; nobody else gets further than these, so it
 * is to be closed whatever happens. One thread.
 */
public final class Feed implements AutoCloseable {

    /** Places published at a time; so many wake-ups are saved, and nothing waits for long. */
    private static final int MOST_PLACES = 64;
    /** The share of the ring that is filled before any of it can be worked on. */
    private static final int SHARE = 4;

    private final EventRing ring;
    private final Claims claims;
    private final int atOnce;

    // What is claimed and not published; nothing while the first one is behind the last.
    private long first;
    private long next;
    private long last = -1;

    /**
     * Feeds a ring.
     *
     * @param ring the ring
     */
    public Feed(EventRing ring) {
        this.ring = ring;
        this.claims = ring.claims();
        this.atOnce = Math.max(1, Math.min(MOST_PLACES, ring.size() / SHARE));
    }

    /**
     * Fills the next place, when there is a free one and no publisher in the way. Never waits long.
     *
     * @param filler writes the slot; when it throws, the place goes by as void
     * @return whether it was filled; if not, nothing is left unpublished
     */
    public boolean tryAdd(Consumer<Slot> filler) {
        if (first > last && !claim()) {
            return false;
        }
        claims.fill(next++, 0, (slot, index) -> filler.accept(slot));
        if (next > last) {
            publish();
        }
        return true;
    }

    /** Publishes what is filled; claimed places that are left go by as void. */
    @Override
    public void close() {
        if (first <= last) {
            publish();
        }
    }

    private boolean claim() {
        int places = (int) Math.min(atOnce, ring.size() - ring.occupied());
        long end = places == 0 ? Claims.FULL : claims.claimOwn(places);
        if (end == Claims.FULL) {
            return false;
        }
        first = end - places + 1;
        next = first;
        last = end;
        return true;
    }

    private void publish() {
        claims.publishOwn(first, next - 1, last);
        first = last + 1;
    }
}
