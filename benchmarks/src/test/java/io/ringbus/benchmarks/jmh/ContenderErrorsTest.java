package io.ringbus.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.benchmarks.jmh.DispatchRun.Opening;
import io.ringbus.benchmarks.peers.Work;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ContenderErrorsTest {

    /** Ringbus has dead letters for this. */
    static Stream<Named<Opening>> peers() {
        return DispatchRunTest.contenders().filter(contender -> !contender.getName().startsWith("ringbus"));
    }

    @ParameterizedTest
    @MethodSource("peers")
    void shouldFailWithWhatAHandlerThrew(Opening opening) {
        try (DispatchRun run = new DispatchRun(new DispatchShape(1, 64, 256), work -> opening.open(throwing(work)))) {
            assertThatThrownBy(() -> run.publishAndVerify(1_000))
                    .isInstanceOf(WrongResultException.class)
                    .hasMessageContaining("a handler or its contender failed")
                    .hasStackTraceContaining("as planned");
        }
    }

    private static Work<PayloadEvent> throwing(Work<PayloadEvent> work) {
        Consumer<PayloadEvent> handler = work.handlers().get(0);
        return new Work<>(work.type(), work.factory(), work.filler(), List.of(event -> {
            if (event.hasNumber(50)) {
                throw new IllegalStateException("as planned");
            }
            handler.accept(event);
        }), work.capacity(), work.onError());
    }
}
