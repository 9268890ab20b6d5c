package io.ringbus.engine.stage;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import io.ringbus.engine.ring.EventRing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs one link, or several in turn, on the thread that calls {@link #run()}. Its links and its barrier change only
 * while it stands at the gate of a change.
 *
 * <p>Disruptor's own processor is not used because it moves its sequence only at the end of a whole batch, skips or
 * dies on an exception, and cannot run several links in turn.
 */
final class ChainRunner implements Runnable {

    private static final long UNPUBLISHED_PAUSE_NANOS = 10_000L;
    private static final int UNPUBLISHED_SPINS = 100;

    private final String name;
    private final EventRing ring;
    private final Surroundings surroundings;
    private final long bornInRound;

    private final CountDownLatch started = new CountDownLatch(1);
    private final List<String> stopErrors = new ArrayList<>();
    private final GroupCommit groupCommit = new GroupCommit(System::nanoTime);
    private volatile SequenceBarrier barrier;
    private volatile Throwable startFailure;
    private volatile boolean halted;
    private volatile Thread thread;

    // Written by whoever makes a change, while this runner stands at the gate.
    private List<Link> links = List.of();
    private Runnable onRelease;
    private boolean retired;
    /** Whether its first link forces what it appends. */
    private boolean forces;

    /**
     * A runner; it still needs its links.
     *
     * @param bornInRound the round of the change that it is made by, at whose end it begins; -1 for none
     */
    ChainRunner(String name, EventRing ring, Surroundings surroundings, long bornInRound) {
        this.name = name;
        this.ring = ring;
        this.surroundings = surroundings;
        this.bornInRound = bornInRound;
    }

    /** What the runners of a chain have in common. */
    interface Surroundings {

        /** Where they stand still for a change. */
        CutGate gate();

        /** Makes the change, on the thread of the last one to come; gives back what to do when it is over. */
        Runnable change();

        /** Who waits for them to get somewhere. */
        Onlookers onlookers();

        /** Told of what ends a runner before its time. */
        void fail(Throwable cause);
    }

    String name() {
        return name;
    }

    /** Says what it runs, and what it waits for. Before it runs, or while it stands at the gate. */
    void assign(List<Link> newLinks, SequenceBarrier newBarrier) {
        links = List.copyOf(newLinks);
        barrier = newBarrier;
        if (halted) {
            // Halted between the two: then the old barrier was alerted, and not this one.
            newBarrier.alert();
        }
    }

    /** Has something done on its thread when it is released, before its next slot. While it stands at the gate. */
    void onRelease(Runnable task) {
        onRelease = task;
    }

    /** Ends it when it is released; what it ran has been stopped or given to others. While it stands at the gate. */
    void retire() {
        links = List.of();
        retired = true;
    }

    boolean isOnItsThread() {
        return Thread.currentThread() == thread;
    }

    /** Waits until the links have begun, or the time is up; returns whether they have. */
    boolean awaitStart(long nanos) throws InterruptedException {
        return started.await(nanos, TimeUnit.NANOSECONDS);
    }

    /** What a start hook threw; null for none, or not yet. */
    Throwable startFailure() {
        return startFailure;
    }

    /** Ends the loop after the slots at hand. */
    void halt() {
        halted = true;
        SequenceBarrier current = barrier;
        if (current != null) {
            current.alert();
        }
    }

    /** What the stop hooks threw; after the thread has ended. */
    List<String> stopErrors() {
        return List.copyOf(stopErrors);
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        if (bornInRound < 0) {
            try {
                for (Link link : links) {
                    link.start();
                }
            } catch (Throwable e) {
                startFailure = e;
            }
        }
        started.countDown();
        try {
            if (bornInRound >= 0) {
                surroundings.gate().awaitRelease(this, bornInRound);
                released();
            }
            // Halted before the change was made, a new runner has no links yet.
            if (startFailure == null && !retired && !surroundings.gate().isHalted()) {
                loop();
            }
        } catch (Throwable e) {
            surroundings.fail(e);
        } finally {
            links.forEach(link -> stopErrors.addAll(link.stop()));
            ring.leave();
        }
    }

    private void loop() throws TimeoutException {
        CutGate gate = surroundings.gate();
        long next = links.get(0).sequence().get() + 1;
        long available = next - 1;
        int idleTurns = 0;
        while (!halted) {
            if (available >= next) {
                // The first link has left some. What came since joins it; the places known of are not looked at again.
                available = ring.publishedThrough(available, barrier.getCursor());
            } else {
                gather(next);
                prepareWhileIdle(next);
                try {
                    available = barrier.waitFor(next);
                } catch (AlertException | InterruptedException e) {
                    // Alerted when halted; interrupted only by a close whose time is up, which halts first.
                    continue;
                }
                if (available < next) {
                    // Claimed but not yet published: its publisher is encoding, or has lost the processor.
                    pauseForPublisher(idleTurns++);
                    continue;
                }
                if (gather(next)) {
                    available = ring.publishedThrough(available, barrier.getCursor());
                }
                idleTurns = 0;
            }
            // Read behind the wait: who sees the slot of a change sees its announcement.
            long cut = gate.place();
            long end = Math.min(available, cut);
            long done;
            do {
                process(end);
                // The first link goes on only when all the others have followed.
                end = links.get(0).sequence().get();
                done = links.get(links.size() - 1).sequence().get();
            } while (done < end && !halted);
            next = end + 1;
            if (done == cut) {
                gate.arrive(this, surroundings::change);
                released();
                if (retired) {
                    return;
                }
                // It may come after others now, which have still to see what it was waiting for.
                available = cut;
            }
        }
    }

    /** Lets a batch that is to be forced grow, where that is worth while; returns whether it may have grown. */
    private boolean gather(long next) {
        long forceNanos = links.get(0).forceNanos();
        forces = forceNanos > 0;
        return forces && groupCommit.gather(next, barrier, forceNanos);
    }

    /** One piece at a time: an event that comes meanwhile waits for no more than that. */
    private void prepareWhileIdle(long next) {
        boolean more = true;
        while (more && barrier.getCursor() < next && !halted) {
            more = false;
            for (int i = 0; i < links.size(); i++) {
                more |= links.get(i).prepareAhead();
            }
        }
    }

    private void released() {
        Runnable task = onRelease;
        onRelease = null;
        if (task != null && !halted) {
            task.run();
        }
    }

    /**
     * Gives each link in turn what the one before it is done with. A link that stops early lets the others have what it
     * has done before it is given the rest.
     */
    private void process(long available) {
        long upstream = available;
        // By index: a list's iterator is garbage wherever it is not optimized away.
        for (int i = 0; i < links.size(); i++) {
            Link link = links.get(i);
            long next = link.sequence().get() + 1;
            if (next <= upstream) {
                link.sequence().set(link.process(next, upstream));
            }
            upstream = link.sequence().get();
        }
        // First: who waits for the disk is to publish again before the next force, and what has come by now comes on
        // top of that. Without forces nobody looks at the cursor here: it is in the publishers' cache line.
        long cursor = forces ? ring.cursor() : 0;
        if (surroundings.onlookers().moved() && forces) {
            groupCommit.released(cursor);
        }
        ring.signal();
        links.get(links.size() - 1).released();
    }

    private static void pauseForPublisher(int turns) {
        if (turns < UNPUBLISHED_SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(UNPUBLISHED_PAUSE_NANOS);
        }
    }
}
