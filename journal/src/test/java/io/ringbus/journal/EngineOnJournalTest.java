package io.ringbus.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.DeadLettersAtRest;
import io.ringbus.engine.EventEngine;
import io.ringbus.engine.EventEngineConfig;
import io.ringbus.engine.RecoveryReport;
import io.ringbus.engine.SubscriptionConfig;
import io.ringbus.engine.Watermark;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.retry.DeadLetterQuery;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.journal.replay.Replay;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the engine keeps besides events comes back from the files: ids, causes, what waits, and what operators did. */
class EngineOnJournalTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private final List<Long> seen = new CopyOnWriteArrayList<>();

    record Opened(long account, long number) {
    }

    record Checked(long number) {
    }

    private EventEngine engine(SubscriptionConfig<?> subscription) {
        EventEngine engine = new EventEngine(new EventEngineConfig().journal(ChronicleJournal.in(directory))
                .messageIdWindow(1_000).deadLettersInMemory(3));
        engine.register(EventType.named("opened", Opened.class).aggregate("account", Opened::account));
        engine.register(EventType.named("checked", Checked.class));
        engine.subscribe(subscription);
        return engine;
    }

    private SubscriptionConfig<Opened> resuming(EventHandler<Opened> handler) {
        return SubscriptionConfig.to(Opened.class, handler).name("handler").startAt(StartPosition.EARLIEST);
    }

    @Test
    void shouldKnowAMessageIdAfterARestart() {
        UUID id = new UUID(3, 4);
        long first;
        try (EventEngine engine = engine(resuming((event, context) -> seen.add(event.number())))) {
            engine.start();
            first = engine.publish(new Opened(1, 1), id);
        }
        try (EventEngine engine = engine(resuming((event, context) -> seen.add(event.number())))) {
            engine.start();
            assertThat(engine.publish(new Opened(1, 1), id)).isEqualTo(first);
            assertThat(engine.publish(new Opened(1, 2), new UUID(3, 5))).isGreaterThan(first);
        }
        assertThat(seen).containsExactly(1L, 2L);
    }

    @Test
    void shouldMatchWhatARebuildingHandlerPublishesWithTheCausesInTheFiles() {
        SubscriptionConfig<Opened> checking = SubscriptionConfig.<Opened>to(Opened.class, (event, context) ->
                context.publish(new Checked(event.number()))).name("checking").recovery(RecoveryMode.REBUILD);
        try (EventEngine engine = engine(checking)) {
            engine.start();
            for (int i = 1; i <= 100; i++) {
                engine.publish(new Opened(i % 7, i));
            }
        }
        try (EventEngine engine = engine(SubscriptionConfig.<Opened>to(Opened.class, (event, context) ->
                context.publish(new Checked(event.number()))).name("checking").recovery(RecoveryMode.REBUILD))) {
            RecoveryReport.FollowUps followUps = engine.start().followUps();
            assertThat(followUps.matched()).isEqualTo(100);
            assertThat(followUps.published()).isZero();
            assertThat(followUps.diverged()).isZero();
        }

        List<String> causes = new ArrayList<>();
        Replay.of(directory).types("checked").read(event ->
                causes.add(event.causeSubscription() + " " + event.causeOrdinal() + " "
                        + (event.causeSequence() < event.sequence())));
        assertThat(causes).hasSize(100).containsOnly("checking 0 true");
    }

    @Test
    void shouldDeliverInOrderWhatWaitedWhenTheEngineClosed() throws Exception {
        RetryPolicy soon = RetryPolicy.exponential(Duration.ofMillis(1)).maxAttempts(3);
        AtomicBoolean mended = new AtomicBoolean();
        EventHandler<Opened> handler = (event, context) -> {
            if (event.number() == 2 && !mended.get()) {
                throw new IllegalStateException("as planned");
            }
            seen.add(event.number());
        };
        try (EventEngine engine = engine(resuming(handler).retryOrder(RetryOrder.PER_AGGREGATE)
                .retry(RetryPolicy.exponential(Duration.ofMinutes(1)).maxDelay(Duration.ofMinutes(1))))) {
            engine.start();
            long last = 0;
            for (int i = 1; i <= 9; i++) {
                last = engine.publish(new Opened(i % 2, i));
            }
            engine.await(Watermark.HANDLED, last, LONG);
            assertThat(seen).containsExactly(1L, 3L, 5L, 7L, 9L);
            assertThat(engine.close(LONG).pending()).isEqualTo(4);
        }
        mended.set(true);
        try (DeadLettersAtRest desk = DeadLettersAtRest.open(ChronicleJournal.in(directory))) {
            assertThat(desk.list(DeadLetterQuery.all())).isEmpty();
        }
        try (EventEngine engine = engine(resuming(handler).retryOrder(RetryOrder.PER_AGGREGATE).retry(soon))) {
            assertThat(engine.start().retriesScheduled()).isEqualTo(4);
            engine.publish(new Opened(0, 10));
            engine.publish(new Opened(1, 11));
            engine.await(Watermark.HANDLED, engine.publish(new Opened(3, 12)), LONG);
            assertThat(seen).as("2 is not due for a minute, and 10 waits behind it").endsWith(11L, 12L)
                    .doesNotContain(2L, 10L);
        }
    }

    @Test
    void shouldReachAllDeadLettersInTheFilesAndDriveThemAgainAtRest() throws Exception {
        AtomicBoolean mended = new AtomicBoolean();
        EventHandler<Opened> handler = (event, context) -> {
            if (!mended.get()) {
                throw new IllegalStateException("as planned");
            }
            seen.add(event.number());
        };
        try (EventEngine engine = engine(resuming(handler).retry(RetryPolicy.none()))) {
            engine.start();
            long last = 0;
            for (int i = 1; i <= 200; i++) {
                last = engine.publish(new Opened(i % 7, i));
            }
            engine.await(Watermark.HANDLED, last, LONG);
            assertThat(engine.deadLetters()).as("in memory").hasSize(3);
            assertThat(engine.deadLetterDesk().list(DeadLetterQuery.all())).as("in the log").hasSize(200);
            assertThat(engine.deadLetterDesk().discard(DeadLetterQuery.all().aggregate("account", 6), "closed"))
                    .isEqualTo(28);
        }
        mended.set(true);
        try (DeadLettersAtRest desk = DeadLettersAtRest.open(ChronicleJournal.in(directory))) {
            assertThat(desk.driveAgain(DeadLetterQuery.all().eventType("opened")).driven()).hasSize(172);
            assertThat(desk.driveAgain(DeadLetterQuery.all()).driven()).as("a repetition").isEmpty();
        }
        try (EventEngine engine = engine(resuming(handler).retry(RetryPolicy.none()))) {
            assertThat(engine.start().retriesScheduled()).isEqualTo(172);
            long deadline = System.nanoTime() + LONG.toNanos();
            while (seen.size() < 172 && System.nanoTime() - deadline < 0) {
                // Nothing tells of the last delivery: those that are driven again are no events of their own.
                Thread.sleep(1);
            }
            assertThat(seen).hasSize(172).doesNotHaveDuplicates().noneMatch(number -> number % 7 == 6);
        }
    }
}
