package io.ringbus.benchmarks.peers;

import java.util.function.Consumer;
import net.engio.mbassy.bus.MBassador;
import net.engio.mbassy.bus.config.BusConfiguration;
import net.engio.mbassy.bus.config.Feature;
import net.engio.mbassy.listener.Handler;
import net.engio.mbassy.listener.Listener;
import net.engio.mbassy.listener.References;

/**
 * MBassador with asynchronous publishing: one dispatching thread, which takes publications from a bounded queue and
 * calls the handlers itself.
 *
 * @param <E> the events
 */
public final class MbassadorDispatch<E> implements Dispatch {

    private final Work<E> work;
    private final MBassador<E> bus;

    /**
     * Starts the thread.
     *
     * @param work what it does; as many publications may wait as its capacity says
     */
    public MbassadorDispatch(Work<E> work) {
        this.work = work;
        this.bus = new MBassador<>(new BusConfiguration()
                .addFeature(Feature.SyncPubSub.Default())
                .addFeature(Feature.AsynchronousHandlerInvocation.Default())
                .addFeature(Feature.AsynchronousMessageDispatch.Default()
                        .setNumberOfMessageDispatchers(1)
                        .setMessageQueue(new YieldingQueue<>(work.capacity())))
                .addPublicationErrorHandler(error -> work.onError().accept(error.getCause())));
        work.handlers().forEach(handler -> bus.subscribe(new Subscriber<>(handler)));
    }

    @Override
    public void publish(long number) {
        bus.publishAsync(work.newEvent(number));
    }

    @Override
    public void close() {
        bus.shutdown();
    }

    /**
     * Public, as the bus demands.
     *
     * @param <E> the events
     */
    @Listener(references = References.Strong)
    public static final class Subscriber<E> {

        private final Consumer<E> handler;

        private Subscriber(Consumer<E> handler) {
            this.handler = handler;
        }

        /**
         * Called by the bus.
         *
         * @param event given to the handler
         */
        @Handler
        public void handle(E event) {
            handler.accept(event);
        }
    }
}
