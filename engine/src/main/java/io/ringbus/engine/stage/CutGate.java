package io.ringbus.engine.stage;

import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Where the runners of a chain stand still for a change. The slot of the change is announced by its place before it is
 * published, so that no runner can see the slot and not the announcement. Each runner clips its batch there, comes here
 * when it is done with that place, and waits; the last one to come makes the change, alone, and releases all. So every
 * link has seen the same events when the chain changes, and none sees one twice.
 *
 * <p>Once the chain is halted nobody waits here, and no change is made any more.
 */
final class CutGate {

    private final IntSupplier runners;

    private volatile long place = Long.MAX_VALUE;
    private volatile boolean halted;

    // Under this object's lock.
    private int arrived;
    private long round;
    private Call call;

    CutGate(IntSupplier runners) {
        this.runners = runners;
    }

    /** Thrown where a change cannot be completed because the chain is halted. */
    static final class Halted extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Halted() {
            super("the chain is halted", null, false, false);
        }
    }

    /** Something for another runner's thread to do while it waits. */
    private static final class Call implements Runnable {

        private final ChainRunner runner;
        private final Callable<?> task;
        private boolean taken;
        private boolean done;
        private Object result;
        private Throwable thrown;

        Call(ChainRunner runner, Callable<?> task) {
            this.runner = runner;
            this.task = task;
        }

        @Override
        public void run() {
            try {
                result = task.call();
            } catch (Throwable e) {
                thrown = e;
            }
        }
    }

    /**
     * What came of a call.
     *
     * @param result what it returned
     * @param thrown what it threw; null for nothing
     */
    record Answer(Object result, Throwable thrown) {
    }

    /** Before the slot at this place is published; and only when no change is under way. */
    void announce(long newPlace) {
        place = newPlace;
    }

    /** The place of the change under way, beyond which nobody goes; the largest number for none. */
    long place() {
        return place;
    }

    boolean isHalted() {
        return halted;
    }

    void requireNotHalted() {
        if (halted) {
            throw new Halted();
        }
    }

    /** Counts the changes; a runner that is made during one is released with all the others. */
    synchronized long round() {
        return round;
    }

    /** Lets everyone go, for the end. */
    synchronized void halt() {
        halted = true;
        notifyAll();
    }

    /**
     * Called by a runner that is done with the place. Returns when the change is made, or the chain is halted.
     *
     * @param change made by the last one to come, which then runs what it gives back, when the others are released;
     *               what it throws is passed on to that one, and the others wait on
     */
    void arrive(ChainRunner runner, Supplier<Runnable> change) {
        long own;
        boolean last;
        synchronized (this) {
            if (halted) {
                return;
            }
            own = round;
            last = ++arrived == runners.getAsInt();
        }
        if (!last) {
            awaitRelease(runner, own);
            return;
        }
        Runnable afterwards;
        try {
            afterwards = change.get();
        } catch (Halted e) {
            return;
        }
        synchronized (this) {
            arrived = 0;
            place = Long.MAX_VALUE;
            round++;
            notifyAll();
        }
        afterwards.run();
    }

    /** Waits until a round is over, and does meanwhile what it is called for. */
    void awaitRelease(ChainRunner runner, long own) {
        while (true) {
            Call mine;
            synchronized (this) {
                while (round == own && !halted && !isFor(runner)) {
                    pause();
                }
                if (round != own || halted) {
                    return;
                }
                mine = call;
                mine.taken = true;
            }
            mine.run();
            synchronized (this) {
                mine.done = true;
                notifyAll();
            }
        }
    }

    /**
     * Has a task done by the thread of a runner that waits here, or by the caller's own. By the one who makes the
     * change.
     *
     * @throws Halted when the chain was halted meanwhile, whether or not the task was done
     */
    Answer call(ChainRunner runner, Callable<?> task) {
        Call made = new Call(runner, task);
        if (runner.isOnItsThread()) {
            made.run();
            requireNotHalted();
            return new Answer(made.result, made.thrown);
        }
        synchronized (this) {
            call = made;
            notifyAll();
            while (!made.done && !halted) {
                pause();
            }
            requireNotHalted();
            call = null;
            return new Answer(made.result, made.thrown);
        }
    }

    private boolean isFor(ChainRunner runner) {
        return call != null && call.runner == runner && !call.taken;
    }

    private void pause() {
        try {
            wait();
        } catch (InterruptedException e) {
            // Only a close whose time is up interrupts a runner, and it has halted the chain before.
        }
    }
}
