package io.ringbus.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.benchmarks.jmh.PipelineRun.Opening;
import io.ringbus.engine.WaitMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds for each of the two pipelines. */
class PipelineRunTest {

    private static final int MORE_THAN_THE_RING_HOLDS = 20_000;

    static Stream<Named<Opening>> pipelines() {
        return Stream.of(Named.of("ringbus", RingbusPipeline::new), Named.of("handWritten", HandWrittenPipeline::new));
    }

    @ParameterizedTest
    @MethodSource("pipelines")
    void shouldJournalAndHandleEachEventOnceAndLeaveNothingBehind(Opening opening) throws IOException {
        AtomicReference<Path> journal = new AtomicReference<>();
        try (PipelineRun run = new PipelineRun(shape(1024), (shape, directory, check) -> {
            journal.set(directory);
            return opening.open(shape, directory, check);
        })) {
            run.publishAndVerify(1);
            run.publishAndVerify(MORE_THAN_THE_RING_HOLDS);
            assertThat(journal.get()).isNotEmptyDirectory();
        }
        assertThat(journal.get().getParent()).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("pipelines")
    void shouldFailWhenAnEventIsLost(Opening opening) throws IOException {
        PipelineRun run = new PipelineRun(shape(64),
                (shape, directory, check) -> new LossyPipeline(opening.open(shape, directory, check), 50));

        assertThatThrownBy(() -> run.publishAndVerify(100))
                .isInstanceOf(WrongResultException.class)
                .hasMessageContaining("due=50");
        assertThatThrownBy(run::close)
                .isInstanceOf(WrongResultException.class)
                .hasMessageEndingWith("published=100, journaled=99");
    }

    private static PipelineShape shape(int payloadBytes) {
        return new PipelineShape(payloadBytes, WaitMode.PARKING, false);
    }
}
