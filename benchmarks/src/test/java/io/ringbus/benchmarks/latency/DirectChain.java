package io.ringbus.benchmarks.latency;

import io.ringbus.benchmarks.jmh.PayloadEvent;
import io.ringbus.benchmarks.peers.Pipeline;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/** Handles each event on the publisher's thread, after doing something; may lose some. */
final class DirectChain implements Pipeline {

    private final PayloadEvent event;
    private final TimedHandler handler;
    private final LongPredicate loses;
    private final LongConsumer before;
    private final long missingInTheJournal;

    private long handled;

    DirectChain(RunPlan plan, TimedHandler handler, long missingInTheJournal) {
        this(plan, handler, missingInTheJournal, number -> false, number -> { });
    }

    DirectChain(RunPlan plan, TimedHandler handler, LongPredicate loses, LongConsumer before) {
        this(plan, handler, 0, loses, before);
    }

    private DirectChain(RunPlan plan, TimedHandler handler, long missingInTheJournal, LongPredicate loses,
            LongConsumer before) {
        this.event = new PayloadEvent(plan.payloadBytes());
        this.handler = handler;
        this.loses = loses;
        this.before = before;
        this.missingInTheJournal = missingInTheJournal;
    }

    @Override
    public void publish(long number) {
        before.accept(number);
        if (!loses.test(number)) {
            event.fill(number);
            handler.accept(event);
            handled++;
        }
    }

    @Override
    public long closeAndCountJournaled() {
        return handled - missingInTheJournal;
    }

    @Override
    public void close() {
        // There is nothing to close.
    }
}
