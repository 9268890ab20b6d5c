package io.ringbus.engine.support;

import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventFiller;
import io.ringbus.engine.event.EventType;
import java.nio.ByteBuffer;

/** A mutable event of which each slot keeps an instance. */
public final class Tick implements Numbered {

    public static final EventType<Tick> TYPE = EventType.named("tick", Tick.class).codec(new Codec())
            .aggregate("tick", Tick::id).preallocated(Tick::new, (from, to) -> to.id = from.id);

    /** Captures nothing, so publishing with it makes no garbage of its own. */
    public static final EventFiller<Tick, Cursor> FROM_CURSOR = (tick, cursor) -> tick.id = cursor.next++;

    public long id;

    /** A filler's argument that is moved, not made. */
    public static final class Cursor {
        public long next = 1;
    }

    @Override
    public long id() {
        return id;
    }

    /** Eight bytes. */
    public static final class Codec implements EventCodec<Tick> {

        @Override
        public void encode(Tick event, ByteBuffer target) {
            target.putLong(event.id);
        }

        @Override
        public Tick decode(ByteBuffer source, int version, Tick reuse) {
            reuse.id = source.getLong();
            return reuse;
        }
    }
}
