package io.ringbus.engine.ring;

import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.Sequencer;
import io.ringbus.engine.error.CalledFromHandlerException;
import io.ringbus.engine.error.RingFullException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;

/**
 * The side of the ring on which it is filled: places are claimed and published, by publishers, who may wait for a full
 * ring, and by the engine itself, which never does.
 */
public final class Claims {

    /** Returned instead of a place when the ring is full. */
    static final long FULL = -1;

    private static final int LOOKS_AT_PUBLISHER = 1_000;
    private static final ObjIntConsumer<Slot> EMPTY = (slot, index) -> empty(slot);

    private final EventRing ring;
    private final Sequencer sequencer;
    private final ProducerGate gate;
    private final Lifecycle lifecycle;
    private final long publishTimeoutNanos;
    /** A field, because it would be garbage each time that a publisher finds the ring full. */
    private final Supplier<String> slowestStage;

    private final CrowdWarning crowdWarning = new CrowdWarning();
    private final LongAdder injected = new LongAdder();
    private final LongAdder voids = new LongAdder();

    /** Whether free places are kept for follow-ups that wait in the outbox. */
    private volatile boolean reserved;

    Claims(EventRing ring, Sequencer sequencer, boolean manyProducers, Duration publishTimeout, Lifecycle lifecycle) {
        this.ring = ring;
        this.sequencer = sequencer;
        this.gate = manyProducers ? ProducerGate.OPEN : ProducerGate.single();
        this.lifecycle = lifecycle;
        this.publishTimeoutNanos = publishTimeout.toNanos();
        this.slowestStage = ring::slowestStage;
    }

    /**
     * Claims places for a publisher, waiting for a full ring when asked to.
     *
     * @param places how many, at most the ring size
     * @param wait   whether to wait up to the configured time-out
     * @return the last place; or {@link #FULL} when not waiting
     */
    long claim(int places, boolean wait) {
        if (!lifecycle.isOpen()) {
            throw lifecycle.refusal();
        }
        gate.enter();
        long last = reserved ? FULL : tryClaim(places);
        if (last == FULL) {
            last = wait ? claimSlowPath(places) : leaveFull();
        }
        // Looked at again behind the claim: a place that the closing thread did not see is not filled any more.
        if (last != FULL && !lifecycle.isOpen()) {
            publishVoid(last - places + 1, last);
            throw lifecycle.refusal();
        }
        return last;
    }

    /** Refuses whom {@link #claim} would refuse, but claims nothing. */
    void checkMayPublish() {
        if (!lifecycle.isOpen()) {
            throw lifecycle.refusal();
        }
        gate.check();
    }

    /**
     * Begins to wait for a full ring.
     *
     * @return the deadline to pass to {@link #awaitPlaces}
     * @throws CalledFromHandlerException on the engine's own threads
     */
    long beginToWait() {
        warnWhenCrowded();
        if (lifecycle.onEngineThread()) {
            throw new CalledFromHandlerException("the ring is full, and a handler that waited for it would wait for"
                    + " itself; use tryPublish from handlers, or a larger ring: ringSize=" + ring.size());
        }
        return System.nanoTime() + publishTimeoutNanos;
    }

    /**
     * Waits a little for a full ring.
     *
     * @param places   how many are wanted
     * @param deadline as {@link #beginToWait} returned it
     * @param turns    how often it was called in this wait, from 0
     * @throws RingFullException at the deadline
     */
    void awaitPlaces(int places, long deadline, int turns) {
        if (System.nanoTime() - deadline >= 0) {
            throw new RingFullException("no " + places + " free place(s) in the ring within "
                    + Duration.ofNanos(publishTimeoutNanos) + "; the slowest stage is " + slowestStage.get()
                    + ": make it faster, publish less, or enlarge the ring: ringSize=" + ring.size());
        }
        Pause.turn(turns);
    }

    /** Publishes a claimed place. */
    void publish(long place) {
        sequencer.publish(place);
        gate.exit();
    }

    /**
     * Publishes claimed places so that no link can see some of them without the others: the last one first, because a
     * link sees a place only with all that come before it.
     */
    void publish(long first, long last) {
        if (gate == ProducerGate.OPEN) {
            for (long place = last; place >= first; place--) {
                sequencer.publish(place);
            }
        } else {
            sequencer.publish(first, last);
        }
        gate.exit();
    }

    /** Publishes claimed places that hold nothing. */
    void publishVoid(long first, long last) {
        for (long place = first; place <= last; place++) {
            fill(place, 0, EMPTY);
        }
        voids.add(last - first + 1);
        publish(first, last);
    }

