package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.error.InvalidConfigurationException;
import io.ringbus.engine.error.UnregisteredEventTypeException;
import io.ringbus.engine.event.DomainEventPublisher;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.RecordingHandler;
import io.ringbus.engine.support.Trade;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** "All that an aggregate or a service has to know of the engine", and the engine in memory that stands behind it. */
class DomainEventPublisherTest {

    private final RecordingHandler handler = new RecordingHandler();

    @Test
    void shouldPublishThroughThePortIntoAnEngineInMemory() throws Exception {
        try (EventEngine engine = EventEngine.inMemory()) {
            engine.register(Trade.TYPE);
            engine.register(Note.TYPE);
            engine.subscribe(all("handler", handler));
            engine.start();
            DomainEventPublisher events = engine;

            assertThat(events.publish(Trade.of(1))).isEqualTo(1);
            long last = events.publishAll(List.of(new Note(2), Trade.of(3)));
            assertThat(last).isGreaterThan(2);
            assertThat(events.publishAll(List.of())).isZero();
            assertThatThrownBy(() -> events.publishAll(List.of(Trade.of(4), "text")))
                    .isInstanceOf(UnregisteredEventTypeException.class);

            engine.await(Watermark.HANDLED, last, LONG);
            assertThatThrownBy(() -> engine.await(Watermark.JOURNALED, 1, LONG))
                    .isInstanceOf(EngineStateException.class);
            assertThatThrownBy(() -> engine.publish(Trade.of(5), new UUID(1, 2)))
                    .isInstanceOf(InvalidConfigurationException.class);
        }
        assertThat(handler.ids()).containsExactly(1L, 2L, 3L);
        assertThat(handler.sequences().get(2)).isEqualTo(handler.sequences().get(1) + 1);
    }

    @Test
    void shouldMakeANewEngineInMemoryEachTime() {
        try (EventEngine one = EventEngine.inMemory(); EventEngine other = EventEngine.inMemory()) {
            one.start();
            assertThat(other).isNotSameAs(one);
            assertThat(other.start().eventsReplayed()).isZero();
        }
    }
}
