package io.ringbus.examples.tradingcore;

import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;
import java.io.IOException;

/**
 * Reports every execution to the clearing house. It has effects outside, so its subscription resumes after a restart,
 * is retried when the gateway fails, and never sees again what it has handled before the last checkpoint.
 */
final class DropCopy implements EventHandler<OrderMessage> {

    private final Gateway clearing;

    private long retries;

    DropCopy(Gateway clearing) {
        this.clearing = clearing;
    }

    @Override
    public void onStart() throws IOException {
        clearing.connect();
    }

    @Override
    public void onEvent(OrderMessage execution, EventContext context) throws Exception {
        if (context.attempt() > 1) {
            retries++;
        }
        clearing.send(context.sequence(), execution.line(), context.attempt());
    }

    /**
     * Attempts after the first, in this run.
     *
     * @return their number
     */
    long retries() {
        return retries;
    }
}
