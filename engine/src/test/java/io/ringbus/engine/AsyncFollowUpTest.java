package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.stats.EngineState;
import io.ringbus.engine.support.Background;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.Gate;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.Trade;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise 5 for what asynchronous handlers publish: "never stuck". */
class AsyncFollowUpTest {

    private static final String COMPLETIONS = "ringbus-completions";
    private static final String TIMER = "ringbus-timer";

    /** Never published: it is made whenever a slot is. */
    private static final class Probe {
    }

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final List<Long> seen = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> handling = new CompletableFuture<>();
    private final Gate gate = new Gate();
    private volatile EventEngine engine;

    /**
     * A handling ends while the ring is full, and until what it published is known to wait, all that is in the ring
     * goes through: nothing moves any more that could take the follow-up along. A type's factory runs in between.
     */
    @Test
    void shouldCloseWhenTheRingRanEmptyWhileAFollowUpFoundNoRoom() throws Exception {
        engine = engines.make(new EventEngineConfig().ringSize(2));
        engine.register(EventType.named("probe", Probe.class).preallocated(this::makeProbe, (from, to) -> { }));
        engine.subscribe(SubscriptionConfig.toAsync(Trade.class, (trade, context) -> {
            if (trade.id() == 1) {
                context.publish(new Note(1_001));
            }
            return trade.id() == 1 ? handling : CompletableFuture.completedFuture(null);
        }).name("publisher").priority(10));
        engine.subscribe(all("later", (Numbered event, EventContext context) -> {
            if (event.id() == 1) {
                gate.pass();
            }
            seen.add(event.id());
        }).priority(20));
        engine.start();
        engine.publish(Trade.of(1));
        engine.publish(Trade.of(2));
        gate.awaitArrival();

        CompletableFuture<CloseReport> closing = Background.call(() -> engine.close(LONG));
        Eventually.until("the timer has stopped", () -> engine.state() == EngineState.CLOSING
                && Thread.getAllStackTraces().keySet().stream().noneMatch(t -> t.getName().equals(TIMER)));
        handling.complete(null);

        assertThat(closing.get().drained()).isTrue();
        assertThat(seen).containsExactly(1L, 2L, 1_001L);
    }

    private Probe makeProbe() {
        if (Thread.currentThread().getName().equals(COMPLETIONS)) {
            gate.open();
            Eventually.until("the ring is empty", () -> engine.statistics().ringOccupied() == 0);
            // The last link looks at once. A test that did not wait for that would only be less likely to fail.
            LockSupport.parkNanos(20_000_000);
        }
        return new Probe();
    }
}
