package io.ringbus.examples.tradingcore;

import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventType;
import java.nio.ByteBuffer;

/**
 * The top of the book is another one now. Its cause is the message that changed it.
 *
 * <p>Some two messages of five cause one, so it is a preallocated event with a codec of its own: 32 bytes, no
 * garbage. It belongs to no aggregate: the input is one instrument, and there is one book.
 */
final class TopChanged {

    /** What the journal knows it by. */
    static final EventType<TopChanged> TYPE = EventType.named("top-changed", TopChanged.class).codec(new Codec())
            .preallocated(TopChanged::new, TopChanged::copy);

    private long askPrice;
    private long askSize;
    private long bidPrice;
    private long bidSize;

    /**
     * Takes over the top of a book.
     *
     * @param book the book
     * @return whether it differs from what was here
     */
    boolean update(OrderBook book) {
        BookSide asks = book.asks();
        BookSide bids = book.bids();
        if (asks.bestPrice() == askPrice && asks.bestSize() == askSize && bids.bestPrice() == bidPrice
                && bids.bestSize() == bidSize) {
            return false;
        }
        askPrice = asks.bestPrice();
        askSize = asks.bestSize();
        bidPrice = bids.bestPrice();
        bidSize = bids.bestSize();
        return true;
    }

    /**
     * How much more is bid for than offered, at the best prices.
     *
     * @return -1 (all is offered) to 1 (all is bid for); not a number when both sides are empty
     */
    double imbalance() {
        return (double) (bidSize - askSize) / (bidSize + askSize);
    }

    /**
     * The best price of sellers.
     *
     * @return in 1/10,000 dollar; 0 when there are none
     */
    long askPrice() {
        return askPrice;
    }

    /**
     * What is offered at that price.
     *
     * @return shares; 0 when there are no sellers
     */
    long askSize() {
        return askSize;
    }

    /**
     * The best price of buyers.
     *
     * @return in 1/10,000 dollar; 0 when there are none
     */
    long bidPrice() {
        return bidPrice;
    }

    /**
     * What is bid for at that price.
     *
     * @return shares; 0 when there are no buyers
     */
    long bidSize() {
        return bidSize;
    }

    @Override
    public String toString() {
        return "TopChanged[askPrice=" + askPrice + ", askSize=" + askSize + ", bidPrice=" + bidPrice + ", bidSize="
                + bidSize + "]";
    }

    private static void copy(TopChanged from, TopChanged to) {
        to.askPrice = from.askPrice;
        to.askSize = from.askSize;
        to.bidPrice = from.bidPrice;
        to.bidSize = from.bidSize;
    }

    private static final class Codec implements EventCodec<TopChanged> {

        @Override
        public void encode(TopChanged event, ByteBuffer target) {
            target.putLong(event.askPrice).putLong(event.askSize).putLong(event.bidPrice).putLong(event.bidSize);
        }

        @Override
        public TopChanged decode(ByteBuffer source, int version, TopChanged reuse) {
            reuse.askPrice = source.getLong();
            reuse.askSize = source.getLong();
            reuse.bidPrice = source.getLong();
            reuse.bidSize = source.getLong();
            return reuse;
        }
    }
}
