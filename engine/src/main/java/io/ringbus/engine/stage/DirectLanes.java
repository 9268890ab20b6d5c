package io.ringbus.engine.stage;

import io.ringbus.engine.ring.EventRing;
import io.ringbus.engine.ring.Slot;

/**
 * All lanes of a link that are given the events of one type, while nothing is unusual about any of them: nothing pending,
 * paused, filtered or timed, nothing to be logged. Then a delivery is hardly more than the call of its handler, and what
 * a lane has to be asked is asked once for many slots. Nearly all deliveries come this way. Used by the link's thread.
 *
 * <p>Event by event, and each to all lanes in their order, as it is without this: it is the way of doing it that is
 * shorter.
 */
final class DirectLanes {

    private final EventRing ring;
    private final FollowUps followUps;
    private final int typeIndex;
    private final Lane[] lanes;

    DirectLanes(EventRing ring, FollowUps followUps, int typeIndex, Lane[] lanes) {
        this.ring = ring;
        this.followUps = followUps;
        this.typeIndex = typeIndex;
        this.lanes = lanes;
    }

    /**
     * Delivers new events of the type, until something else is in a slot, or something unusual happens; that includes the
     * first failure, which is seen to.
     *
     * @return the last place that is done with; the one before the first when there was nothing to be done in this way
     */
    long deliver(long first, long last) {
        for (Lane lane : lanes) {
            if (!lane.isDirect()) {
                return first - 1;
            }
        }
        followUps.begin();
        for (long place = first; place <= last; place++) {
            Slot slot = ring.slot(place);
            if (slot.kind != Slot.Kind.EVENT || slot.typeIndex != typeIndex) {
                noteGiven(lanes.length);
                return place - 1;
            }
            for (int i = 0; i < lanes.length; i++) {
                Throwable error = lanes[i].give(slot.event, slot.index());
                if (error != null) {
                    noteGiven(place > first ? lanes.length : i);
                    finish(slot, i, error);
                    return place;
                }
            }
        }
        noteGiven(lanes.length);
        return last;
    }

    private void noteGiven(int toLanes) {
        for (int i = 0; i < toLanes; i++) {
            lanes[i].given();
        }
    }

    /** One lane has failed; those behind it have still to be given the event. */
    private void finish(Slot slot, int failed, Throwable error) {
        lanes[failed].giveFailed(slot, error);
        for (int i = failed + 1; i < lanes.length; i++) {
            lanes[i].offer(slot, false);
        }
    }
}
