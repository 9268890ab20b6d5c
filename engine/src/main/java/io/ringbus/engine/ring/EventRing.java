package io.ringbus.engine.ring;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.MultiProducerSequencer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.Sequencer;
import com.lmax.disruptor.SingleProducerSequencer;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.YieldingWaitStrategy;
import io.ringbus.engine.error.CalledFromHandlerException;
import io.ringbus.engine.error.RingFullException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;

/**
 * The ring of preallocated slots: claiming places, publishing them, and the numbers that events get.
 *
 * <p>A <em>place</em> is a position in the ring's endless count, beginning at 0 in each process; an event's
 * <em>sequence</em> is its place plus an offset that is set once, after recovery, so that sequences go on where the
 * journal ends.
 */
public final class EventRing {

    /** How stages wait; the facade's wait modes by another name, so that this package needs no facade. */
    public enum Waiting {
        /** Busy spinning. */
        SPINNING,
        /** Spinning, then yielding. */
        YIELDING,
        /** Spinning, yielding, then parking. */
        PARKING
    }

    /** Returned instead of a place when the ring is full. */
    static final long FULL = -1;

    private static final int LOOKS_AT_PUBLISHER = 1_000;

    private final Sequencer sequencer;
    /** In an array of its own, because Disruptor's ring finds an entry through three objects. */
    private final Slot[] ring;
    private final WaitStrategy waitStrategy;
    private final SlotFactory slots;
    private final ProducerGate gate;
    private final Lifecycle lifecycle;
    private final long publishTimeoutNanos;

    private final CrowdWarning crowdWarning = new CrowdWarning();
    private final LongAdder injected = new LongAdder();
    private final LongAdder voids = new LongAdder();

    /** Whether free places are kept for follow-ups that wait in the outbox. */
    private volatile boolean reserved;
    private long offset = 1;
    private Sequence lastLink = new Sequence();
    private Supplier<String> slowestStage = () -> "none";

    /**
     * Allocates all slots.
     *
     * @param shape          size and modes
     * @param types          the registered types; of the preallocated ones each slot gets an instance
     * @param slotBytes      the buffer each slot keeps for encoded bytes; 0 where nothing is journaled
     * @param publishTimeout how long a publisher waits for a full ring
     * @param lifecycle      the engine's state
     */
    public EventRing(Shape shape, List<RegisteredType<?>> types, int slotBytes, Duration publishTimeout,
            Lifecycle lifecycle) {
        this.waitStrategy = switch (shape.waiting) {
            case SPINNING -> new BusySpinWaitStrategy();
            case YIELDING -> new YieldingWaitStrategy();
            case PARKING -> new ParkingWaitStrategy();
        };
        this.slots = new SlotFactory(types, slotBytes);
        this.ring = slots.ring(shape.size);
        this.sequencer = shape.manyProducers ? new MultiProducerSequencer(shape.size, waitStrategy)
                : new SingleProducerSequencer(shape.size, waitStrategy);
        this.gate = shape.manyProducers ? ProducerGate.OPEN : ProducerGate.single();
        this.lifecycle = lifecycle;
        this.publishTimeoutNanos = publishTimeout.toNanos();
    }

    /**
     * Size and modes of a ring.
     *
     * @param size          slots, a power of two
     * @param manyProducers whether more than one thread publishes
     * @param waiting       how stages wait
     */
    public record Shape(int size, boolean manyProducers, Waiting waiting) {
    }

    /**
     * The slot at a place.
     *
     * @param place the place
     * @return its slot
     */
    public Slot slot(long place) {
        return ring[indexOf(place)];
    }

    /**
     * Reads a little of each of some slots. What another core has written comes from there by cache lines, and when all
     * are asked for at once, they come at once; one event after the other, each would be waited for.
     *
     * @param first      the first place
     * @param last       the last place
     * @param withEvents whether their events are read as well, or only what the journal takes
     * @return a number without meaning; to be used somehow, or nothing is read
     */
    public int touch(long first, long last, boolean withEvents) {
        int sum = 0;
        for (long place = first; place <= last; place++) {
            sum += slot(place).touch(withEvents);
        }
        return sum;
    }

