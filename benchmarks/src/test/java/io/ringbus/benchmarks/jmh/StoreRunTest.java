package io.ringbus.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.benchmarks.peers.DocumentStore;
import io.ringbus.benchmarks.peers.EventStore;
import io.ringbus.benchmarks.peers.SqliteStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds for each of the stores. */
class StoreRunTest {

    private static final int EVENTS = 20_001;

    private final AtomicReference<Path> store = new AtomicReference<>();

    static Stream<Named<StoreRun.Opening>> stores() {
        return Stream.of(Named.of("ringbus", RingbusStore::new),
                Named.of("chronicleTailer", (path, bytes) -> new DocumentStore<>(path, PayloadEvent.cargo(bytes))),
                Named.of("sqlite", (path, bytes) -> new SqliteStore<>(path, PayloadEvent.cargo(bytes))));
    }

    @ParameterizedTest
    @MethodSource("stores")
    void shouldReadWhatWasWrittenAnyNumberOfTimesAndLeaveNothingBehind(StoreRun.Opening opening) throws IOException {
        try (StoreRun run = new StoreRun(64, EVENTS, noting(opening))) {
            run.readAndVerify();
            run.readAndVerify();
            assertThat(store.get()).exists();
        }
        assertThat(store.get().getParent()).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("stores")
    void shouldFailWhenAnEventIsNotReadAndLeaveNothingBehind(StoreRun.Opening opening) throws IOException {
        StoreRun run = new StoreRun(64, 100, noting((path, bytes) -> new LossyStore(opening.open(path, bytes), 50)));

        assertThatThrownBy(run::readAndVerify)
                .isInstanceOf(WrongResultException.class)
                .hasMessageContaining("due=50");
        assertThat(store.get().getParent()).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("stores")
    void shouldLeaveNothingBehindWhenItCannotBeWritten(StoreRun.Opening opening) {
        assertThatThrownBy(() -> new StoreRun(7, 100, noting(opening))).hasMessageEndingWith("payload=7");
        assertThat(store.get().getParent()).doesNotExist();
    }

    private StoreRun.Opening noting(StoreRun.Opening opening) {
        return (path, bytes) -> {
            store.set(path);
            return opening.open(path, bytes);
        };
    }

    private record LossyStore(EventStore<PayloadEvent> store, long lost) implements EventStore<PayloadEvent> {

        @Override
        public void write(long last) {
            store.write(last);
        }

        @Override
        public void readAll(Consumer<? super PayloadEvent> consumer) {
            store.readAll(event -> {
                if (!event.hasNumber(lost)) {
                    consumer.accept(event);
                }
            });
        }
    }
}
