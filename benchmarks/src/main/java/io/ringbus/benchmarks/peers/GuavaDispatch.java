package io.ringbus.benchmarks.peers;

import com.google.common.eventbus.AllowConcurrentEvents;
import com.google.common.eventbus.AsyncEventBus;
import com.google.common.eventbus.Subscribe;
import java.util.function.Consumer;

/**
 * Guava's event bus in its asynchronous form. It gives its executor a task for each handler of each event; here the
 * executor is the thread of {@link ArrayBlockingQueueDispatch}, which keeps the order and makes a publisher wait.
 *
 * @param <E> the events
 */
public final class GuavaDispatch<E> implements Dispatch {

    private final Work<E> work;
    private final QueueThread<Runnable> executor;
    private final AsyncEventBus bus;

    /**
     * Starts the thread.
     *
     * @param work what it does; as many tasks may wait as its capacity says
     */
    public GuavaDispatch(Work<E> work) {
        this.work = work;
        this.executor = new QueueThread<>("guava", work.capacity(), Runnable::run, work.onError());
        this.bus = new AsyncEventBus(executor::put, (error, context) -> work.onError().accept(error));
        work.handlers().forEach(handler -> bus.register(new Subscriber<>(handler)));
    }

    @Override
    public void publish(long number) {
        bus.post(work.newEvent(number));
    }

    @Override
    public void close() {
        executor.close();
    }

    /**
     * Public, as the bus demands. Concurrent calls are allowed because there are none: that spares a lock.
     *
     * @param <E> the events
     */
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
        @Subscribe
        @AllowConcurrentEvents
        public void handle(E event) {
            handler.accept(event);
        }
    }
}
