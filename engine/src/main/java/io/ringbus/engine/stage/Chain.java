package io.ringbus.engine.stage;

import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
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
import java.util.concurrent.TimeUnit;
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
 * of them when the chain is fused; and the timer's.
 */
public final class Chain {

    private static final Logger LOG = LoggerFactory.getLogger(Chain.class);

    private static final long START_LOOK_NANOS = 10_000_000L;
    private static final long SHORTEST_JOIN_NANOS = 1_000_000L;
    private static final long LAST_CALL_NANOS = 1_000_000_000L;

    private final EventRing ring;
    private final Lifecycle lifecycle;
    private final Links links;
    private final List<ChainRunner> runners = new ArrayList<>();
    private final List<EngineThread> threads = new ArrayList<>();
    private final List<Settlements> settlements = new ArrayList<>();
    private final RetryTimer timer;
    private final EngineThread timerThread;
    private boolean timerStarted;

    /** The links in order, and the two that are spoken to. The journal link is null where nothing is journaled. */
    private record Links(List<Link> all, Link journal, RetryLink retry) {

        /**
         * A thread for each link; but the retry link, which has work only after failures, shares that of the last
         * handler stage: a thread that only passes slots on costs a core, or time slices on few cores.
         */
        List<List<Link>> threads() {
            int handlerStages = all.size() - (journal == null ? 1 : 2);
            List<List<Link>> threads = new ArrayList<>();
            for (Link link : handlerStages == 0 ? all : all.subList(0, all.size() - 2)) {
                threads.add(List.of(link));
            }
            if (handlerStages > 0) {
                threads.add(all.subList(all.size() - 2, all.size()));
            }
            return threads;
        }
    }

    /**
     * What a chain is made of.
     *
     * @param ring          the ring
     * @param clock         the engine's clock
     * @param types         by index
     * @param subscriptions by index
     * @param session       the open journal
     * @param publishing    what handlers publish with
     */
    public record Parts(EventRing ring, EngineClock clock, List<RegisteredType<?>> types,
            List<StageSubscription> subscriptions, JournalSession session, Publishing publishing) {
    }

    /**
     * What handlers publish with.
     *
     * @param publisher describes and encodes
     * @param outbox    where follow-ups go
     * @param matcher   where they go while a rebuilding handler is given the past
     */
    public record Publishing(Publisher publisher, Outbox outbox, FollowUpMatcher matcher) {

        FollowUps followUps(boolean durable) {
            return new FollowUps(publisher, outbox, matcher, durable);
        }
    }

