package io.ringbus.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RecoveringEngineTest {

    private static final long EVENTS = 20_000;

    @Test
    void shouldBeGivenEachEventOfAJournalWhoseWriterWasKilled() throws IOException {
        Path path;
        try (KilledJournal journal = new KilledJournal(EVENTS);
                RecoveringEngine engine = new RecoveringEngine(journal.path(), KilledJournal.PAYLOAD_BYTES)) {
            path = journal.path();
            engine.startAndVerify(EVENTS);
        }
        assertThat(path.getParent()).doesNotExist();
    }

    @Test
    void shouldFailWhenAnEventIsMissing() throws IOException {
        try (KilledJournal journal = new KilledJournal(EVENTS);
                RecoveringEngine engine = new RecoveringEngine(journal.path(), KilledJournal.PAYLOAD_BYTES)) {
            assertThatThrownBy(() -> engine.startAndVerify(EVENTS + 1))
                    .isInstanceOf(WrongResultException.class)
                    .hasMessageContaining("seen=" + EVENTS);
        }
    }

    @Test
    void shouldFailWhenTheWriterFails() {
        assertThatThrownBy(() -> new KilledJournal(-1))
                .isInstanceOf(WrongResultException.class)
                .hasMessageContaining("ended before it was done");
    }
}
