package io.ringbus.engine.support;

import io.ringbus.engine.EventEngine;
import io.ringbus.engine.EventEngineConfig;
import io.ringbus.engine.SubscriptionConfig;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.StartPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Makes engines that know the test events, and after each test opens its gates and closes its engines. */
public final class OpenEngines implements AfterEachCallback {

    /** For what must not take for ever; only a hang reaches it. */
    public static final Duration LONG = Duration.ofSeconds(60);

    private final List<EventEngine> engines = new ArrayList<>();
    private final List<Gate> gates = new ArrayList<>();

    /** An engine with the three test types, not yet started. */
    public EventEngine make(EventEngineConfig config) {
        EventEngine engine = new EventEngine(config);
        engines.add(engine);
        engine.register(Trade.TYPE);
        engine.register(Note.TYPE);
        engine.register(Tick.TYPE);
        return engine;
    }

    /** A started engine with one resuming subscription to all events, named {@code handler}. */
    public EventEngine start(EventEngineConfig config, EventHandler<Numbered> handler) {
        EventEngine engine = make(config);
        engine.subscribe(all("handler", handler));
        engine.start();
        return engine;
    }

    /** A gate that is opened after the test. */
    public Gate gate() {
        Gate gate = new Gate();
        gates.add(gate);
        return gate;
    }

    /** A resuming subscription to all test events. */
    public static SubscriptionConfig<Numbered> all(String name, EventHandler<Numbered> handler) {
        return SubscriptionConfig.to(Numbered.class, handler).name(name).startAt(StartPosition.EARLIEST);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        gates.forEach(Gate::open);
        engines.forEach(engine -> engine.close(Duration.ofSeconds(10)));
    }
}
