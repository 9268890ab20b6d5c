package io.ringbus.examples.tradingcore;

import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;
import java.io.IOException;

/**
 * Sends what the strategy asks for to the exchange. Its subscription resumes after a restart, so a kill between the
 * sending and the next checkpoint has it send again: at least once. The exchange takes a request once, by the change of
 * the top that it was decided on, which makes it one order. Retried per side: while a buy order waits for its next
 * attempt, later ones wait behind it.
 */
final class OrderGateway implements EventHandler<OrderRequest> {

    private final Gateway exchange;

    OrderGateway(Gateway exchange) {
        this.exchange = exchange;
    }

    @Override
    public void onStart() throws IOException {
        exchange.connect();
    }

    @Override
    public void onEvent(OrderRequest request, EventContext context) throws Exception {
        exchange.sendOnce(request.topChange(), context.sequence(), context.attempt());
    }
}
