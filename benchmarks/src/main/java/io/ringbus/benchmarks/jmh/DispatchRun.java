package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.Dispatch;
import io.ringbus.benchmarks.peers.Work;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One contender with its handlers, each of which must be given each event, once and in order. */
final class DispatchRun implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<PayloadCheck> checks;
    private final Dispatch dispatch;

    private long published;

    DispatchRun(DispatchShape shape, Opening opening) {
        this.checks = Stream.generate(() -> new PayloadCheck(shape.payloadBytes(), PATIENCE))
                .limit(shape.handlers()).toList();
        this.dispatch = opening.open(work(shape, checks));
    }

    /** What a contender has to do, so that these checks see it done. */
    static Work<PayloadEvent> work(DispatchShape shape, List<PayloadCheck> checks) {
        List<Consumer<PayloadEvent>> handlers = checks.stream().map(DispatchRun::handler).toList();
        return new Work<>(PayloadEvent.class, () -> new PayloadEvent(shape.payloadBytes()), PayloadEvent::fill,
                handlers, shape.capacity(),
                error -> checks.get(0).fail(new WrongResultException("a handler or its contender failed", error)));
    }

    /**
     * Publishes events and waits until each handler has seen them all.
     *
     * @throws WrongResultException when one did not see exactly these
     */
    void publishAndVerify(int events) {
        long last = published + events;
        for (long number = published + 1; number <= last; number++) {
            dispatch.publish(number);
        }
        published = last;
        for (PayloadCheck check : checks) {
            check.awaitAndVerify(last);
        }
    }

    @Override
    public void close() {
        dispatch.close();
    }

    private static Consumer<PayloadEvent> handler(PayloadCheck check) {
        return check::accept;
    }

    /** How a contender is made. */
    @FunctionalInterface
    interface Opening {
        Dispatch open(Work<PayloadEvent> work);
    }
}
