package io.ringbus.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.benchmarks.jmh.PipelineRun.OnePublisher;
import io.ringbus.benchmarks.jmh.PipelineRun.Opening;
import io.ringbus.benchmarks.peers.AwaitingPipeline;
import io.ringbus.benchmarks.peers.Pipeline;
import io.ringbus.engine.WaitMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds for each of the pipelines. */
class PipelineRunTest {

    private static final int MORE_THAN_THE_RING_HOLDS = 20_000;

    private final AtomicReference<Path> journal = new AtomicReference<>();

    static Stream<Named<Opening<? extends Pipeline>>> pipelines() {
        return Stream.of(Named.of("handWritten", Peers::handWritten), Named.of("ringbus", RingbusPipeline::new),
                Named.of("handWrittenBatched", Peers::handWrittenBatched), Named.of("sqlite, 1", Peers.sqlite(1)),
                Named.of("sqlite, 100", Peers.sqlite(100)));
    }

    static Stream<Named<Opening<? extends AwaitingPipeline>>> awaitingPipelines() {
        return Stream.of(Named.of("ringbus", RingbusPipeline::new),
                Named.of("handWrittenForced", Peers::handWrittenBatched), Named.of("sqliteFull, 1", Peers.sqlite(1)),
                Named.of("sqliteFull, 100", Peers.sqlite(100)));
    }

    @ParameterizedTest
    @MethodSource("pipelines")
    void shouldJournalAndHandleEachEventOnce(Opening<? extends Pipeline> opening)
            throws IOException {
        try (PipelineRun<Pipeline> run = open(1024, opening)) {
            run.publishAndVerify(1);
            run.publishAndVerify(MORE_THAN_THE_RING_HOLDS);
            assertThat(journal.get()).isNotEmptyDirectory();
        }
        assertTheNextOneDeletesIt();
    }

    @ParameterizedTest
    @MethodSource("pipelines")
    void shouldFailWhenAnEventIsLost(Opening<? extends Pipeline> opening) throws IOException {
        PipelineRun<Pipeline> run = open(64, (shape, directory, check) -> new LossyPipeline(
                opening.open(shape, directory, check), 50));

        assertThatThrownBy(() -> run.publishAndVerify(100))
                .isInstanceOf(WrongResultException.class)
                .hasMessageContaining("due=50")
                .hasNoSuppressedExceptions();
        assertTheNextOneDeletesIt();
        assertThatCode(run::close).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("pipelines")
    void shouldFailWhenTheJournalHoldsLessThanWasHandled(Opening<? extends Pipeline> opening)
            throws IOException {
        PipelineRun<Pipeline> run = open(64, (shape, directory, check) -> new HandlingPipeline(
                opening.open(shape, directory, check), check));
        run.publishAndVerify(100);

        assertThatThrownBy(run::close)
                .isInstanceOf(WrongResultException.class)
                .hasMessageEndingWith("published=100, journaled=99");
        assertTheNextOneDeletesIt();
    }

    @Test
    void shouldLeaveNothingToTheNextOneWhenItCannotBeOpened() throws IOException {
        assertThatThrownBy(() -> open(64, (shape, directory, check) -> {
            throw new IllegalStateException("no such disk");
        })).hasMessage("no such disk");
        assertTheNextOneDeletesIt();
    }

    @ParameterizedTest
    @MethodSource("awaitingPipelines")
    void shouldLetSeveralPublishersWaitForEachOfTheirEvents(Opening<? extends AwaitingPipeline> opening)
            throws IOException {
        for (WaitingPublishers publishers : List.of(new WaitingPublishers(1, 1), new WaitingPublishers(1, 10),
                new WaitingPublishers(4, 1), new WaitingPublishers(4, 10))) {
            try (PipelineRun<AwaitingPipeline> run = openSynced(publishers, opening)) {
                run.publishAndVerify(1);
                run.publishAndVerify(101);
                assertThat(journal.get()).isNotEmptyDirectory();
            }
            assertTheNextOneDeletesIt();
        }
    }

    @ParameterizedTest
    @MethodSource("awaitingPipelines")
    void shouldFailWhenOneOfSeveralPublishersLosesAnEvent(Opening<? extends AwaitingPipeline> opening)
            throws IOException {
        PipelineRun<AwaitingPipeline> run = openSynced(new WaitingPublishers(4, 1), (shape, directory, check) -> new RepeatingPipeline(
                opening.open(shape, directory, check), 50));

        assertThatThrownBy(() -> run.publishAndVerify(100))
                .isInstanceOf(WrongResultException.class)
                .hasMessageMatching("the payloads were changed.*|a publisher failed: the event was not committed.*");
        assertTheNextOneDeletesIt();
    }

    private void assertTheNextOneDeletesIt() throws IOException {
        assertThat(journal.get().getParent()).exists();
        JournalDirectory.renew();
        assertThat(journal.get().getParent()).doesNotExist();
    }

    private PipelineRun<Pipeline> open(int payloadBytes, Opening<? extends Pipeline> opening) throws IOException {
        return new PipelineRun<>(new PipelineShape(payloadBytes, WaitMode.PARKING, false, false), noting(opening),
                new OnePublisher());
    }

    private PipelineRun<AwaitingPipeline> openSynced(WaitingPublishers publishers,
            Opening<? extends AwaitingPipeline> opening) throws IOException {
        return new PipelineRun<>(new PipelineShape(64, WaitMode.PARKING, false, true), noting(opening),
                publishers);
    }

    private <P extends Pipeline> Opening<P> noting(Opening<? extends P> opening) {
        return (shape, directory, check) -> {
            journal.set(directory);
            return opening.open(shape, directory, check);
        };
    }
}
