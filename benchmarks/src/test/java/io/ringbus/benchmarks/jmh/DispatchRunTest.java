package io.ringbus.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.lmax.disruptor.dsl.ProducerType;
import io.ringbus.benchmarks.jmh.DispatchRun.Opening;
import io.ringbus.benchmarks.peers.ArrayBlockingQueueDispatch;
import io.ringbus.benchmarks.peers.GuavaDispatch;
import io.ringbus.benchmarks.peers.MbassadorDispatch;
import io.ringbus.benchmarks.peers.RawDisruptorDispatch;
import io.ringbus.benchmarks.peers.VertxDispatch;
import io.ringbus.benchmarks.peers.Work;
import io.ringbus.engine.ProducerMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds for each contender. */
class DispatchRunTest {

    private static final int CAPACITY = 256;
    private static final int MORE_THAN_THE_CAPACITY = 5_000;
    private static final int HANDLERS = 4;
    private static final int PAYLOAD = 64;

    static Stream<Named<Opening>> contenders() {
        return Stream.of(
                Named.of("ringbus, MULTI", work -> new RingbusDispatch(work, ProducerMode.MULTI)),
                Named.of("ringbus, SINGLE", work -> new RingbusDispatch(work, ProducerMode.SINGLE)),
                Named.of("ringbus, in batches", work -> new RingbusDispatch(work, ProducerMode.MULTI).inBatches(10)),
                Named.of("rawDisruptor, MULTI", work -> new RawDisruptorDispatch<>(work, ProducerType.MULTI)),
                Named.of("rawDisruptor, SINGLE", work -> new RawDisruptorDispatch<>(work, ProducerType.SINGLE)),
                Named.of("arrayBlockingQueue", ArrayBlockingQueueDispatch::new),
                Named.of("guavaEventBus", GuavaDispatch::new),
                Named.of("mbassador", MbassadorDispatch::new),
                Named.of("vertxEventBus", VertxDispatch::new));
    }

    @ParameterizedTest
    @MethodSource("contenders")
    void shouldGiveEachHandlerEachEventOnceAndInOrder(Opening opening) {
        try (DispatchRun run = new DispatchRun(shape(), opening)) {
            run.publishAndVerify(100);
            run.publishAndVerify(MORE_THAN_THE_CAPACITY);
        }
    }

    @ParameterizedTest
    @MethodSource("contenders")
    void shouldCallAllHandlersOnOneThreadThatIsNotThePublisher(Opening opening) {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();

        try (DispatchRun run = new DispatchRun(shape(), work -> opening.open(with(work, handler -> event -> {
            threads.add(Thread.currentThread());
            handler.accept(event);
        })))) {
            run.publishAndVerify(MORE_THAN_THE_CAPACITY);
        }

        assertThat(threads).hasSize(1).doesNotContain(Thread.currentThread());
    }

    @ParameterizedTest
    @MethodSource("contenders")
    void shouldFailWhenAnEventIsLost(Opening opening) {
        try (DispatchRun run = new DispatchRun(shape(), work -> new LossyDispatch(opening.open(work), 50))) {
            assertThatThrownBy(() -> run.publishAndVerify(100))
                    .isInstanceOf(WrongResultException.class)
                    .hasMessageContaining("due=50");
        }
    }

    @ParameterizedTest
    @MethodSource("contenders")
    void shouldFailWhenOnlyOneOfTheHandlersMissesAnEvent(Opening opening) {
        try (DispatchRun run = new DispatchRun(shape(), work -> opening.open(withLast(work, handler -> event -> {
            if (!event.hasNumber(50)) {
                handler.accept(event);
            }
        })))) {
            assertThatThrownBy(() -> run.publishAndVerify(100))
                    .isInstanceOf(WrongResultException.class)
                    .hasMessageContaining("due=50");
        }
    }

    private static DispatchShape shape() {
        return new DispatchShape(HANDLERS, PAYLOAD, CAPACITY);
    }

    private static Work<PayloadEvent> with(Work<PayloadEvent> work,
            UnaryOperator<Consumer<PayloadEvent>> wrapping) {
        return with(work, work.handlers().stream().map(wrapping).toList());
    }

    private static Work<PayloadEvent> withLast(Work<PayloadEvent> work,
            UnaryOperator<Consumer<PayloadEvent>> wrapping) {
        List<Consumer<PayloadEvent>> handlers = new ArrayList<>(work.handlers());
        handlers.add(wrapping.apply(handlers.remove(handlers.size() - 1)));
        return with(work, handlers);
    }

    private static Work<PayloadEvent> with(Work<PayloadEvent> work, List<Consumer<PayloadEvent>> handlers) {
        return new Work<>(work.type(), work.factory(), work.filler(), handlers, work.capacity(), work.onError());
    }
}
