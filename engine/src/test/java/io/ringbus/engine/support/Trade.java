package io.ringbus.engine.support;

import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** An immutable event. */
public record Trade(long id, String text) implements Numbered {

    public static Trade of(long id) {
        return new Trade(id, "trade " + id);
    }

    public static final EventType<Trade> TYPE = EventType.named("trade", Trade.class).codec(new Codec()).aggregate("account", Trade::id);

    /** Eight bytes of id, then the text. */
    public static final class Codec implements EventCodec<Trade> {

        @Override
        public void encode(Trade event, ByteBuffer target) {
            target.putLong(event.id).put(event.text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Trade decode(ByteBuffer source, int version, Trade reuse) {
            long id = source.getLong();
            return new Trade(id, StandardCharsets.UTF_8.decode(source).toString());
        }
    }
}
