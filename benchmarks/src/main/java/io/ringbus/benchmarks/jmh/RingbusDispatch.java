package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.Dispatch;
import io.ringbus.benchmarks.peers.Work;
import io.ringbus.engine.EventEngine;
import io.ringbus.engine.EventEngineConfig;
import io.ringbus.engine.ProducerMode;
import io.ringbus.engine.SubscriptionConfig;
import io.ringbus.engine.WaitMode;
import io.ringbus.engine.event.EventFiller;
import io.ringbus.engine.event.EventType;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** Through the engine's public API, in memory: a subscription for each handler, all of one priority. */
final class RingbusDispatch implements Dispatch {

    private final EventType<PayloadEvent> type;
    private final EventEngine engine;
    private final LongConsumer publisher;

    /** Publishes one event at a time. */
    RingbusDispatch(Work<PayloadEvent> work, ProducerMode producer) {
        this.type = EventType.named("payload", PayloadEvent.class)
                .preallocated(work.factory(), PayloadEvent::copyTo);
        this.engine = new EventEngine(new EventEngineConfig()
                .name("benchmark")
                .ringSize(work.capacity())
                .producerMode(producer)
                .waitMode(WaitMode.YIELDING));
        engine.register(type);
        int subscribed = 0;
        for (Consumer<PayloadEvent> handler : work.handlers()) {
            engine.subscribe(SubscriptionConfig.<PayloadEvent>to(PayloadEvent.class,
                    (event, context) -> handler.accept(event)).name("handler-" + ++subscribed));
        }
        engine.start();
        this.publisher = new InPlace(engine, type);
    }

    @Override
    public void publish(long number) {
        publisher.accept(number);
    }

    /** One more publisher, for one thread. */
    LongConsumer newPublisher() {
        return new InPlace(engine, type);
    }

    /** The same through collections of so many events. */
    Dispatch inBatches(int size) {
        LongConsumer batches = new Batches(engine, Stream.generate(type::newInstance).limit(size).toList());
        return new Dispatch() {
            @Override
            public void publish(long number) {
                batches.accept(number);
            }

            @Override
            public void close() {
                engine.close();
            }
        };
    }

    @Override
    public void close() {
        engine.close();
    }

    /** Fills events in place. The number travels in a field: as an argument of its own it would be boxed. */
    private static final class InPlace implements LongConsumer {

        private static final EventFiller<PayloadEvent, InPlace> FILL = (event, self) -> event.fill(self.number);

        private final EventEngine engine;
        private final EventType<PayloadEvent> type;
        private long number;

        InPlace(EventEngine engine, EventType<PayloadEvent> type) {
            this.engine = engine;
            this.type = type;
        }

        @Override
        public void accept(long newNumber) {
            number = newNumber;
            engine.publish(type, FILL, this);
        }
    }

    /** Publishes collections, of the same events again and again: they are copied into the ring. */
    private static final class Batches implements LongConsumer {

        private final EventEngine engine;
        private final List<PayloadEvent> events;
        private int filled;

        Batches(EventEngine engine, List<PayloadEvent> events) {
            this.engine = engine;
            this.events = events;
        }

        @Override
        public void accept(long number) {
            events.get(filled++).fill(number);
            if (filled == events.size()) {
                filled = 0;
                engine.publishAll(events);
            }
        }
    }
}
