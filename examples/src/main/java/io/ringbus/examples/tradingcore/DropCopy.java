package io.ringbus.examples.tradingcore;

import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.retry.RetryPolicy;
import java.io.IOException;
import java.time.Duration;

/**
 * Reports every execution to the gateway. It has effects outside, so its subscription resumes after a restart, is
 * retried when the gateway fails, and never sees again what it has handled before the last checkpoint.
 */
final class DropCopy implements EventHandler<OrderMessage> {

    /** Back at once after a hiccup, and through about a quarter of a second of outage before it is a dead letter. */
    static final RetryPolicy RETRY = RetryPolicy.exponential(Duration.ofMillis(1))
            .maxDelay(Duration.ofMillis(100))
            .maxAttempts(9);

    private final Gateway gateway;

    DropCopy(Gateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public void onStart() throws IOException {
        gateway.connect();
    }

    @Override
    public void onEvent(OrderMessage execution, EventContext context) throws Exception {
        gateway.send(execution, context.sequence(), context.attempt());
    }
}
