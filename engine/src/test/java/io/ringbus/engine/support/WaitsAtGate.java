package io.ringbus.engine.support;

import io.ringbus.engine.event.EventContext;

/** Records an event, then stands at a gate until that is opened, or its thread is interrupted. */
public final class WaitsAtGate extends RecordingHandler {

    private final Gate gate;
    private final boolean deaf;

    private WaitsAtGate(Gate gate, boolean deaf) {
        this.gate = gate;
        this.deaf = deaf;
    }

    public static WaitsAtGate of(Gate gate) {
        return new WaitsAtGate(gate, false);
    }

    /** Does not react to interrupts. */
    public static WaitsAtGate deafly(Gate gate) {
        return new WaitsAtGate(gate, true);
    }

    @Override
    public void onEvent(Numbered event, EventContext context) throws Exception {
        super.onEvent(event, context);
        if (deaf) {
            gate.passUninterruptibly();
        } else {
            gate.pass();
        }
    }
}
