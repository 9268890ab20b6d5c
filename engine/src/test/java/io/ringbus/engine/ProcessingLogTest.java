package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.FailsFirstAttempts;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.RecordingHandler;
import io.ringbus.engine.support.Trade;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is in the outcome log beside failures, for the subscriptions that ask for it. */
class ProcessingLogTest {

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private ListJournal journal = new ListJournal();

    private EventEngine start(SubscriptionConfig<Numbered> logged) {
        EventEngine engine = engines.make(new EventEngineConfig().journal(journal)
                .checkpointInterval(Duration.ofDays(1)));
        engine.subscribe(logged);
        engine.start();
        return engine;
    }

    private static SubscriptionConfig<Numbered> logged(EventHandler<Numbered> handler) {
        return all("logged", handler).processingLog(ProcessingLog.EVERY_DELIVERY)
                .retry(RetryPolicy.exponential(Duration.ZERO).maxAttempts(3));
    }

    private static void publish(EventEngine engine, long from, long to) throws InterruptedException {
        long last = 0;
        for (long id = from; id <= to; id++) {
            last = engine.publish(Trade.of(id));
        }
        engine.await(Watermark.HANDLED, last, LONG);
    }

    @Test
    void shouldNoteOnlyFailuresUnlessToldOtherwise() throws Exception {
        EventEngine engine = start(all("plain", new FailsFirstAttempts(1, id -> id == 2, () -> new IOException("no")))
                .retry(RetryPolicy.exponential(Duration.ZERO)));
        publish(engine, 1, 3);
        Eventually.until("recovered", () -> engine.statistics().retries().recovered() == 1);
        engine.close(LONG);

        assertThat(journal.outcomes(Outcome.Handled.class)).isEmpty();
        assertThat(journal.failures()).hasSize(1);
        assertThat(journal.outcomes(Outcome.Recovered.class)).hasSize(1);
    }

    @Test
    void shouldNoteEveryDeliveryWithItsAttemptAndHandlingTime() throws Exception {
        long spent = Duration.ofMillis(1).toNanos();
        FailsFirstAttempts failing = new FailsFirstAttempts(1, id -> id == 2, () -> new IOException("no"));
        RecordingHandler unlogged = new RecordingHandler();
        EventEngine engine = engines.make(new EventEngineConfig().journal(journal));
        engine.subscribe(logged((event, context) -> {
            long until = System.nanoTime() + spent;
            while (System.nanoTime() - until < 0) {
                Thread.onSpinWait();
            }
            failing.onEvent(event, context);
        }).filter(event -> event.id() != 4));
        engine.subscribe(all("unlogged", unlogged));
        engine.start();
        publish(engine, 1, 5);
        Eventually.until("recovered", () -> engine.statistics().retries().pending() == 0);
        engine.close(LONG);

        List<Outcome.Handled> handled = journal.outcomes(Outcome.Handled.class);
        assertThat(handled).extracting(Outcome.Handled::subscription).containsOnly("logged");
        List<Long> sequences = journal.events().stream().map(ListJournal.Entry::sequence).toList();
        assertThat(handled).extracting(h -> sequences.indexOf(h.sequence()) + 1 + "/" + h.attempt())
                .containsExactlyInAnyOrder("1/1", "2/2", "3/1", "5/1");
        assertThat(handled).allSatisfy(h -> assertThat(h.nanos()).isGreaterThanOrEqualTo(spent));
        assertThat(unlogged.count()).isEqualTo(5);
    }

    @Test
    void shouldNotDeliverAgainAfterACrashWhatTheLogSaysWasHandled() throws Exception {
        EventEngine first = start(logged(new RecordingHandler()));
        publish(first, 1, 20);
        journal = journal.afterCrashAt(journal.documentCount());
        first.close(LONG);

        RecordingHandler again = new RecordingHandler();
        EventEngine second = start(logged(again));
        publish(second, 21, 21);

        assertThat(again.ids()).containsExactly(21L);
    }

    /** A replay rebuilds a state; it is no second delivery of what the log has already. */
    @ParameterizedTest
    @EnumSource(value = RecoveryMode.class, names = {"REBUILD", "LIVE"})
    void shouldNoteEachDeliveryOnceAcrossRestarts(RecoveryMode mode) throws Exception {
        for (int run = 0; run < 3; run++) {
            EventEngine engine = start(all("logged", new RecordingHandler()).startAt(null).recovery(mode)
                    .processingLog(ProcessingLog.EVERY_DELIVERY));
            publish(engine, run * 5 + 1, run * 5 + 5);
            assertThat(engine.close(LONG).failure()).isNull();
        }

        assertThat(journal.outcomes(Outcome.Handled.class)).hasSize(15)
                .extracting(Outcome.Handled::sequence).doesNotHaveDuplicates();
    }
}
