package io.ringbus.engine;

import io.ringbus.engine.ring.Lifecycle;
import io.ringbus.engine.stage.Chain;
import io.ringbus.engine.stats.EngineState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The way down. One lock for starting and closing: a close during a start makes the start give up, and comes after it.
 *
 * <p>The order matters: refuse publishers; end the timer, so that nothing else fills the ring; wait until the chain has
 * passed the last used place; end the threads; only then write the checkpoint and close the files from here, because
 * files that a thread may still write to are never closed under it.
 */
final class EngineShutdown {

    private static final Duration AT_LEAST = Duration.ofMillis(200);

    private final Lifecycle lifecycle;
    private final ReentrantLock startOrClose = new ReentrantLock();

    private EngineCore core;
    private CloseReport report;

    EngineShutdown(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    /** Runs a start; when it fails, everything it opened is closed again before the failure is passed on. */
    RecoveryReport guardStart(Supplier<RecoveryReport> start) {
        startOrClose.lock();
        try {
            if (report != null) {
                // Closed between leaving NEW and this lock: nothing may be opened any more.
                throw lifecycle.refusal();
            }
            return start(start);
        } finally {
            startOrClose.unlock();
        }
    }

    /** Says what is to be closed. Under the lock, from a start. */
    void watch(EngineCore newCore) {
        core = newCore;
    }

    CloseReport close(Duration timeout) {
        boolean drain = lifecycle.advance(EngineState.RUNNING, EngineState.CLOSING);
        lifecycle.advance(EngineState.RECOVERING, EngineState.CLOSING);
        startOrClose.lock();
        try {
            if (report == null) {
                // Looked at again behind the lock: a start that came after the first look has come through meanwhile.
                boolean running = lifecycle.advance(EngineState.RUNNING, EngineState.CLOSING);
                report = closeNow(timeout, drain || running);
            }
            return report;
        } finally {
            startOrClose.unlock();
        }
    }

    CompletableFuture<CloseReport> closeAsync(Duration timeout, String threadName) {
        CompletableFuture<CloseReport> result = new CompletableFuture<>();
        new Thread(() -> {
            try {
                result.complete(close(timeout));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        }, threadName).start();
        return result;
    }

    private RecoveryReport start(Supplier<RecoveryReport> start) {
        try {
            return start.get();
        } catch (Throwable e) {
            // A close that is waiting for this start says CLOSING; then this is how the start ends, not a failure.
            if (lifecycle.state() != EngineState.CLOSING) {
                lifecycle.fail(e);
            }
            report = closeNow(AT_LEAST, false);
            throw e;
        }
    }

    private CloseReport closeNow(Duration timeout, boolean drain) {
        if (core == null) {
            lifecycle.closed();
            return new CloseReport(0, 0, Map.of(), 0, 0, true, lifecycle.failure(), List.of());
        }
        long deadline = System.nanoTime() + Math.max(EngineCore.nanos(timeout), AT_LEAST.toNanos());
        BooleanSupplier timeLeft = () -> System.nanoTime() - deadline < 0 && lifecycle.failure() == null;
        Chain chain = core.chain();
        List<String> errors = new ArrayList<>();
        // An interrupted thread closes as thoroughly as any other; the flag is given back at the end.
        boolean interrupted = Thread.interrupted();
        interrupted |= chain.stopTimer();
        // The place of a change is passed before the change is made.
        boolean drained = drain && core.awaitDrained(timeLeft)
                && EngineCore.waitUntil(() -> !chain.changes().isUnderWay(), timeLeft);
        chain.halt();
        interrupted |= chain.join(Math.max(deadline - System.nanoTime(), 0));
        interrupted |= chain.stopCompletions();
        boolean ended = chain.hasEnded();
        if (ended) {
            errors.addAll(chain.stopErrors());
            releaseJournal(chain);
        } else {
            errors.add("a handler did not come back within the time-out; its thread goes on, and the journal stays"
                    + " locked until the process ends");
        }
        lifecycle.closed();
        chain.changes().abandon(lifecycle::refusal);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        // Places claimed after the last used one are void, and nobody's loss.
        long notHandled = drained ? 0 : Math.max(0, core.ring().publishedPlace() - chain.handledPlace());
        return new CloseReport(core.watermark(Watermark.HANDLED), core.ledger().pendingCount(),
                ended ? core.ledger().pendingBySubscription() : Map.of(),
                core.deadLetters().count(), notHandled, drained && ended, lifecycle.failure(), errors);
    }

    /** After a failure nothing more is written: what is in the journal is what can be vouched for. */
    private void releaseJournal(Chain chain) {
        core.letters().end();
        try {
            if (lifecycle.failure() == null && lifecycle.state() == EngineState.CLOSING && core.isRecovered()) {
                chain.noteUnderWay();
                chain.retryLink().checkpoint(true);
                core.session().outcomes().sync();
            }
        } catch (RuntimeException | Error e) {
            lifecycle.fail(e);
        }
        try {
            core.session().close();
        } catch (RuntimeException | Error e) {
            lifecycle.fail(e);
        }
    }
}
