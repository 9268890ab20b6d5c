package io.ringbus.benchmarks.peers;

import com.lmax.disruptor.ExceptionHandler;
import java.util.function.Consumer;

/** Passes on what the handlers of a Disruptor throw; nothing is handled in its place. */
record FailureTeller<E>(Consumer<? super Throwable> told) implements ExceptionHandler<E> {

    @Override
    public void handleEventException(Throwable error, long sequence, E event) {
        told.accept(new IllegalStateException("a handler failed: sequence=" + sequence, error));
    }

    @Override
    public void handleOnStartException(Throwable error) {
        told.accept(new IllegalStateException("a handler did not start", error));
    }

    @Override
    public void handleOnShutdownException(Throwable error) {
        told.accept(new IllegalStateException("a handler did not stop cleanly", error));
    }
}
