package io.ringbus.examples.tradingcore;

import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;

/**
 * Counts the order requests there are. A rebuilding subscription of its own: what the strategy means to have published
 * is one thing, what the journal holds another, and they differ when a release decides otherwise than the one before.
 */
final class OrderTally implements EventHandler<OrderRequest> {

    private long requests;

    @Override
    public void onEvent(OrderRequest request, EventContext context) {
        requests++;
    }

    /**
     * How many orders were asked for.
     *
     * @return the events since the journal began
     */
    long requests() {
        return requests;
    }
}