    /**
     * Publishes a slot of the engine's own, when there is a free place and no publisher in the way. Never waits long.
     *
     * @param filler writes the slot; when it throws, the place goes by as void
     * @return whether it was published
     */
    public boolean tryInject(Consumer<Slot> filler) {
        return tryInject(1, (slot, index) -> filler.accept(slot)) == 1;
    }

    /**
     * Publishes slots of the engine's own, as many as there are free places and no publisher in the way. Never waits
     * long.
     *
     * @param wanted how many
     * @param filler writes a slot, given its index from 0; when it throws, its place goes by as void
     * @return how many were published
     */
    public int tryInject(int wanted, ObjIntConsumer<Slot> filler) {
        return tryFill(wanted, (slot, index) -> {
            filler.accept(slot, index);
            injected.increment();
        });
    }

    /**
     * Publishes an event on behalf of a handler; like {@link #tryInject}, and it counts as published.
     *
     * @param filler writes the slot
     * @return whether it was published
     */
    boolean tryPublish(Consumer<Slot> filler) {
        return tryFill(1, (slot, index) -> filler.accept(slot)) == 1;
    }

    /** Keeps free places for the outbox, or lets publishers have them again. */
    void reserve(boolean forOutbox) {
        reserved = forOutbox;
    }

    /**
     * How many slots of the engine's own were published.
     *
     * @return the count
     */
    public long injected() {
        return injected.sum();
    }

    /**
     * How many claimed places went by as void.
     *
     * @return the count
     */
    public long voids() {
        return voids.sum();
    }

    /**
     * The last place any publisher may still fill, once the engine has left the open state: no later claim is used.
     *
     * @param keepWaiting asked while a publisher is under way
     * @return the place
     */
    public long lastUsedPlace(BooleanSupplier keepWaiting) {
        if (gate.intrude(keepWaiting)) {
            gate.withdraw();
        }
        return sequencer.getCursor();
    }

    /** Warns, once a minute at most, when four fifths of the ring are occupied. */
    public void warnWhenCrowded() {
        crowdWarning.check(ring.occupied(), ring.size(), slowestStage);
    }

    private int tryFill(int wanted, ObjIntConsumer<Slot> filler) {
        if (!gate.intrude(LOOKS_AT_PUBLISHER)) {
            return 0;
        }
        try {
            for (int i = 0; i < wanted; i++) {
                if (!tryFillOne(i, filler)) {
                    return i;
                }
            }
            return wanted;
        } finally {
            gate.withdraw();
        }
    }

    private boolean tryFillOne(int index, ObjIntConsumer<Slot> filler) {
        long place = tryClaim(1);
        if (place == FULL) {
            return false;
        }
        try {
            fill(place, index, filler);
        } finally {
            sequencer.publish(place);
        }
        return true;
    }

    /**
     * Claims places for slots of the engine's own, when they are free and no publisher is in the way; none is until
     * {@link #publishOwn}. Never waits long.
     *
     * @return the last place; or {@link #FULL}
     */
    long claimOwn(int places) {
        if (!gate.intrude(LOOKS_AT_PUBLISHER)) {
            return FULL;
        }
        long last = tryClaim(places);
        if (last == FULL) {
            gate.withdraw();
        }
        return last;
    }

    /** Fills a claimed place; when the filler throws, it goes by as void. */
    void fill(long place, int index, ObjIntConsumer<Slot> filler) {
        Slot slot = ring.slot(place);
        slot.number(ring.sequenceOf(place));
        slot.endGroup(true);
        boolean filled = false;
        try {
            filler.accept(slot, index);
            filled = true;
        } finally {
            if (!filled) {
                empty(slot);
            }
        }
    }

    /** Publishes claimed places of the engine's own, of which those behind the last filled one hold nothing. */
    void publishOwn(long first, long lastFilled, long last) {
        for (long place = lastFilled + 1; place <= last; place++) {
            fill(place, 0, EMPTY);
        }
        injected.add(last - first + 1);
        sequencer.publish(first, last);
        gate.withdraw();
    }

    private static void empty(Slot slot) {
        slot.clear();
        slot.kind = Slot.Kind.VOID;
    }

    private long tryClaim(int places) {
        try {
            return sequencer.tryNext(places);
        } catch (InsufficientCapacityException e) {
            return FULL;
        }
    }

    private long leaveFull() {
        gate.exit();
        return FULL;
    }

    private long claimSlowPath(int places) {
        gate.exit();
        long deadline = beginToWait();
        for (int turns = 0; ; turns++) {
            if (!lifecycle.isOpen()) {
                throw lifecycle.refusal();
            }
            if (!reserved && sequencer.hasAvailableCapacity(places)) {
                gate.enter();
                long last = tryClaim(places);
                if (last != FULL) {
                    return last;
                }
                gate.exit();
            }
            awaitPlaces(places, deadline, turns);
        }
    }
}
