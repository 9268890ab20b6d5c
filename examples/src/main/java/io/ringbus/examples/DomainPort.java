package io.ringbus.examples;

import io.ringbus.engine.EventEngine;
import io.ringbus.engine.SubscriptionConfig;
import io.ringbus.engine.event.DomainEventPublisher;
import io.ringbus.engine.event.EventType;
import java.util.concurrent.atomic.AtomicLong;

/** Domain code that knows no engine: it is given the port, and what runs the program gives it the engine. */
public final class DomainPort {

    private DomainPort() {
    }

    /** An event. */
    record Deposited(long account, long cents) {
    }

    /** The domain: rules, and the events that come of them. */
    static final class Teller {

        private final DomainEventPublisher events;

        Teller(DomainEventPublisher events) {
            this.events = events;
        }

        long deposit(long account, long cents) {
            if (cents <= 0) {
                throw new IllegalArgumentException("a deposit is more than nothing: cents=" + cents);
            }
            return events.publish(new Deposited(account, cents));
        }
    }

    /**
     * Deposits twice, in memory.
     *
     * @param args none
     */
    public static void main(String[] args) {
        AtomicLong total = new AtomicLong();
        try (EventEngine engine = EventEngine.inMemory()) {
            engine.register(EventType.named("deposited", Deposited.class));
            engine.subscribe(SubscriptionConfig
                    .to(Deposited.class, (event, context) -> total.addAndGet(event.cents()))
                    .name("total"));
            engine.start();
            Teller teller = new Teller(engine);
            teller.deposit(7, 100_00);
            teller.deposit(8, 50);
        }
        System.out.println("total in cents: " + total);
    }
}
