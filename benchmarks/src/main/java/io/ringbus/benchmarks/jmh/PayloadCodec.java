package io.ringbus.benchmarks.jmh;

import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventType;
import java.nio.ByteBuffer;

/**
 * Writes the payload as it is.
 *
 * @param payloadBytes the size of each
 */
public record PayloadCodec(int payloadBytes) implements EventCodec<PayloadEvent> {

    /**
     * The type of the events: preallocated ones, written as they are.
     *
     * @param payloadBytes the size of each
     * @return a new type
     */
    public static EventType<PayloadEvent> type(int payloadBytes) {
        return EventType.named("payload", PayloadEvent.class)
                .codec(new PayloadCodec(payloadBytes))
                .preallocated(() -> new PayloadEvent(payloadBytes), PayloadEvent::copyTo);
    }

    @Override
    public void encode(PayloadEvent event, ByteBuffer target) {
        target.put(event.payload());
    }

    @Override
    public PayloadEvent decode(ByteBuffer source, int version, PayloadEvent reuse) {
        PayloadEvent event = reuse == null ? new PayloadEvent(payloadBytes) : reuse;
        source.get(event.payload());
        return event;
    }
}
