package io.ringbus.engine.support;

import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventType;
import java.nio.ByteBuffer;

/** An immutable event of an account that has many. */
public record Booking(long id, long account) implements Numbered {

    /** Its aggregate has a number. */
    public static final EventType<Booking> TYPE = EventType.named("booking", Booking.class).codec(new Codec())
            .aggregate("account", Booking::account);
    /** Its aggregate has a text. */
    public static final EventType<Booking> BY_TEXT = TYPE.aggregateKey("account", b -> "account " + b.account);

    /** Sixteen bytes. */
    public static final class Codec implements EventCodec<Booking> {

        @Override
        public void encode(Booking event, ByteBuffer target) {
            target.putLong(event.id).putLong(event.account);
        }

        @Override
        public Booking decode(ByteBuffer source, int version, Booking reuse) {
            return new Booking(source.getLong(), source.getLong());
        }
    }
}
