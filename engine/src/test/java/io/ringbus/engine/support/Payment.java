package io.ringbus.engine.support;

import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** An event of an aggregate that has many, and a text for its id. Not registered by {@link OpenEngines}. */
public record Payment(long id, String customer) implements Numbered {

    public static final EventType<Payment> TYPE = EventType.named("payment", Payment.class).codec(new Codec())
            .aggregateKey("customer", Payment::customer);

    /** Eight bytes of id, then the customer. */
    public static final class Codec implements EventCodec<Payment> {

        @Override
        public void encode(Payment event, ByteBuffer target) {
            target.putLong(event.id).put(event.customer.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Payment decode(ByteBuffer source, int version, Payment reuse) {
            long id = source.getLong();
            return new Payment(id, StandardCharsets.UTF_8.decode(source).toString());
        }
    }
}
