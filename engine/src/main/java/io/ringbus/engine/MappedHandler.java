package io.ringbus.engine;

import io.ringbus.engine.error.InvalidEventException;
import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;
import java.util.function.Function;

/** Gives a handler what a mapping makes of the event. */
final class MappedHandler<T, R> implements EventHandler<T> {

    private final Function<? super T, ? extends R> mapping;
    private final EventHandler<? super R> handler;

    MappedHandler(Function<? super T, ? extends R> mapping, EventHandler<? super R> handler) {
        this.mapping = mapping;
        this.handler = handler;
    }

    @Override
    public void onEvent(T event, EventContext context) throws Exception {
        R mapped = mapping.apply(event);
        if (mapped == null) {
            throw new InvalidEventException("a mapping must not return null; use a filter to pass over events:"
                    + " subscription=" + context.subscription() + ", sequence=" + context.sequence());
        }
        handler.onEvent(mapped, context);
    }

    @Override
    public void onStart() throws Exception {
        handler.onStart();
    }

    @Override
    public void onBatchEnd() throws Exception {
        handler.onBatchEnd();
    }

    @Override
    public void onStop() throws Exception {
        handler.onStop();
    }
}
