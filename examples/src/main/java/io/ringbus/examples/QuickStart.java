package io.ringbus.examples;

import io.ringbus.engine.EventEngine;
import io.ringbus.engine.SubscriptionConfig;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.journal.DurableEngine;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** The README's example: start it twice on one directory, and the total goes on where it was. */
public final class QuickStart {

    private QuickStart() {
    }

    /** An event: any record. */
    record Deposited(long account, long cents) {
    }

    /**
     * Adds a deposit to all those of earlier runs.
     *
     * @param args the journal's directory
     */
    public static void main(String[] args) {
        AtomicLong total = new AtomicLong();
        try (EventEngine engine = DurableEngine.in(Path.of(args[0]))) {
            engine.register(EventType.named("deposited", Deposited.class).aggregate("account", Deposited::account));
            engine.subscribe(SubscriptionConfig
                    .to(Deposited.class, (event, context) -> total.addAndGet(event.cents()))
                    .name("total").recovery(RecoveryMode.REBUILD));
            engine.start();
            engine.publish(new Deposited(7, 100_00));
        }
        System.out.println("total in cents: " + total);
    }
}
