package io.ringbus.examples.tradingcore;

import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;
import org.HdrHistogram.Histogram;

/**
 * Keeps the order book, publishes each change of its top, and measures how long each message took from being published
 * to being in the book. Replayed messages are not measured: they were published long ago.
 */
final class BookStage implements EventHandler<OrderMessage> {

    private static final long LONGEST_NANOS = 3_600_000_000_000L;
    private static final int SIGNIFICANT_DIGITS = 3;

    private final OrderBook book = new OrderBook();
    private final TopChanged top = new TopChanged();
    private final Histogram latencies = new Histogram(LONGEST_NANOS, SIGNIFICANT_DIGITS);
    private final TopOfBookObserver observer;
    private final PublishTimes publishTimes;

    BookStage(TopOfBookObserver observer, PublishTimes publishTimes) {
        this.observer = observer;
        this.publishTimes = publishTimes;
    }

    @Override
    public void onStart() {
        observer.begin();
    }

    @Override
    public void onEvent(OrderMessage message, EventContext context) {
        book.apply(message);
        if (top.update(book)) {
            observer.onTopChanged(message, top);
            context.publish(top);
        }
        if (!context.replaying()) {
            latencies.recordValue(Math.min(publishTimes.nanosSince(message.line()), LONGEST_NANOS));
        }
    }

    OrderBook book() {
        return book;
    }

    /**
     * From publish to the book.
     *
     * @return nanoseconds
     */
    Histogram latencies() {
        return latencies;
    }
}
