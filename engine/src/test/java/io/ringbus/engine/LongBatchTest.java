package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.stats.EngineStatistics.SubscriptionStatistics;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.Gate;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.Tick;
import io.ringbus.engine.support.Trade;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many events that a stage finds in the ring at once, with several subscriptions that share its thread. */
class LongBatchTest {

    private static final int EVENTS = 200;
    private static final int MIDDLE = 100;
    private static final int RING_SIZE = 512;

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Gate held = engines.gate();
    private long last;

    /** Promise 1: within one priority the order of subscribing holds for each event, and types do not part batches. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGiveEachEventToAllBeforeTheNextOne(boolean fused) throws Exception {
        EventEngine engine = heldBack(fused, noting("a"), noting("b"), noting("c"));
        publishAndLetGo(engine);

        assertThat(calls).containsExactlyElementsOf(due("abc"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGoOnBehindAFailureAsIfNothingHadHappened(boolean fused) throws Exception {
        EventEngine engine = heldBack(fused, noting("a"), failing(noting("b")), noting("c"));
        publishAndLetGo(engine);

        assertThat(calls).containsExactlyElementsOf(due("abc"));
        assertThat(engine.statistics().subscriptions()).extracting(SubscriptionStatistics::handled)
                .containsExactly(EVENTS + 1L, EVENTS + 1L, EVENTS + 0L, EVENTS + 1L);
        assertThat(engine.statistics().subscriptions()).extracting(SubscriptionStatistics::failed)
                .containsExactly(0L, 0L, 1L, 0L);
    }

    @Test
    void shouldLetFollowUpsOfEachHandlingGoOutAndNoneOfAFailedOne() throws Exception {
        EventHandler<Numbered> publishing = (event, context) -> {
            if (event.id() > 0 && event.id() < 1_000) {
                context.publish(new Note(event.id() + 1_000));
            }
        };
        EventEngine engine = heldBack(false, failing(publishing), (event, context) -> {
            if (event.id() > 1_000) {
                calls.add("note " + event.id());
            }
        });
        publishAndLetGo(engine);

        List<String> notes = new ArrayList<>();
        for (int id = 1; id <= EVENTS; id++) {
            if (id != MIDDLE) {
                notes.add("note " + (id + 1_000));
            }
        }
        Eventually.until("all follow-ups, there are " + calls.size(), () -> calls.size() >= notes.size());
        assertThat(calls).containsExactlyElementsOf(notes);
    }

    @Test
    void shouldCountNothingLaterThanItIsDone() throws Exception {
        Gate middle = engines.gate();
        EventEngine engine = heldBack(false, (event, context) -> {
            if (event.id() == MIDDLE) {
                middle.pass();
            }
        }, noting("b"));
        publish(engine);
        held.open();
        middle.awaitArrival();

        assertThat(engine.statistics().subscriptions()).extracting(SubscriptionStatistics::handled)
                .containsExactly(MIDDLE + 1L, MIDDLE + 0L, MIDDLE + 0L);
    }

    @Test
    void shouldEndBatchesAtTheLastEventAndNotBefore() throws Exception {
        List<Long> ends = new CopyOnWriteArrayList<>();
        EventEngine engine = heldBack(false, notingEnds(ends));
        publishAndLetGo(engine);

        // Of the event that stood at the gate, and of all that came meanwhile.
        assertThat(ends).containsExactly(0L, (long) EVENTS);
    }

    @Test
    void shouldEndBatchesAtTheLastEventWhenASlotOfTheEnginesOwnFollows() throws Exception {
        List<Long> ends = new CopyOnWriteArrayList<>();
        EventEngine engine = heldBack(false, notingEnds(ends));
        publish(engine);
        CompletableFuture<Void> change = CompletableFuture.runAsync(() ->
                engine.subscribe(all("later", (event, context) -> { })));
        Eventually.until("the slot of the change",
                () -> engine.statistics().ringOccupied() == 1 + EVENTS + 1);
        held.open();
        engine.await(Watermark.HANDLED, last, LONG);
        change.get(LONG.toSeconds(), TimeUnit.SECONDS);

        assertThat(ends).containsExactly(0L, (long) EVENTS);
    }

    /** An engine whose first event stands at a gate, so that all others come into one batch behind it. */
    @SafeVarargs
    private EventEngine heldBack(boolean fused, EventHandler<Numbered>... handlers) {
        EventEngine engine = engines.make(new EventEngineConfig().fused(fused).ringSize(RING_SIZE));
        engine.subscribe(all("doorkeeper", (event, context) -> {
            if (event.id() == 0) {
                held.pass();
            }
        }));
        for (int i = 0; i < handlers.length; i++) {
            engine.subscribe(all("handler " + i, handlers[i]).retry(RetryPolicy.none()));
        }
        engine.start();
        engine.publish(Trade.of(0));
        held.awaitArrival();
        return engine;
    }

    private void publish(EventEngine engine) {
        for (int id = 1; id <= EVENTS; id++) {
            long tick = id;
            last = switch (id % 50 / 20) {
                case 0 -> engine.publish(Trade.of(id));
                case 1 -> engine.publish(new Note(id));
                default -> engine.publish(Tick.TYPE, event -> event.id = tick);
            };
        }
    }

    private void publishAndLetGo(EventEngine engine) throws Exception {
        publish(engine);
        held.open();
        engine.await(Watermark.HANDLED, last, LONG);
    }

    private static EventHandler<Numbered> notingEnds(List<Long> ends) {
        return (event, context) -> {
            if (context.endOfBatch()) {
                ends.add(event.id());
            }
        };
    }

    private EventHandler<Numbered> noting(String name) {
        return (event, context) -> {
            if (event.id() > 0) {
                calls.add(name + event.id());
            }
        };
    }

    private static EventHandler<Numbered> failing(EventHandler<Numbered> handler) {
        return (event, context) -> {
            handler.onEvent(event, context);
            if (event.id() == MIDDLE) {
                throw new IllegalStateException("told to");
            }
        };
    }

    private static List<String> due(String names) {
        List<String> due = new ArrayList<>();
        for (int id = 1; id <= EVENTS; id++) {
            for (char name : names.toCharArray()) {
                due.add(name + "" + id);
            }
        }
        return due;
    }
}
