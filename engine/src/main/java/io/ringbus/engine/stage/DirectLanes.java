package io.ringbus.engine.stage;

import io.ringbus.engine.ring.EventRing;
import io.ringbus.engine.ring.Slot;

/**
 * All lanes of a link that are given the events of one type, while nothing is unusual about any of them: nothing pending,
 * paused or filtered, nothing to be logged. Then a delivery is hardly more than the call of its handler, and what
 * a lane has to be asked is asked once for many slots. Nearly all deliveries come this way. Used by the link's thread.
 *
 * <p>Event by event, and each to all lanes in their order, as it is without this: it is the way of doing it that is
 * shorter.
 */
final class DirectLanes {

    private final EventRing ring;
    private final FollowUps followUps;
    private final DirectDelivery delivery;
    private final int typeIndex;
    private final Lane[] lanes;

    DirectLanes(EventRing ring, LaneTools tools, int typeIndex, Lane[] lanes) {
        this.ring = ring;
        this.followUps = tools.followUps();
        this.delivery = tools.directDelivery();
        this.typeIndex = typeIndex;
        this.lanes = lanes;
    }

    /**
     * Delivers new events of the type, until something else is in a slot, or something unusual happens; that includes the
     * first failure, which is seen to.
     *
     * @param timed says which places are timed
     * @return the last place that is done with; the one before the first when there was nothing to be done in this way
     */
    long deliver(long first, long last, TimedPlaces timed) {
        Lane[] lanes = this.lanes;
        for (Lane lane : lanes) {
            if (!lane.isDirect()) {
                return first - 1;
            }
        }
        followUps.begin();
        for (long place = first; place <= last; place++) {
            Slot slot = ring.slot(place);
            if (slot.kind != Slot.Kind.EVENT || slot.typeIndex != typeIndex) {
                end(place - 1);
                return place - 1;
            }
            Object event = slot.event;
            boolean isTimed = timed.isNext(place);
            delivery.give(place);
            for (int i = 0; i < lanes.length; i++) {
                Throwable error = lanes[i].give(event, delivery, isTimed);
                if (error != null) {
                    if (place > first) {
                        end(place - 1);
                    }
                    finish(place, i, error);
                    return place;
                }
            }
        }
        end(last);
        return last;
    }

    /** All lanes have been given what is there up to a place. */
    private void end(long lastPlace) {
        delivery.end();
        for (Lane lane : lanes) {
            lane.given(lastPlace);
        }
    }

    /** One lane has failed; those before it have handled the event, and those behind it have still to be given it. */
    private void finish(long place, int failed, Throwable error) {
        delivery.end();
        for (int i = 0; i <= failed; i++) {
            lanes[i].given(place);
        }
        Slot slot = ring.slot(place);
        lanes[failed].giveFailed(slot, error);
        for (int i = failed + 1; i < lanes.length; i++) {
            lanes[i].offer(slot, false);
        }
    }
}