    /**
     * Wires the chain; nothing runs yet.
     *
     * @param parts        what it is made of
     * @param recorder     where outcomes go
     * @param lifecycle    the engine's state
     * @param threading    how it is laid out on threads
     * @param housekeeping run some twenty times a second on the timer's thread
     */
    public Chain(Parts parts, OutcomeRecorder recorder, Lifecycle lifecycle, Threading threading, Runnable housekeeping) {
        this.ring = parts.ring;
        this.lifecycle = lifecycle;
        this.timer = new RetryTimer(ring, parts.clock, parts.subscriptions, housekeeping);
        this.links = wire(parts, recorder, threading.timeEvery);
        ring.gate(links.retry.sequence(), this::slowestStage);
        if (threading.fused) {
            addRunner("chain", threading.name, links.all, ring.barrier());
        } else {
            Sequence upstream = null;
            for (List<Link> together : links.threads()) {
                addRunner(together.get(0).name(), threading.name, together,
                        upstream == null ? ring.barrier() : ring.barrier(upstream));
                upstream = together.get(together.size() - 1).sequence();
            }
        }
        this.timerThread = new EngineThread(lifecycle, threading.name + "-timer", guarded(timer));
        if (threading.spins) {
            warnWhenCoresAreFew(runners.size());
        }
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
        threads.forEach(Thread::start);
        for (ChainRunner runner : runners) {
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

    /** Starts the timer: redeliveries, checkpoints and warnings begin. */
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
        return timerStarted && join(timerThread, Long.MAX_VALUE);
    }

    /** Tells all runners to end after the slots at hand. */
    public void halt() {
        runners.forEach(ChainRunner::halt);
        ring.signal();
    }

    /**
     * Waits for the runners' threads. When the time is up, those still at work are interrupted, so that a handler that
     * waits for something can see it, and are given one more second each.
     *
     * @param nanos how long to wait
     * @return whether the waiting thread was interrupted meanwhile
     */
    public boolean join(long nanos) {
        long deadline = System.nanoTime() + nanos;
        boolean interrupted = false;
        for (EngineThread thread : threads) {
            interrupted |= join(thread, Math.max(deadline - System.nanoTime(), SHORTEST_JOIN_NANOS));
        }
        for (EngineThread thread : threads) {
            if (thread.isAlive()) {
                thread.interrupt();
                interrupted |= join(thread, LAST_CALL_NANOS);
            }
        }
        return interrupted;
    }

    /**
     * Whether no runner's thread is at work any more.
     *
     * @return true when the files they write to may be closed
     */
    public boolean hasEnded() {
        return threads.stream().noneMatch(Thread::isAlive);
    }

    /**
     * What the stop hooks threw; after the threads have ended.
     *
     * @return one sentence each
     */
    public List<String> stopErrors() {
        return runners.stream().flatMap(runner -> runner.stopErrors().stream()).toList();
    }

    /**
     * The last link.
     *
     * @return the retry link
     */
    public RetryLink retryLink() {
        return links.retry;
    }

    /**
     * Deliveries that were pending and then handled.
     *
     * @return the count since the start
     */
    public long recovered() {
        return settlements.stream().mapToLong(Settlements::recovered).sum();
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
     * The last place the journal link is done with.
     *
     * @return the place; -1 where nothing is journaled
     */
    public long journaledPlace() {
        return links.journal == null ? -1 : links.journal.sequence().get();
    }

    /**
     * The last place the whole chain is done with.
     *
     * @return the place
     */
    public long handledPlace() {
        return links.retry.sequence().get();
    }

    /**
     * Where each stage stands.
     *
     * @return in chain order
     */
    public List<StageStatistics> stages() {
        long published = ring.publishedPlace();
        return links.all.stream()
                .map(link -> new StageStatistics(link.name(), Math.max(0, published - link.sequence().get()))).toList();
    }

    private String slowestStage() {
        String slowest = "none";
        long largest = -1;
        long upstream = ring.cursor();
        for (Link link : links.all) {
            long own = link.sequence().get();
            if (upstream - own > largest) {
                largest = upstream - own;
                slowest = "'" + link.name() + "', " + largest + " behind";
            }
            upstream = own;
        }
        return slowest;
    }

    private Links wire(Parts parts, OutcomeRecorder recorder, int timeEvery) {
        List<Link> all = new ArrayList<>();
        Link journal = null;
        if (parts.session.isDurable()) {
            journal = new JournalLink(parts.ring, parts.clock, parts.session.events());
            all.add(journal);
        }
        Map<Integer, List<StageSubscription>> byPriority = new TreeMap<>();
        for (StageSubscription subscription : parts.subscriptions) {
            byPriority.computeIfAbsent(subscription.definition().priority(), priority -> new ArrayList<>())
                    .add(subscription);
        }
        byPriority.forEach((priority, subscriptions) -> {
            Settlements own = new Settlements(parts.clock, parts.types, recorder, timer::add);
            settlements.add(own);
            all.add(new HandlerLink(priority, ring, parts.types, new LaneTools(own,
                    parts.publishing.followUps(parts.session.isDurable()), parts.clock, lifecycle),
                    subscriptions, timeEvery));
        });
        if (journal == null && !all.isEmpty()) {
            all.set(0, new TimestampLink(parts.ring, parts.clock, all.get(0)));
        }
        RetryLink retry = new RetryLink(ring, parts.subscriptions, recorder, parts.publishing.outbox,
                parts.publishing.matcher);
        all.add(retry);
        return new Links(all, journal, retry);
    }

    private void addRunner(String stage, String engine, List<Link> itsLinks, SequenceBarrier barrier) {
        ChainRunner runner = new ChainRunner(stage, ring, itsLinks, barrier, this::fail);
        runners.add(runner);
        threads.add(new EngineThread(lifecycle, engine + "-" + stage.replace(' ', '-'), runner));
    }

    private static boolean join(Thread thread, long nanos) {
        long begun = System.nanoTime();
        boolean interrupted = false;
        long left = nanos;
        while (left > 0 && thread.isAlive()) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            left = nanos - (System.nanoTime() - begun);
        }
        return interrupted;
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
        if (first) {
            LOG.error("the engine stops: {}", cause.toString());
        }
    }

    private static void warnWhenCoresAreFew(int spinning) {
        int cores = Runtime.getRuntime().availableProcessors();
        if (spinning > cores) {
            LOG.warn("{} threads will spin on {} cores and take turns on them, which costs milliseconds of latency; use"
                    + " fused(true) to run the chain on one thread, or waitMode(PARKING)", spinning, cores);
        }
    }
}
