package io.ringbus.engine.stage;

/** Says which of the places that a link works on are timed: one in so many. Used by the link's thread. */
final class TimedPlaces {

    private final int every;
    private long next;

    TimedPlaces(int every) {
        this.every = every;
    }

    /** Whether this place is. Asked once for each place, in their order. */
    boolean isNext(long place) {
        if (place < next) {
            return false;
        }
        next = place + every;
        return true;
    }
}
