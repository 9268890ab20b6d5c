package io.ringbus.engine.stage;

import com.lmax.disruptor.Sequence;
import io.ringbus.engine.ring.EngineThread;
import io.ringbus.engine.ring.EventRing;
import io.ringbus.engine.ring.Lifecycle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runners of a chain and their threads. They are laid out before the chain starts, and anew by each change that
 * adds or removes a stage; starting, halting and joining may come from any thread at any time.
 */
final class Runners {

    private static final Logger LOG = LoggerFactory.getLogger(Chain.class);

    private static final long SHORTEST_JOIN_NANOS = 1_000_000L;
    private static final long LAST_CALL_NANOS = 1_000_000_000L;

    private final EventRing ring;
    private final Lifecycle lifecycle;
    private final Chain.Threading threading;
    private final ChainRunner.Surroundings surroundings;

    private final List<Running> running = new CopyOnWriteArrayList<>();
    /** Those that have run out of links, until their threads are seen to have ended. */
    private final List<Running> retired = new CopyOnWriteArrayList<>();
    private volatile boolean halted;

    Runners(EventRing ring, Lifecycle lifecycle, Chain.Threading threading, ChainRunner.Surroundings surroundings) {
        this.ring = ring;
        this.lifecycle = lifecycle;
        this.threading = threading;
        this.surroundings = surroundings;
    }

    private record Running(Link principal, ChainRunner runner, EngineThread thread) {
    }

    boolean isFused() {
        return threading.fused();
    }

    int count() {
        return running.size();
    }

    List<ChainRunner> all() {
        return running.stream().map(Running::runner).toList();
    }

    /** The runner of a link: in a fused chain the only one. Null when it has none yet. */
    ChainRunner of(Link principal) {
        for (Running each : running) {
            if (threading.fused() || each.principal == principal) {
                return each.runner;
            }
        }
        return null;
    }

    /** Lays the chain out before it starts. */
    void build(List<Layout.Group> groups) {
        groups.forEach(group -> add(group.principal(), -1));
        assign(groups);
        warnWhenCoresAreFew();
    }

    void start() {
        running.forEach(each -> each.thread.start());
    }

    /** Lays the chain out anew. While all runners stand at the gate. */
    void rearrange(List<Layout.Group> groups) {
        groups.stream().filter(group -> of(group.principal()) == null).forEach(group -> engage(group.principal()));
        running.stream().filter(each -> groups.stream().noneMatch(group -> group.principal() == each.principal))
                .map(Running::principal).toList().forEach(this::dismiss);
        assign(groups);
    }

    /**
     * Starts a runner that waits at the gate with the others.
     *
     * @throws OutOfMemoryError when there can be no more threads; then nothing has changed
     */
    ChainRunner engage(Link principal) {
        Running engaged = add(principal, surroundings.gate().round());
        boolean begun = false;
        try {
            engaged.thread.start();
            begun = true;
        } finally {
            if (!begun) {
                running.remove(engaged);
            }
        }
        warnWhenCoresAreFew();
        return engaged.runner;
    }

    /** Ends the runner of a link when it is released. While it stands at the gate. */
    void dismiss(Link principal) {
        retired.removeIf(each -> !each.thread.isAlive());
        for (Running each : running) {
            if (each.principal == principal) {
                each.runner.retire();
                retired.add(each);
                running.remove(each);
            }
        }
    }

    void halt() {
        halted = true;
        running.forEach(each -> each.runner.halt());
        ring.signal();
    }

    /** Waits for the threads; see {@link Chain#join(long)}. */
    boolean join(long nanos) {
        long deadline = System.nanoTime() + nanos;
        boolean interrupted = false;
        for (Running each : threads()) {
            interrupted |= join(each.thread, Math.max(deadline - System.nanoTime(), SHORTEST_JOIN_NANOS));
        }
        // Looked at anew: a change that was under way may have started one meanwhile.
        for (Running each : threads()) {
            if (each.thread.isAlive()) {
                each.thread.interrupt();
                interrupted |= join(each.thread, LAST_CALL_NANOS);
            }
        }
        return interrupted;
    }

    boolean hasEnded() {
        return threads().stream().noneMatch(each -> each.thread.isAlive());
    }

    /** Waits a moment for a thread, then interrupts it; returns whether the waiting one was interrupted meanwhile. */
    static boolean joinOrInterrupt(Thread thread) {
        boolean interrupted = join(thread, LAST_CALL_NANOS);
        if (thread.isAlive()) {
            thread.interrupt();
            interrupted |= join(thread, LAST_CALL_NANOS);
        }
        return interrupted;
    }

    /** Waits for a thread; returns whether the waiting one was interrupted meanwhile. */
    static boolean join(Thread thread, long nanos) {
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

    private List<Running> threads() {
        List<Running> threads = new ArrayList<>(running);
        threads.addAll(retired);
        return threads;
    }

    private Running add(Link principal, long bornInRound) {
        String name = threading.fused() ? "chain" : principal.name();
        ChainRunner runner = new ChainRunner(name, ring, surroundings, bornInRound);
        Running added = new Running(principal, runner, new EngineThread(lifecycle,
                threading.name() + "-" + name.replace(' ', '-'), runner));
        running.add(added);
        if (halted) {
            runner.halt();
        }
        return added;
    }

    private void assign(List<Layout.Group> groups) {
        ring.threads(groups.size() + 1);
        for (Layout.Group group : groups) {
            of(group.principal()).assign(group.links(),
                    ring.barrier(group.upstream().stream().map(Link::sequence).toArray(Sequence[]::new)));
        }
    }

    private void warnWhenCoresAreFew() {
        int cores = Runtime.getRuntime().availableProcessors();
        if (threading.spins() && count() > cores) {
            LOG.warn("{} threads will spin on {} cores and take turns on them, which costs milliseconds of latency; use"
                    + " fused(true) to run the chain on one thread, or waitMode(PARKING)", count(), cores);
        }
    }
}
