package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.retry.WaitingOverflow;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.support.Booking;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.RecordingHandler;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Handlings that end later: who waits for them, and for how long. */
class AsyncOrderTest {

    private static final long A = 1;
    private static final long B = 2;

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final Map<Long, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

    private CompletableFuture<Void> begin(Booking event) {
        return underWay.computeIfAbsent(event.id(), id -> new CompletableFuture<>());
    }

    private void awaitBegun(long id) {
        Eventually.until("the handling of " + id + " has begun", () -> underWay.containsKey(id));
    }

    private SubscriptionConfig<Booking> async(String name) {
        return SubscriptionConfig.toAsync(Booking.class, (event, context) -> begin(event)).name(name);
    }

    private EventEngine start(EventEngineConfig config, SubscriptionConfig<?> subscription) {
        EventEngine engine = engines.make(config);
        engine.register(Booking.TYPE);
        engine.subscribe(subscription);
        engine.start();
        return engine;
    }

    /** There is no room because of another aggregate; meanwhile the one before it ends. */
    @Test
    void shouldBeginWhatWaitedForRoomUntilNothingWasBeforeItAnyMore() throws Exception {
        EventEngine engine = start(new EventEngineConfig(), async("ordered").retryOrder(RetryOrder.PER_AGGREGATE)
                .maxWaiting(1, WaitingOverflow.BLOCK_STAGE));
        engine.publishAll(List.of(new Booking(1, B), new Booking(2, B), new Booking(3, A)));
        awaitBegun(3);
        long last = engine.publish(new Booking(4, A));
        Eventually.until("the stage waits for room", () -> Thread.getAllStackTraces().entrySet().stream()
                .anyMatch(thread -> List.of(thread.getValue()).toString().contains("AsyncLane.awaitRoom")));

        underWay.get(3L).complete(null);

        awaitBegun(4);
        List.of(4L, 1L, 2L).forEach(id -> {
            awaitBegun(id);
            underWay.get(id).complete(null);
        });
        engine.await(Watermark.HANDLED, last, LONG);
        // What has waited is noted, and holds the watermark no more; that it is over is noted by the thread that ends it.
        Eventually.until("nothing is pending", () -> engine.statistics().retries().pending() == 0);
    }

    @Test
    void shouldNotTakeTheHandledWatermarkBackForOneThatIsGivenThePast() throws Exception {
        EventEngine engine = start(new EventEngineConfig().journal(new ListJournal()),
                SubscriptionConfig.to(Booking.class, new RecordingHandler()).name("there"));
        long last = engine.publishAll(List.of(new Booking(1, A), new Booking(2, A)));
        engine.await(Watermark.HANDLED, last, LONG);

        engine.subscribe(async("guest").startAt(StartPosition.EARLIEST));
        awaitBegun(1);

        assertThat(engine.watermark(Watermark.HANDLED)).isGreaterThanOrEqualTo(last);
        underWay.values().forEach(handling -> handling.complete(null));
    }

    /** What is under way of the past is in no log: a crash must bring it back. */
    @Test
    void shouldGiveThePastAgainThatWasUnderWayWhenTheProcessDied() throws Exception {
        ListJournal journal = new ListJournal();
        EventEngine engine = start(new EventEngineConfig().journal(journal),
                SubscriptionConfig.to(Booking.class, new RecordingHandler()).name("there"));
        engine.await(Watermark.HANDLED, engine.publish(new Booking(1, A)), LONG);
        engine.subscribe(async("guest").startAt(StartPosition.EARLIEST));
        awaitBegun(1);
        ListJournal crashed = journal.afterCrashAt(journal.documentCount());

        RecordingHandler again = new RecordingHandler();
        start(new EventEngineConfig().journal(crashed),
                SubscriptionConfig.to(Booking.class, again).name("guest").startAt(StartPosition.EARLIEST));

        again.awaitCount(1);
        assertThat(again.ids()).containsExactly(1L);
        underWay.get(1L).complete(null);
    }

    /** The log knows of the second, which waited, and not of the first, which was under way. */
    @Test
    void shouldKeepTheOrderOfAnAggregateWhenACrashCameWhileTheFirstWasUnderWay() {
        ListJournal journal = new ListJournal();
        EventEngine engine = start(new EventEngineConfig().journal(journal),
                async("ordered").retryOrder(RetryOrder.PER_AGGREGATE));
        engine.publishAll(List.of(new Booking(1, A), new Booking(2, A)));
        Eventually.until("it waits", () -> !journal.outcomes(Outcome.Waiting.class).isEmpty());
        ListJournal crashed = journal.afterCrashAt(journal.documentCount());
        underWay.remove(1L).complete(null);
        awaitBegun(2);
        underWay.remove(2L).complete(null);
        engine.close(LONG);

        EventEngine next = start(new EventEngineConfig().journal(crashed),
                async("ordered").retryOrder(RetryOrder.PER_AGGREGATE).startAt(StartPosition.EARLIEST));
        awaitBegun(1);
        Eventually.until("the second comes by the timer", () -> next.statistics().retries().redelivered() == 1);
        next.publish(new Booking(3, B));
        awaitBegun(3);

        assertThat(underWay).doesNotContainKey(2L);
        underWay.get(1L).complete(null);
        awaitBegun(2);
        underWay.values().forEach(handling -> handling.complete(null));
    }
}
