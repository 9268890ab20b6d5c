package io.ringbus.engine.stage;

import io.ringbus.engine.ring.EventRing;
import io.ringbus.engine.ring.Slot;
import io.ringbus.engine.spi.EngineClock;
import java.util.List;

/**
 * The first stage of a chain without a journal: gives new events their timestamp, as the journal link does otherwise.
 */
final class TimestampLink extends Link {

    /** Slots stamped at a time, so that they are still in the cache when the stage comes to them. */
    private static final int MAX_BATCH = 256;

    private final EventRing ring;
    private final EngineClock clock;
    private final Link stage;

    TimestampLink(EventRing ring, EngineClock clock, Link stage) {
        super(stage.name());
        this.ring = ring;
        this.clock = clock;
        this.stage = stage;
    }

    @Override
    void start() throws Exception {
        stage.start();
    }

    @Override
    long process(long first, long last) {
        long end = Math.min(last, first + MAX_BATCH - 1);
        long now = clock.epochNanos();
        for (long place = first; place <= end; place++) {
            Slot slot = ring.slot(place);
            if (slot.kind == Slot.Kind.EVENT) {
                slot.timestampNanos = now;
            }
        }
        return stage.process(first, end);
    }

    @Override
    List<String> stop() {
        return stage.stop();
    }
}
