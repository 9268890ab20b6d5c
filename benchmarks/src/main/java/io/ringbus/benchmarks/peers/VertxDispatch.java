package io.ringbus.benchmarks.peers;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.file.FileSystemOptions;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

/**
 * Vert.x's event bus within one process: an event loop that calls the consumers of one address.
 *
 * <p>Its tasks wait in a queue without a bound, so the publisher counts what is on its way and yields at the capacity.
 * Assumes: the event loop alone moves {@code handled}. Guarantees: so many events have been given to one of the
 * handlers, so no more than the capacity is on its way to that one.
 *
 * @param <E> the events
 */
public final class VertxDispatch<E> implements Dispatch {

    private static final String ADDRESS = "events";
    private static final VarHandle HANDLED;

    static {
        try {
            HANDLED = MethodHandles.lookup().findVarHandle(VertxDispatch.class, "handled", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Work<E> work;
    private final Vertx vertx;
    private final EventBus bus;
    private final DeliveryOptions options;

    private long published;
    /** What the publisher last read of the events handled: not read again while there is room. */
    private long handledAtLeast;
    private long handled;

    /**
     * Starts Vert.x with one event loop.
     *
     * @param work what it does
     */
    public VertxDispatch(Work<E> work) {
        this.work = work;
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
        this.bus = vertx.eventBus();
        PassingCodec<E> codec = new PassingCodec<>();
        bus.registerCodec(codec);
        this.options = new DeliveryOptions().setLocalOnly(true).setCodecName(codec.name());
        for (Consumer<E> handler : work.handlers().subList(1, work.handlers().size())) {
            bus.<E>localConsumer(ADDRESS, message -> handle(handler, message.body()));
        }
        // One of them counts; a consumer more for that would be a delivery more.
        Consumer<E> counting = work.handlers().get(0);
        bus.<E>localConsumer(ADDRESS, message -> {
            handle(counting, message.body());
            HANDLED.setRelease(this, handled + 1);
        });
    }

    @Override
    public void publish(long number) {
        while (published - handledAtLeast >= work.capacity()) {
            handledAtLeast = (long) HANDLED.getAcquire(this);
            if (published - handledAtLeast >= work.capacity()) {
                Thread.yield();
            }
        }
        published++;
        bus.publish(ADDRESS, work.newEvent(number), options);
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** Catches here what Vert.x would write to a log only. */
    private void handle(Consumer<E> handler, E event) {
        try {
            handler.accept(event);
        } catch (Throwable e) {
            work.onError().accept(e);
        }
    }

    /** Hands on the reference: without a codec the bus takes texts, buffers and numbers only. */
    private static final class PassingCodec<E> implements MessageCodec<E, E> {

        @Override
        public void encodeToWire(Buffer buffer, E event) {
            throw new UnsupportedOperationException("events stay in this process: class=" + event.getClass());
        }

        @Override
        public E decodeFromWire(int position, Buffer buffer) {
            throw new UnsupportedOperationException("events stay in this process: position=" + position);
        }

        @Override
        public E transform(E event) {
            return event;
        }

        @Override
        public String name() {
            return "passing";
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }
}
