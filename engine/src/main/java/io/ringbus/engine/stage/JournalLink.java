package io.ringbus.engine.stage;

import io.ringbus.engine.ring.EventRing;
import io.ringbus.engine.ring.Slot;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.EventAppender;

/**
 * The first link: gives new events their sequence and timestamp and appends them to the journal, one batch for as many
 * slots as are there, cut where the batch is full. Nothing behind it sees an event before the commit of its batch has
 * returned. What it throws stops the engine.
 */
final class JournalLink extends Link {

    /** As many cache lines as a core asks for at the same time, or some more. */
    private static final int TOUCHED_AT_ONCE = 16;

    private final EventRing ring;
    private final EngineClock clock;
    private final EventAppender appender;
    private final boolean handlesToo;
    /** Written only, so that what is touched has been read for something. */
    private int sink;

    /**
     * The first link of a chain with a journal.
     *
     * @param handlesToo whether the handlers' links follow on the same thread, which will have to read the events
     */
    JournalLink(EventRing ring, EngineClock clock, EventAppender appender, boolean handlesToo) {
        super("journal");
        this.ring = ring;
        this.clock = clock;
        this.appender = appender;
        this.handlesToo = handlesToo;
    }

    @Override
    long process(long first, long last) {
        long now = clock.epochNanos();
        long touched = first - 1;
        for (long place = first; place <= last; place++) {
            if (place > touched) {
                touched = Math.min(last, place + TOUCHED_AT_ONCE - 1);
                sink += ring.touch(place, touched, handlesToo);
            }
            Slot slot = ring.slot(place);
            if (slot.kind == Slot.Kind.EVENT) {
                slot.number(ring.sequenceOf(place));
                slot.stamp(now);
                appender.add(slot);
                // A collection is all there: it was published so that its first place shows only with its last.
                if (slot.endsGroup && appender.isFull()) {
                    appender.commit(now);
                    return place;
                }
            }
        }
        appender.commit(now);
        return last;
    }

    @Override
    long forceNanos() {
        return appender.forceNanos();
    }

    @Override
    boolean prepareAhead() {
        return appender.prepareAhead();
    }
}
