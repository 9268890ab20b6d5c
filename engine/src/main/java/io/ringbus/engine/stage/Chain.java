package io.ringbus.engine.stage;

import io.ringbus.engine.error.EngineFailedException;
import io.ringbus.engine.ring.EngineThread;
import io.ringbus.engine.ring.EventRing;
import io.ringbus.engine.ring.Lifecycle;
import io.ringbus.engine.ring.Outbox;
import io.ringbus.engine.ring.Publisher;
import io.ringbus.engine.ring.RegisteredType;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.stats.EngineState;
import io.ringbus.engine.stats.EngineStatistics.StageStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole graph. This file is the architecture:
 *
 * <pre>
 *   publish --> ring --> 1 journal --> 2 priority a --> 3 priority b --> ... --> n retry --> slot free
 *                 ^                                                                |
 *                 +------- timer: redeliveries when due, tryInject only  <---------+
 * </pre>
 *
 * <p>A thread for the journal link and for each priority, of which the last one runs the retry link too; or one for all
 * of them when the chain is fused; and the timer's. {@link Layout} says which link runs where, {@link Runners} owns the
 * threads, and {@link Splice} changes the chain while it runs.
 */
public final class Chain {

    private static final Logger LOG = LoggerFactory.getLogger(Chain.class);

    private static final long START_LOOK_NANOS = 10_000_000L;

    private final EventRing ring;
    private final Lifecycle lifecycle;
    private final Layout.Ends ends;
    private final CutGate gate;
    private final Onlookers onlookers = new Onlookers();
    private final Changes changes;
    private final Runners runners;
    private final Splice splice;
    private final StagePositions positions;
    private final HandlerLinks handlerLinks;
    private final Completions completions;
    private final String name;
    private volatile EngineThread completionsThread;
    private final RetryTimer timer;
    private final EngineThread timerThread;
    private boolean timerStarted;

    /**
     * What a chain is made of.
     *
     * @param ring          the ring
     * @param clock         the engine's clock
     * @param types         by index
     * @param subscriptions those it begins with, and then those it has
     * @param session       the open journal
     * @param journaling    where events and outcomes are kept
     * @param publishing    what handlers publish with
     */
    public record Parts(EventRing ring, EngineClock clock, List<RegisteredType<?>> types,
            Subscriptions subscriptions, Journaling journaling, Publishing publishing) {
    }

    /**
     * Where events and outcomes are kept.
     *
     * @param session  the open journal
     * @param events   its events, decoded
     * @param ledger   the fold of its outcomes
     * @param recorder writes them
     */
    public record Journaling(JournalSession session, StoredEvents events, DeliveryLedger ledger,
            OutcomeRecorder recorder) {
    }

    /**
     * What handlers publish with.
     *
     * @param publisher         describes and encodes
     * @param outbox            where follow-ups go
     * @param matcher           where they go while a rebuilding handler is given the past
     * @param refusesDivergence whether a handler that publishes something else than before is an error
     */
    public record Publishing(Publisher publisher, Outbox outbox, FollowUpMatcher matcher, boolean refusesDivergence) {

        FollowUps followUps(boolean durable) {
            return new FollowUps(publisher, outbox, matcher, durable);
        }
    }

    /**
     * Wires the chain; nothing runs yet.
     *
     * @param parts        what it is made of
     * @param lifecycle    the engine's state
     * @param threading    how it is laid out on threads
     * @param housekeeping run some twenty times a second on the timer's thread
     */
    public Chain(Parts parts, Lifecycle lifecycle, Threading threading, Runnable housekeeping) {
        this.ring = parts.ring;
        this.lifecycle = lifecycle;
        this.completions = new Completions(this::startCompletions, this::fail);
        this.ends = ends(parts, threading.fused);
        this.name = threading.name;
        this.gate = new CutGate(this::runnerCount);
        this.changes = new Changes(ring, gate);
        this.runners = new Runners(ring, lifecycle, threading, new Surroundings());
        this.timer = new RetryTimer(ring, parts.clock, parts.subscriptions, changes, housekeeping);
        this.handlerLinks = new HandlerLinks(parts, lifecycle, gate, timer, completions,
                threading.timeEvery);
        this.splice = new Splice(parts, handlerLinks, ends, gate, changes, runners);
        this.positions = new StagePositions(ring, ends, splice);
        this.timerThread = new EngineThread(lifecycle, threading.name + "-timer", guarded(timer));
        List<Layout.Stage> stages = stages(parts);
        splice.begin(stages, new Past(parts, timer));
        ring.gate(ends.retry().sequence(), positions::slowest);
        runners.build(Layout.of(ends, stages, threading.fused));
        changes.tell(timer::wake);
    }

