package io.ringbus.engine.stage;

import io.ringbus.engine.ring.EventRing;
import io.ringbus.engine.ring.Slot;

/**
 * Points at one slot after another, as a number: the default collector lets a thread wait for its own writes whenever it
 * stores a reference into an old object, and a lane does nothing as often as going on to the next slot. One thread.
 */
final class SlotPointer {

    private static final int OUTSIDE = -1;

    private final EventRing ring;

    private int index = OUTSIDE;
    /** A slot that is no part of the ring; null before the first. */
    private Slot outside;

    /** Points at nothing. */
    SlotPointer(EventRing ring) {
        this.ring = ring;
    }

    void pointAt(Slot slot) {
        int newIndex = slot.index();
        if (newIndex >= 0) {
            index = newIndex;
        } else {
            index = OUTSIDE;
            if (outside != slot) {
                outside = slot;
            }
        }
    }

    /** The slot; null when it was never pointed at one. */
    Slot slot() {
        return index >= 0 ? ring.slot(index) : outside;
    }
}
