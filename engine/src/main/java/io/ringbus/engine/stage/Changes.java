package io.ringbus.engine.stage;

import io.ringbus.engine.ring.EventRing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The changes of a running chain that were asked for and are not made yet, one after the other. The timer publishes
 * each as a slot of its own when the one before is over, so that nobody who asks ever waits for the ring. Each future
 * completes, also when the engine fails or closes meanwhile.
 */
public final class Changes {

    private static final Runnable NOTHING = () -> { };

    private final EventRing ring;
    private final CutGate gate;

    // Under this object's lock.
    private final Deque<Change> waiting = new ArrayDeque<>();
    private Change current;
    /** Made, and waiting for what is under way of those that left. */
    private final Set<Change> ending = new HashSet<>();
    private Supplier<? extends RuntimeException> refusal;

    private Runnable onNews = NOTHING;

    Changes(EventRing ring, CutGate gate) {
        this.ring = ring;
        this.gate = gate;
    }

    /**
     * One change.
     *
     * @param kind          what happens to the subscription
     * @param subscription  who
     * @param fromBeginning whether one that is new to the journal is given what the journal holds
     * @param done          completes with the first sequence it can be given, or with the last one it could
     */
    record Change(Kind kind, StageSubscription subscription, boolean fromBeginning, CompletableFuture<Long> done) {
    }

    /** What happens to a subscription. */
    enum Kind {
        /** It comes. */
        JOIN,
        /** It goes. */
        LEAVE,
        /** Its deliveries wait from here on. */
        PAUSE,
        /** They wait no longer. */
        RESUME
    }

    /**
     * Asks for a subscription to come.
     *
     * @param subscription  who; its index and name are its own
     * @param fromBeginning whether one that is new to the journal is given what the journal holds
     * @return completes with the first sequence it can be given
     */
    public CompletableFuture<Long> join(StageSubscription subscription, boolean fromBeginning) {
        return add(new Change(Kind.JOIN, subscription, fromBeginning, new CompletableFuture<>()), false);
    }

    /**
     * Asks for a subscription to go.
     *
     * @param subscription who; part of the chain, and asked for once
     * @return completes with the last sequence it could have been given
     */
    public CompletableFuture<Long> leave(StageSubscription subscription) {
        subscription.leaving();
        return add(new Change(Kind.LEAVE, subscription, false, new CompletableFuture<>()), false);
    }

    /**
     * Asks for a subscription's deliveries to wait.
     *
     * @param subscription who; part of the chain
     * @return completes with the last sequence that it could have been given before
     */
    public CompletableFuture<Long> pause(StageSubscription subscription) {
        return add(new Change(Kind.PAUSE, subscription, false, new CompletableFuture<>()), false);
    }

    /**
     * Asks for a subscription's deliveries to wait no longer.
     *
     * @param subscription who; part of the chain
     * @return completes with the last sequence that had to wait
     */
    public CompletableFuture<Long> resume(StageSubscription subscription) {
        // At once: a stage that waits for room cannot pass on the slot of the change.
        subscription.paused(false);
        return add(new Change(Kind.RESUME, subscription, false, new CompletableFuture<>()), false);
    }

    /**
     * Refuses what is not made yet, and all that comes.
     *
     * @param why makes the refusal
     */
    public void abandon(Supplier<? extends RuntimeException> why) {
        List<Change> abandoned;
        synchronized (this) {
            refusal = why;
            abandoned = new ArrayList<>(waiting);
            waiting.clear();
            if (current != null) {
                abandoned.add(current);
            }
            abandoned.addAll(ending);
            ending.clear();
        }
        abandoned.forEach(change -> change.done.completeExceptionally(why.get()));
    }

    /**
     * Whether a change is in the ring, or its subscription is still catching up.
     *
     * @return false when none is under way, whatever waits
     */
    public synchronized boolean isUnderWay() {
        return current != null;
    }

    /** Says whom to tell when there may be something to publish. Before the chain runs. */
    void tell(Runnable listener) {
        onNews = listener;
    }

    /** Lets a subscription that is of no use go before anything else. */
    CompletableFuture<Long> leaveFirst(StageSubscription subscription) {
        return add(new Change(Kind.LEAVE, subscription, false, new CompletableFuture<>()), true);
    }

    /** Publishes the next change unless one is under way. On the timer's thread; returns false if the ring is full. */
    boolean publishNext() {
        synchronized (this) {
            if (!isNextWaiting()) {
                return true;
            }
            current = waiting.poll();
        }
        boolean published = ring.claims().tryInject(slot -> {
            slot.becomeBarrier(NOTHING);
            gate.announce(ring.placeOf(slot.sequence()));
        });
        if (!published) {
            comeAgain();
        }
        return published;
    }

    synchronized boolean isNextWaiting() {
        return current == null && !waiting.isEmpty();
    }

    /** The change whose slot is in the ring. */
    synchronized Change current() {
        return current;
    }

    /** Lets the next one begin. */
    void over() {
        synchronized (this) {
            current = null;
        }
        onNews.run();
    }

    /** Lets the next one begin, while what is under way of a subscription that left goes on. */
    void overButForTheEnd(Change change) {
        RuntimeException refused;
        synchronized (this) {
            refused = refusal == null ? null : refusal.get();
            if (refused == null) {
                ending.add(change);
            }
        }
        if (refused != null) {
            change.done.completeExceptionally(refused);
        }
        over();
    }

    /** Completes a change whose subscription has left for good. Any thread. */
    void ended(Change change, long sequence) {
        synchronized (this) {
            ending.remove(change);
        }
        change.done.complete(sequence);
    }

    private synchronized void comeAgain() {
        if (refusal == null) {
            waiting.addFirst(current);
        }
        current = null;
    }

    private CompletableFuture<Long> add(Change change, boolean first) {
        RuntimeException refused = null;
        synchronized (this) {
            if (refusal != null) {
                refused = refusal.get();
            } else if (first) {
                waiting.addFirst(change);
            } else {
                waiting.addLast(change);
            }
        }
        if (refused != null) {
            change.done.completeExceptionally(refused);
        } else {
            onNews.run();
        }
        return change.done;
    }
}
