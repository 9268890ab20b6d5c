package io.ringbus.benchmarks.jmh;

import io.ringbus.engine.event.EventCodec;
import java.nio.ByteBuffer;

/**
 * Writes the payload as it is.
 *
 * @param payloadBytes the size of each
 */
public record PayloadCodec(int payloadBytes) implements EventCodec<PayloadEvent> {

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