    /**
     * How a chain is laid out on threads.
     *
     * @param name      the engine's name; its threads carry it
     * @param fused     whether one thread runs all links
     * @param spins     whether waiting links keep their processor
     * @param timeEvery one in so many slots is timed
     */
    public record Threading(String name, boolean fused, boolean spins, int timeEvery) {
    }

    /**
     * Starts the threads of the links, not the timer's, and waits for their start hooks as long as the engine is not
     * closed meanwhile.
     *
     * @throws InterruptedException when interrupted meanwhile; the caller halts the chain
     */
    public void start() throws InterruptedException {
        completions.begin();
        runners.start();
        for (ChainRunner runner : runners.all()) {
            while (!runner.awaitStart(START_LOOK_NANOS)) {
                if (lifecycle.state() != EngineState.RECOVERING) {
                    throw lifecycle.refusal();
                }
            }
            Throwable failure = runner.startFailure();
            if (failure != null) {
                throw new EngineFailedException("a handler refused to start; mend it, and start a new engine: stage="
                        + runner.name() + ", error=" + failure, failure);
            }
        }
    }

    /** Starts the timer: redeliveries, changes, checkpoints and warnings begin. */
    public void startTimer() {
        timerStarted = true;
        timerThread.start();
    }

    /**
     * Ends the timer, and waits for its thread: nothing but publishers fills the ring after that.
     *
     * @return whether the waiting thread was interrupted meanwhile
     */
    public boolean stopTimer() {
        timer.stop();
        return timerStarted && Runners.join(timerThread, Long.MAX_VALUE);
    }

    /** Tells all runners to end after the slots at hand. A change that is not made by then never is. */
    public void halt() {
        runners.halt();
        gate.halt();
    }

    /**
     * Waits for the runners' threads. When the time is up, those still at work are interrupted, so that a handler that
     * waits for something can see it, and are given one more second each.
     *
     * @param nanos how long to wait
     * @return whether the waiting thread was interrupted meanwhile
     */
    public boolean join(long nanos) {
        return runners.join(nanos);
    }

    /**
     * Ends the thread that ends asynchronous handlings, and waits for it. When no handler is called any more.
     *
     * @return whether the waiting thread was interrupted meanwhile
     */
    public boolean stopCompletions() {
        completions.stop();
        EngineThread thread = completionsThread;
        return thread != null && Runners.joinOrInterrupt(thread);
    }

    /** Notes asynchronous handlings that have not ended as pending. When nothing of the chain runs any more. */
    public void noteUnderWay() {
        completions.noteUnderWay();
    }

    /**
     * Whether no asynchronous handling is under way.
     *
     * @return true when all have ended
     */
    public boolean isIdle() {
        return completions.isIdle();
    }

    /**
     * The first sequence whose asynchronous handling has not ended, nor is noted as pending.
     *
     * @return the sequence; {@code Long.MAX_VALUE} for none
     */
    public long oldestUnderWay() {
        return completions.oldestUnnoted();
    }

    /**
     * Whether no thread of a handler is at work any more, nor the one that ends asynchronous handlings.
     *
     * @return true when the files they write to may be closed
     */
    public boolean hasEnded() {
        EngineThread thread = completionsThread;
        return runners.hasEnded() && (thread == null || !thread.isAlive());
    }

    /**
     * What the stop hooks threw; after the threads have ended.
     *
     * @return one sentence each
     */
    public List<String> stopErrors() {
        List<String> errors = new ArrayList<>(splice.stopErrors());
        runners.all().forEach(runner -> errors.addAll(runner.stopErrors()));
        return errors;
    }

