package io.ringbus.engine.stage;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Ends asynchronous handlings on a thread of the engine's own: whoever completes one on a thread of his own only leaves
 * word here. Its thread begins with the chain, or with the first asynchronous lane if that comes later.
 */
final class Completions implements Runnable {

    private static final long TICK_NANOS = 10_000_000L;
    private static final Runnable NOTHING = () -> { };

    private final Consumer<Runnable> startThread;
    private final Consumer<Throwable> onFailure;
    private final LinkedBlockingQueue<Runnable> ended = new LinkedBlockingQueue<>();
    private final List<AsyncLane> lanes = new CopyOnWriteArrayList<>();
    private boolean chainRuns;
    private boolean started;
    private volatile boolean stopped;

    /**
     * The end of asynchronous handlings.
     *
     * @param startThread starts a thread that runs what it is given
     * @param onFailure   told of what stops the engine
     */
    Completions(Consumer<Runnable> startThread, Consumer<Throwable> onFailure) {
        this.startThread = startThread;
        this.onFailure = onFailure;
    }

    /** Says that the chain begins to run. */
    synchronized void begin() {
        chainRuns = true;
        startWhenNeeded();
    }

    /** Looks after a lane. */
    synchronized void watch(AsyncLane lane) {
        lanes.add(lane);
        startWhenNeeded();
    }

    /** Looks after a subscription's lanes no longer; nothing of it is under way. */
    void forget(StageSubscription subscription) {
        lanes.removeIf(lane -> lane.subscription() == subscription);
    }

    /** Leaves word that a handling has ended. Any thread. */
    void ended(Runnable end) {
        if (!stopped) {
            ended.add(end);
        }
    }

    /** The first sequence whose first handling is under way; {@code Long.MAX_VALUE} for none. Any thread. */
    long oldestUnnoted() {
        long oldest = Long.MAX_VALUE;
        if (lanes.isEmpty()) {
            // Asked by a stage's thread as well, for whoever awaits HANDLED: an iterator may be garbage there.
            return oldest;
        }
        for (AsyncLane lane : lanes) {
            oldest = Math.min(oldest, lane.oldestUnnoted());
        }
        return oldest;
    }

    boolean isIdle() {
        return lanes.stream().allMatch(AsyncLane::isIdle);
    }

    /** Notes what is under way as pending. When no handler is called any more. */
    void noteUnderWay() {
        lanes.forEach(AsyncLane::noteUnderWay);
    }

    /** Ends no more handlings: its thread ends. Any thread. */
    void stop() {
        stopped = true;
        ended.add(NOTHING);
    }

    @Override
    public void run() {
        try {
            long nextLook = System.nanoTime();
            while (!stopped) {
                Runnable end = ended.poll(TICK_NANOS, TimeUnit.NANOSECONDS);
                if (end != null) {
                    end.run();
                }
                if (System.nanoTime() - nextLook >= 0) {
                    lanes.forEach(AsyncLane::expire);
                    nextLook = System.nanoTime() + TICK_NANOS;
                }
            }
        } catch (InterruptedException e) {
            // Nobody but a close whose time is up interrupts it: then this is its end.
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            onFailure.accept(e);
        }
    }

    private void startWhenNeeded() {
        if (chainRuns && !started && !lanes.isEmpty()) {
            started = true;
            startThread.accept(this);
        }
    }
}
