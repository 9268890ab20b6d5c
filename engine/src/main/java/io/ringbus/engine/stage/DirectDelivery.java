package io.ringbus.engine.stage;

/**
 * How far a link's {@linkplain DirectLanes direct lanes} are: which place's event they are given, and whose handler is
 * called. One for the whole link, so that a delivery writes one number, and not three into its own lane's context. Used by
 * the link's thread.
 */
final class DirectDelivery {

    private static final int NONE = -1;

    private long place = NONE;
    private int subscription = NONE;

    /** Begins with the event at a place. */
    void give(long newPlace) {
        place = newPlace;
    }

    /** Says whose handler is called now. */
    void to(int subscriptionIndex) {
        subscription = subscriptionIndex;
    }

    /** Nothing is given in this way any more. */
    void end() {
        place = NONE;
        subscription = NONE;
    }

    /** Whether a place's event is being given. */
    boolean isUnderWay() {
        return place != NONE;
    }

    long place() {
        return place;
    }

    boolean isTo(StageSubscription asked) {
        return subscription == asked.index();
    }
}
