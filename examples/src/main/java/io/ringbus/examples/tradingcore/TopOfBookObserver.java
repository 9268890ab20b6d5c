package io.ringbus.examples.tradingcore;

import java.io.Closeable;
import java.io.IOException;

/** Is shown each change of the top of the book, on the book's thread. */
interface TopOfBookObserver extends Closeable {

    /** Looks at nothing. */
    TopOfBookObserver NONE = (message, top) -> { };

    /** Called once before the first message of a run, replayed ones included. */
    default void begin() {
    }

    /**
     * Called after each message that changed the top.
     *
     * @param message what the book was given
     * @param top     the top after it; another one after the call
     */
    void onTopChanged(OrderMessage message, TopChanged top);

    @Override
    default void close() throws IOException {
    }
}
