package io.ringbus.examples.tradingcore;

import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;

/**
 * Joins the side of the book that far outweighs the other: when the imbalance at the top is beyond the threshold, it
 * asks for an order at that side's best price, and at most once in a hundred top changes.
 *
 * <p>It knows the book by the events that the book publishes and by nothing else: the book's stage may be thousands of
 * messages ahead of this one. A rebuilding subscription, whose state is how many top changes there have been and when
 * it last asked; so after a kill it asks for what it would have asked for.
 */
final class Strategy implements EventHandler<TopChanged> {

    /** Beyond it, in either direction, it asks for an order: when one side has more than nine times the other. */
    static final double THRESHOLD = 0.8;
    /** From one request to the next there are at least so many top changes. */
    static final long TOP_CHANGES_PER_REQUEST = 100;
    /** Shares of an order: a round lot. */
    static final long LOT = 100;

    private long topChanges;
    private long nextRequestFrom = 1;

    @Override
    public void onEvent(TopChanged top, EventContext context) {
        topChanges++;
        if (topChanges < nextRequestFrom) {
            return;
        }
        double imbalance = top.imbalance();
        if (imbalance > THRESHOLD) {
            request(Direction.BUY, top.bidPrice(), context);
        } else if (imbalance < -THRESHOLD) {
            request(Direction.SELL, top.askPrice(), context);
        }
    }

    /**
     * How often the top has changed.
     *
     * @return the events since the journal began
     */
    long topChanges() {
        return topChanges;
    }

    private void request(Direction direction, long price, EventContext context) {
        context.publish(new OrderRequest(topChanges, direction, price, LOT));
        nextRequestFrom = topChanges + TOP_CHANGES_PER_REQUEST;
    }
}
