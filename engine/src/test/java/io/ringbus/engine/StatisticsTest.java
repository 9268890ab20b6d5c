package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.stage.Chain;
import io.ringbus.engine.stats.EngineState;
import io.ringbus.engine.stats.EngineStatistics;
import io.ringbus.engine.stats.EngineStatistics.StageStatistics;
import io.ringbus.engine.stats.EngineStatistics.SubscriptionStatistics;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.FailsFirstAttempts;
import io.ringbus.engine.support.Gate;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.LogCapture;
import io.ringbus.engine.support.ManualClock;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.RecordingHandler;
import io.ringbus.engine.support.Trade;
import io.ringbus.engine.support.WaitsAtGate;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each counter, in scenarios that say exactly how far it must have moved. */
class StatisticsTest {

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    @ParameterizedTest
    @CsvSource({"false, MULTI", "false, SINGLE", "true, MULTI", "true, SINGLE"})
    void shouldCountExactly(boolean fused, ProducerMode mode) throws Exception {
        ManualClock clock = new ManualClock();
        EventEngine engine = engines.make(new EventEngineConfig().fused(fused).producerMode(mode).ringSize(1_024)
                .clock(clock).journal(new ListJournal().syncsEachBatch(true)).timeEvery(1));
        engine.subscribe(all("failing", new FailsFirstAttempts(2, id -> id == 1 || id == 2, () -> new IOException("no")))
                .retry(RetryPolicy.exponential(Duration.ofSeconds(1)).jitter(0).factor(1)));
        engine.subscribe(all("dying", FailsFirstAttempts.always(id -> id >= 3)).retry(RetryPolicy.none()).priority(200));
        engine.subscribe(SubscriptionConfig.to(Trade.class, new RecordingHandler()).name("trades").priority(300)
                .filter(trade -> trade.id() != 6));
        engine.start();
        engine.publish(new Note(1));
        engine.publishAll(List.of(new Note(2), new Note(3), new Note(4)));
        engine.publish(Trade.of(5));
        long last = engine.publish(Trade.of(6));
        engine.await(Watermark.HANDLED, last, LONG);

        EngineStatistics before = engine.statistics();
        assertThat(before.published()).isEqualTo(6);
        assertThat(before.retries().pending()).isEqualTo(2);
        assertThat(before.retries().deadLetters()).isEqualTo(4);
        assertThat(before.retries().redelivered()).isZero();
        assertCounts(before.subscription("failing"), 4, 2);
        assertCounts(before.subscription("dying"), 2, 4);
        assertCounts(before.subscription("trades"), 1, 0);
        assertThat(before.watermarks().published()).isGreaterThanOrEqualTo(last);
        assertThat(before.watermarks().journaled()).isGreaterThanOrEqualTo(last);
        assertThat(before.watermarks().synced()).isGreaterThanOrEqualTo(last);
        assertThat(before.watermarks().handled()).isGreaterThanOrEqualTo(last);

        // Attempt 2 is late by one second, attempt 3 by three.
        clock.advance(Duration.ofSeconds(2));
        Eventually.until("second attempts", () -> engine.statistics().subscription("failing").failed() == 4
                && engine.statistics().retries().redelivered() == 2);
        Eventually.until("noted", () -> engine.statistics().stages().stream().allMatch(s -> s.lag() == 0));
        clock.advance(Duration.ofSeconds(4));
        Eventually.until("third attempts", () -> engine.statistics().retries().recovered() == 2
                && engine.statistics().retries().pending() == 0
                && engine.statistics().retries().redelivered() == 4);

        EngineStatistics after = engine.statistics();
        assertThat(after.published()).as("redeliveries and checkpoints are no events").isEqualTo(6);
        assertThat(after.retries().pending()).isZero();
        assertThat(after.retries().meanLatenessNanos()).isEqualTo(Duration.ofSeconds(2).toNanos());
        assertThat(after.retries().maxLatenessNanos()).isEqualTo(Duration.ofSeconds(3).toNanos());
        assertThat(after.retries().p99LatenessNanos()).isEqualTo(Duration.ofSeconds(3).toNanos());
        assertCounts(after.subscription("failing"), 6, 4);
        assertCounts(after.subscription("dying"), 2, 4);
        assertThat(after.subscription("failing").meanHandlingNanos()).isPositive()
                .isLessThanOrEqualTo(after.subscription("failing").maxHandlingNanos());
        assertThat(after.subscription("dying").priority()).isEqualTo(200);
        assertThat(after.state()).isEqualTo(EngineState.RUNNING);
        assertThat(after.uptime()).isPositive();
        assertThat(after.ringSize()).isEqualTo(1_024);
        assertThat(after.stages()).extracting(StageStatistics::name)
                .containsExactly("journal", "priority 100", "priority 200", "priority 300", "retry");
        engine.close(LONG);
        assertThat(engine.statistics().state()).isEqualTo(EngineState.CLOSED);
        assertThat(engine.statistics().published()).isEqualTo(6);
    }

