package io.ringbus.engine;

import io.ringbus.engine.EventEngineConfig.Settings;
import io.ringbus.engine.error.DivergenceException;
import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.error.InvalidConfigurationException;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.Feed;
import io.ringbus.engine.ring.Lifecycle;
import io.ringbus.engine.ring.Slot;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.stage.StageSubscription;
import io.ringbus.engine.stats.EngineState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The way from a made engine to a running one: open, recover, and only then let publishers in. Used once. */
final class EngineStart {

    private final Settings settings;
    private final Lifecycle lifecycle;
    private final Registrations registrations;

    private long published;

    EngineStart(Settings settings, Lifecycle lifecycle, Registrations registrations) {
        this.settings = settings;
        this.lifecycle = lifecycle;
        this.registrations = registrations;
    }

    /**
     * Starts everything.
     *
     * @param onCore told of the engine's parts as soon as there are threads and files to be closed
     * @return the report
     */
    RecoveryReport run(Consumer<EngineCore> onCore) {
        long begunAt = System.nanoTime();
        List<StageSubscription> subscriptions = registrations.subscriptions();
        EngineCore core = open(subscriptions, onCore);
        Recovery recovery = new Recovery(core.session(), core.ledger(), core.events(), subscriptions,
                registrations.startPositions());
        recovery.prepare(settings.clock().epochNanos());
        int pending = recovery.restorePending();
        try {
            core.chain().start();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineStateException("the thread was interrupted while the engine started", e);
        }
        try (Feed feed = new Feed(core.ring())) {
            recovery.replay(filler -> add(feed, filler), settings.recoveryProgress());
        }
        core.chain().timer().add(recovery.toSchedule());
        recovery.remember(core.messageIds());
        finish(core, recovery);
        core.chain().startTimer();
        return new RecoveryReport(core.session().report(), recovery.replayed(), pending,
                core.deadLetters().count(), recovery.findings(),
                new RecoveryReport.FollowUps(core.matcher().matched(), published, core.matcher().diverged(),
                        core.matcher().divergences()), Duration.ofNanos(System.nanoTime() - begunAt));
    }

    private EngineCore open(List<StageSubscription> subscriptions, Consumer<EngineCore> onCore) {
        List<EventType<?>> types = registrations.types();
        JournalSession session = settings.journal().open(types, settings.clock());
        try {
            EngineCore core = new EngineCore(settings, lifecycle, session, types, subscriptions);
            onCore.accept(core);
            return core;
        } catch (OutOfMemoryError e) {
            session.close();
            throw new InvalidConfigurationException("there is not enough memory for the ring; lower ringSize,"
                    + " slotBytes or messageIdWindow, or give the JVM more: ringSize=" + settings.ringSize()
                    + ", slotBytes=" + settings.slotBytes() + ", messageIdWindow=" + settings.messageIdWindow(), e);
        } catch (Throwable e) {
            session.close();
            throw e;
        }
    }

    private void finish(EngineCore core, Recovery recovery) {
        awaitHandled(core);
        refuseDivergence(core);
        TreeSet<Long> dead = new TreeSet<>(core.deadLetters().sequences());
        Map<Long, Delivery.EventCopy> events = recovery.fetch(dead);
        core.deadLetters().attach(events::get);
        long failedAgain = core.recorder().failedAgain();
        if (failedAgain > 0) {
            recovery.addFinding(failedAgain + " replayed event(s) failed again in rebuilding subscriptions; their dead"
                    + " letters were noted in an earlier run");
        }
        boolean checkpointed = core.inject(slot -> slot.becomeBarrier(() -> {
            core.chain().retryLink().recoveredThrough(recovery.numberFrom());
            core.chain().retryLink().checkpoint(true);
        }), stillRecovering());
        if (!checkpointed) {
            throw lifecycle.refusal();
        }
        awaitHandled(core);
        core.recovered(recovery.numberFrom());
        List<Slot> missing = core.matcher().finish();
        published = missing.size();
        core.outbox().open(missing);
        if (!lifecycle.advance(EngineState.RECOVERING, EngineState.RUNNING)) {
            throw lifecycle.refusal();
        }
    }

    private void refuseDivergence(EngineCore core) {
        List<String> divergences = core.matcher().divergences();
        if (!divergences.isEmpty() && settings.onDivergence() == DivergencePolicy.FAIL) {
            throw new DivergenceException("a rebuilding handler does not publish what it published before, so its state"
                    + " is another one; give it back the code it had, or use onDivergence(REPORT) to keep what the"
                    + " journal holds: divergences=" + core.matcher().diverged() + ", first: " + divergences.get(0));
        }
    }

    private void add(Feed feed, Consumer<Slot> filler) {
        if (!EngineCore.waitUntil(() -> feed.tryAdd(filler), stillRecovering())) {
            throw lifecycle.refusal();
        }
    }

    private void awaitHandled(EngineCore core) {
        if (!core.awaitHandled(core.ring().cursor(), stillRecovering())) {
            throw lifecycle.refusal();
        }
    }

    private BooleanSupplier stillRecovering() {
        return () -> lifecycle.state() == EngineState.RECOVERING;
    }
}
