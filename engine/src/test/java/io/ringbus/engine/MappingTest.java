package io.ringbus.engine;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.engine.error.InvalidEventException;
import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.Trade;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Subscriptions whose handler takes something else than the event. */
class MappingTest {

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final List<String> calls = new CopyOnWriteArrayList<>();

    /** Writes down what it was given, and each hook. */
    private final class Scribe implements EventHandler<CharSequence> {

        @Override
        public void onEvent(CharSequence text, EventContext context) {
            calls.add(text + " of " + context.subscription() + ", attempt " + context.attempt());
        }

        @Override
        public void onStart() {
            calls.add("start");
        }

        @Override
        public void onBatchEnd() {
            calls.add("batch end");
        }

        @Override
        public void onStop() {
            calls.add("stop");
        }
    }

    private EventEngine start(Function<Numbered, String> mapping) {
        EventEngine engine = engines.make(new EventEngineConfig());
        engine.subscribe(SubscriptionConfig.mapped(Numbered.class, mapping, new Scribe()).name("scribe")
                .filter(event -> event instanceof Trade)
                .retry(RetryPolicy.exponential(Duration.ZERO).maxAttempts(2)));
        engine.start();
        return engine;
    }

    @Test
    void shouldGiveTheHandlerWhatTheMappingMakesOfWhatTheFilterLetsPass() throws Exception {
        EventEngine engine = start(event -> "mapped " + event.id());
        engine.publish(new Note(1));
        engine.await(Watermark.HANDLED, engine.publish(Trade.of(2)), LONG);
        engine.close(LONG);

        assertThat(calls).containsExactly("start", "mapped 2 of scribe, attempt 1", "batch end", "stop");
    }

    @Test
    void shouldTryAgainWhenTheMappingThrows() {
        AtomicInteger asked = new AtomicInteger();
        EventEngine engine = start(event -> {
            if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("no answer");
            }
            return "mapped " + event.id();
        });
        engine.publish(Trade.of(1));
        Eventually.until("recovered", () -> engine.statistics().retries().recovered() == 1);

        assertThat(calls).contains("mapped 1 of scribe, attempt 2").doesNotContain("mapped 1 of scribe, attempt 1");
        assertThat(engine.statistics().subscriptions().get(0).failed()).isOne();
    }

    @Test
    void shouldTakeNullForAFailure() {
        EventEngine engine = start(event -> null);
        engine.publish(Trade.of(1));
        Eventually.until("given up", () -> engine.deadLetters().size() == 1);

        assertThat(engine.deadLetters().get(0).errorClass()).isEqualTo(InvalidEventException.class.getName());
        assertThat(engine.deadLetters().get(0).errorMessage()).contains("subscription=scribe", "sequence=1");
        assertThat(engine.deadLetters().get(0).attempts()).isEqualTo(2);
    }

    @Test
    void shouldRefuseWhatIsMissing() {
        assertThatThrownBy(() -> SubscriptionConfig.mapped(Numbered.class, null, new Scribe()))
                .isInstanceOf(NullPointerException.class).hasMessageContaining("mapping is null");
        assertThatThrownBy(() -> SubscriptionConfig.mapped(Numbered.class, Object::toString, null))
                .isInstanceOf(NullPointerException.class).hasMessageContaining("handler is null");
    }
}
