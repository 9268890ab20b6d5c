package io.ringbus.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.engine.EventEngine;
import io.ringbus.engine.SubscriptionConfig;
import io.ringbus.engine.Watermark;
import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.event.DomainEventPublisher;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.event.RecoveryMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableEngineTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    record Opened(long account) {
    }

    @Test
    void shouldGoOnWhereTheEngineBeforeItEnded() throws Exception {
        Path journal = directory.resolve("deep").resolve("journal");
        List<Long> first = new CopyOnWriteArrayList<>();
        long last;
        try (EventEngine engine = prepared(journal, first)) {
            assertThat(journal).as("nothing is opened before the start").doesNotExist();
            engine.start();
            DomainEventPublisher events = engine;
            assertThat(events.publish(new Opened(7))).isEqualTo(1);
            last = events.publishAll(List.of(new Opened(8), new Opened(9)));
            engine.await(Watermark.JOURNALED, last, LONG);
            assertThatThrownBy(() -> engine.await(Watermark.SYNCED, 1, LONG)).as("the default is sync NONE")
                    .isInstanceOf(EngineStateException.class);
        }
        assertThat(Files.isDirectory(journal)).isTrue();

        List<Long> second = new CopyOnWriteArrayList<>();
        try (EventEngine engine = prepared(journal, second)) {
            assertThat(engine.start().eventsReplayed()).isEqualTo(3);
            assertThat(engine.publish(new Opened(10))).isGreaterThan(last);
        }

        assertThat(first).containsExactly(7L, 8L, 9L);
        assertThat(second).containsExactly(7L, 8L, 9L, 10L);
    }

    private static EventEngine prepared(Path journal, List<Long> accounts) {
        EventEngine engine = DurableEngine.in(journal);
        engine.register(EventType.named("opened", Opened.class));
        engine.subscribe(SubscriptionConfig.to(Opened.class, (event, context) -> accounts.add(event.account()))
                .name("accounts").recovery(RecoveryMode.REBUILD));
        return engine;
    }

    @Test
    void shouldRefuseNoDirectory() {
        assertThatThrownBy(() -> DurableEngine.in(null)).isInstanceOf(NullPointerException.class)
                .hasMessageContaining("name the journal's directory");
    }
}
