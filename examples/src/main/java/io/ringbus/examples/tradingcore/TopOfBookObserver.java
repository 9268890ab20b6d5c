package io.ringbus.examples.tradingcore;

import java.io.Closeable;
import java.io.IOException;

/** Is shown the book after each message, on the book's thread. */
interface TopOfBookObserver extends Closeable {

    /** Looks at nothing. */
    TopOfBookObserver NONE = (message, book) -> { };

    /** Called once before the first message of a run, replayed ones included. */
    default void begin() {
    }

    /**
     * Called after each message.
     *
     * @param message what the book was given
     * @param book    the book after it
     */
    void onMessage(OrderMessage message, OrderBook book);

    @Override
    default void close() throws IOException {
    }
}