    private static void assertCounts(SubscriptionStatistics statistics, long handled, long failed) {
        assertThat(List.of(statistics.handled(), statistics.failed())).as(statistics.name())
                .containsExactly(handled, failed);
    }

    @Test
    void shouldSayWhereTheChainStandsStill() {
        Gate gate = engines.gate();
        WaitsAtGate waiting = WaitsAtGate.of(gate);
        EventEngine engine = engines.make(new EventEngineConfig().ringSize(16));
        engine.subscribe(all("first", new RecordingHandler()).priority(10));
        engine.subscribe(all("waiting", waiting).priority(20));
        engine.start();
        for (int i = 0; i < 10; i++) {
            engine.publish(new Note(i));
        }
        waiting.awaitCount(1);
        Eventually.until("the first stage is through", () -> engine.statistics().stages().get(0).lag() == 0);

        EngineStatistics statistics = engine.statistics();
        assertThat(statistics.ringOccupied()).isEqualTo(10);
        assertThat(statistics.stages()).containsExactly(new StageStatistics("priority 10", 0),
                new StageStatistics("priority 20", 10), new StageStatistics("retry", 10));

        gate.open();
        Eventually.until("empty", () -> engine.statistics().ringOccupied() == 0);
    }

    @Test
    void shouldCountWhatHandlersPublishedAndTheRingHasNoPlaceFor() {
        Gate gate = engines.gate();
        EventEngine engine = engines.make(new EventEngineConfig().ringSize(4));
        engine.subscribe(SubscriptionConfig.to(Trade.class, (trade, context) -> {
            for (int i = 0; i < 10; i++) {
                context.publish(new Note(i));
            }
        }).name("publisher").priority(10));
        engine.subscribe(SubscriptionConfig.to(Note.class, (note, context) -> gate.pass()).name("waiting")
                .priority(20));
        engine.start();
        engine.publish(Trade.of(1));

        gate.awaitArrival();
        // Four of ten have a place, or three when the trade still has its own.
        Eventually.until("the others wait", () -> engine.statistics().ringOccupied() == 4
                && (engine.statistics().outboxWaiting() == 6 || engine.statistics().outboxWaiting() == 7));
        gate.open();
        Eventually.until("nothing is under way", () -> {
            EngineStatistics now = engine.statistics();
            return now.outboxWaiting() == 0 && now.watermarks().handled() == now.watermarks().published();
        });
        assertThat(engine.statistics().published()).isEqualTo(11);
        assertThat(engine.statistics().subscription("waiting").handled()).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource(ProducerMode.class)
    void shouldWarnOnceThatTheRingIsFillingUp(ProducerMode mode) {
        try (LogCapture log = LogCapture.of("io.ringbus.engine.ring.CrowdWarning")) {
            Gate gate = engines.gate();
            WaitsAtGate waiting = WaitsAtGate.of(gate);
            EventEngine engine = engines.start(new EventEngineConfig().ringSize(16).producerMode(mode)
                    .publishTimeout(Duration.ofMillis(1)), waiting);
            for (int i = 0; i < 12; i++) {
                engine.publish(new Note(i));
            }
            waiting.awaitCount(1);
            assertThat(log.warnings()).as("12 of 16 are not four fifths").isEmpty();
            engine.publish(new Note(13));

            Eventually.until("the warning", () -> !log.warnings().isEmpty());
            while (engine.tryPublish(new Note(14)) != EventEngine.RING_FULL) {
                assertThat(engine.state()).isEqualTo(EngineState.RUNNING);
            }
            for (int i = 0; i < 3; i++) {
                org.assertj.core.api.Assertions.catchThrowable(() -> engine.publish(new Note(15)));
            }

            assertThat(log.warnings()).singleElement().asString().contains("of 16 slots").contains("priority 100");
            gate.open();
            waiting.awaitCount(16);
        }
    }

    @Test
    void shouldWarnWhenMoreThreadsSpinThanThereAreCores() {
        try (LogCapture log = LogCapture.of(Chain.class)) {
            EventEngine parking = engines.make(new EventEngineConfig());
            EventEngine fused = engines.make(new EventEngineConfig().waitMode(WaitMode.YIELDING).fused(true));
            EventEngine spinning = engines.make(new EventEngineConfig().waitMode(WaitMode.YIELDING));
            int cores = Runtime.getRuntime().availableProcessors();
            for (int priority = 0; priority <= cores; priority++) {
                for (EventEngine engine : List.of(parking, fused, spinning)) {
                    engine.subscribe(all("s" + priority, new RecordingHandler()).priority(priority));
                }
            }
            parking.start();
            fused.start();
            assertThat(log.warnings()).isEmpty();
            spinning.start();

            assertThat(log.warnings()).singleElement().asString().startsWith(cores + 1 + " threads will spin on " + cores)
                    .contains("fused(true)");
            spinning.close(LONG);
        }
    }
}
