package io.ringbus.examples.tradingcore;

import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;

/**
 * Counts new orders that no desk should have let out: too small, too large, at an impossible price, or while trading is
 * halted. What comes later in an order's life is not judged again, and the book sees every message all the same: it is
 * market data.
 *
 * <p>A halt message has a code in the place of its price: -1 halts trading, 0 lets quotes resume, 1 trading.
 *
 * <p>A rebuilding subscription: {@link #refused()} counts since the journal's first event, whatever was killed between.
 */
final class RiskGate implements EventHandler<OrderMessage> {

    /** Shares. Some thirty times the largest order of an ordinary day in a large stock; beyond, a finger slipped. */
    static final long MAX_SIZE = 100_000;
    /** One cent, in 1/10,000 dollar. */
    static final long MIN_PRICE = 100;
    /** $199,999.99, the highest price that the exchange takes. */
    static final long MAX_PRICE = 1_999_999_900;

    private static final long HALTED = -1;

    private boolean halted;
    private long refused;

    @Override
    public void onEvent(OrderMessage message, EventContext context) {
        switch (message.type()) {
            case TRADING_HALT -> halted = message.price() == HALTED;
            case NEW_ORDER -> {
                if (halted || isOutOfBounds(message.size(), message.price())) {
                    refused++;
                }
            }
            default -> { }
        }
    }

    long refused() {
        return refused;
    }

    private static boolean isOutOfBounds(long size, long price) {
        return size < 1 || size > MAX_SIZE || price < MIN_PRICE || price > MAX_PRICE;
    }
}
