package io.ringbus.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishersRunTest {

    private static final DispatchShape SHAPE = new DispatchShape(1, 64, 256);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void shouldHandleTheEventsOfEachPublisherOnceAndInOrder(int publishers) {
        try (PublishersRun run = new PublishersRun(publishers, SHAPE)) {
            run.publishAndVerify(4);
            run.publishAndVerify(20_000);
        }
    }

    @Test
    void shouldFailWhenAPublisherLosesAnEvent() {
        try (PublishersRun run = new PublishersRun(4, SHAPE, dispatch -> {
            LongConsumer publisher = dispatch.newPublisher();
            return number -> publishUnless(number == 50, publisher, number);
        })) {
            assertThatThrownBy(() -> run.publishAndVerify(1_000))
                    .isInstanceOf(WrongResultException.class)
                    .hasMessageContaining("due=50");
        }
    }

    @Test
    void shouldFailWhenAPublisherThrows() {
        try (PublishersRun run = new PublishersRun(2, SHAPE, dispatch -> number -> {
            throw new IllegalStateException("as planned");
        })) {
            assertThatThrownBy(() -> run.publishAndVerify(4))
                    .isInstanceOf(WrongResultException.class)
                    .hasStackTraceContaining("as planned");
        }
    }

    private static void publishUnless(boolean lost, LongConsumer publisher, long number) {
        if (!lost) {
            publisher.accept(number);
        }
    }
}