    /**
     * What changes the chain while it runs.
     *
     * @return the changes that were asked for
     */
    public Changes changes() {
        return changes;
    }

    /**
     * The last link.
     *
     * @return the retry link
     */
    public RetryLink retryLink() {
        return ends.retry();
    }

    /**
     * Deliveries that were pending and then handled.
     *
     * @return the count since the start
     */
    public long recovered() {
        return handlerLinks.recovered();
    }

    /**
     * The timer.
     *
     * @return the timer
     */
    public RetryTimer timer() {
        return timer;
    }

    /**
     * Who waits for the chain to get somewhere.
     *
     * @return where to wait
     */
    public Onlookers onlookers() {
        return onlookers;
    }

    /**
     * The last place the journal link is done with.
     *
     * @return the place; -1 where nothing is journaled
     */
    public long journaledPlace() {
        return ends.journals() ? ends.first().sequence().get() : -1;
    }

    /**
     * The last place the whole chain is done with.
     *
     * @return the place
     */
    public long handledPlace() {
        return ends.retry().sequence().get();
    }

    /**
     * Where each stage stands.
     *
     * @return in chain order
     */
    public List<StageStatistics> stages() {
        return positions.statistics();
    }

    private Layout.Ends ends(Parts parts, boolean fused) {
        JournalSession session = parts.journaling.session;
        Link first = session.isDurable() ? new JournalLink(parts.ring, parts.clock, session.events(), fused)
                : new TimestampLink(parts.ring, parts.clock);
        return new Layout.Ends(first, session.isDurable(), new RetryLink(parts.ring, parts.journaling.recorder,
                parts.publishing.outbox, parts.publishing.matcher, completions::oldestUnnoted,
                () -> timer.help()));
    }

    private List<Layout.Stage> stages(Parts parts) {
        Map<Integer, List<StageSubscription>> byPriority = new TreeMap<>();
        for (StageSubscription subscription : parts.subscriptions.list()) {
            byPriority.computeIfAbsent(subscription.definition().priority(), priority -> new ArrayList<>())
                    .add(subscription);
        }
        List<Layout.Stage> stages = new ArrayList<>();
        byPriority.forEach((priority, subscriptions) -> {
            List<HandlerLink> links = new ArrayList<>();
            List<StageSubscription> sharing = subscriptions.stream()
                    .filter(subscription -> subscription.definition().handling().workers() == 0).toList();
            if (!sharing.isEmpty()) {
                HandlerLink link = handlerLinks.makeShared(priority);
                link.beginWith(sharing.stream()
                        .map(subscription -> subscription.newLane(link.tools(), Partition.WHOLE)).toList());
                links.add(link);
            }
            subscriptions.forEach(subscription -> links.addAll(withLanes(subscription)));
            stages.add(new Layout.Stage(priority, links));
        });
        return stages;
    }

    private List<HandlerLink> withLanes(StageSubscription subscription) {
        List<HandlerLink> own = handlerLinks.makeOwn(subscription);
        for (int i = 0; i < own.size(); i++) {
            HandlerLink link = own.get(i);
            link.beginWith(List.of(subscription.newLane(link.tools(), new Partition(i, own.size()))));
        }
        return own;
    }

    private void startCompletions(Runnable run) {
        completionsThread = new EngineThread(lifecycle, name + "-completions", run);
        completionsThread.start();
    }

    private int runnerCount() {
        return runners.count();
    }

    /** The chain as its runners know it. */
    private final class Surroundings implements ChainRunner.Surroundings {

        @Override
        public CutGate gate() {
            return gate;
        }

        @Override
        public Runnable change() {
            return splice.make();
        }

        @Override
        public Onlookers onlookers() {
            return onlookers;
        }

        @Override
        public void fail(Throwable cause) {
            Chain.this.fail(cause);
        }
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable e) {
                fail(e);
            }
        };
    }

    private void fail(Throwable cause) {
        boolean first = lifecycle.fail(cause);
        halt();
        // What ends now is not noted: the next start delivers it again.
        completions.stop();
        if (first) {
            LOG.error("the engine stops: {}", cause.toString());
        }
        changes.abandon(lifecycle::refusal);
    }
}
