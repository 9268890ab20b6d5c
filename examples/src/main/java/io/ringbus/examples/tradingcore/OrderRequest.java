package io.ringbus.examples.tradingcore;

import io.ringbus.engine.event.EventType;

/**
 * The strategy wants an order at the exchange. Its cause is the {@link TopChanged} that it was decided on.
 *
 * <p>The aggregate is the side: buy orders go out in the order in which they were asked for, and so do sell orders, but
 * a buy order that waits for its next attempt does not hold up a sell order.
 *
 * @param topChange on which change of the top it was decided, counted from 1 since the journal began. The exchange
 *                  knows the order by it: there is one order at most on each, and it is the same when the request has
 *                  to be sent again, and even when it has to be published again under another sequence
 * @param direction what the order is to do
 * @param price     in 1/10,000 dollar
 * @param size      shares
 */
public record OrderRequest(long topChange, Direction direction, long price, long size) {

    /** What the journal knows it by. */
    static final EventType<OrderRequest> TYPE = EventType.named("order-request", OrderRequest.class)
            .aggregate("side", request -> request.direction().sign());
}