    /**
     * What a link waits on.
     *
     * @param upstream the sequences it comes after; none for the first link
     * @return the barrier
     */
    public SequenceBarrier barrier(Sequence... upstream) {
        return sequencer.newBarrier(upstream);
    }

    /**
     * Names the end of the chain: no slot is used again before this sequence has passed it.
     *
     * @param last         the last link's sequence
     * @param slowestNamer names the stage that is furthest behind the one before it, for messages
     */
    public void gate(Sequence last, Supplier<String> slowestNamer) {
        sequencer.addGatingSequences(last);
        lastLink = last;
        slowestStage = slowestNamer;
    }

    /** Wakes the links whose sequence has come. Every link calls this after it moved its own. */
    public void signal() {
        waitStrategy.signalAllWhenBlocking();
    }

    /**
     * Decides the next event's sequence. Before publishers are let in.
     *
     * @param nextSequence what the next place's sequence shall be
     */
    public void continueAt(long nextSequence) {
        offset = nextSequence - (sequencer.getCursor() + 1);
    }

    /**
     * The sequence that belongs to a place.
     *
     * @param place the place
     * @return its sequence
     */
    public long sequenceOf(long place) {
        return offset + place;
    }

    /**
     * The place that a slot's own sequence belongs to.
     *
     * @param sequence the sequence of a place
     * @return the place
     */
    public long placeOf(long sequence) {
        return sequence - offset;
    }

    /** Says that the calling thread waits for places no more. Each thread of a link calls this at its end. */
    public void leave() {
        if (waitStrategy instanceof ParkingWaitStrategy parking) {
            parking.forgetCurrentThread();
        }
    }

    /**
     * The last place up to which all are published. Never less than what an earlier call returned, nor than where any
     * link stood before the call.
     *
     * @return the place, or -1
     */
    public long publishedPlace() {
        long passed = lastLink.get();
        long place;
        do {
            place = passed;
            long cursor = sequencer.getCursor();
            while (place < cursor && sequencer.isAvailable(place + 1)) {
                place++;
            }
            // A slot that was used again meanwhile looks as if it were not published; then the last link has passed it.
            passed = lastLink.get();
        } while (passed > place);
        return place;
    }

    /**
     * The last place up to which all are published, as far as a link may go.
     *
     * @param known one up to which all are known to be
     * @param limit the last place that is the link's to look at
     * @return {@code known}, or a later one that is not behind the limit
     */
    public long publishedThrough(long known, long limit) {
        return limit <= known ? known : sequencer.getHighestPublishedSequence(known + 1, limit);
    }

    /**
     * The last place that is claimed; with a single producer, published.
     *
     * @return the place
     */
    public long cursor() {
        return sequencer.getCursor();
    }

    /**
     * The number of slots.
     *
     * @return the ring size
     */
    public int size() {
        return ring.length;
    }

    /**
     * How many slots are claimed and not yet passed by the last link.
     *
     * @return 0 to the ring size
     */
    public long occupied() {
        return ring.length - sequencer.remainingCapacity();
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
                    + " itself; use tryPublish from handlers, or a larger ring: ringSize=" + size());
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
                    + ": make it faster, publish less, or enlarge the ring: ringSize=" + size());
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
            Slot slot = slot(place);
            slot.clear();
            slot.kind = Slot.Kind.VOID;
            slot.sequence = sequenceOf(place);
            slot.endsGroup = true;
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

    /**
     * Makes a slot that is no part of the ring, with a buffer and preallocated events of its own.
     *
     * @return the slot
     */
    public Slot newSpare() {
        return slots.spare();
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
        crowdWarning.check(occupied(), size(), slowestStage);
    }

    private int indexOf(long place) {
        return (int) place & ring.length - 1;
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
        Slot slot = slot(place);
        slot.sequence = sequenceOf(place);
        slot.endsGroup = true;
        boolean filled = false;
        try {
            filler.accept(slot, index);
            filled = true;
        } finally {
            if (!filled) {
                slot.clear();
                slot.kind = Slot.Kind.VOID;
            }
            sequencer.publish(place);
        }
        return true;
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
