package io.ringbus.engine.ring;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.MultiProducerSequencer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.Sequencer;
import com.lmax.disruptor.SingleProducerSequencer;
import com.lmax.disruptor.WaitStrategy;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * The ring of preallocated slots: what is in it, how far it is filled, and the numbers that events get. How it is
 * filled stands in {@link Claims}.
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

    private final Sequencer sequencer;
    /** In an array of its own, because Disruptor's ring finds an entry through three objects. */
    private final Slot[] ring;
    private final WaitStrategy waitStrategy;
    private final SlotFactory slots;
    private final Claims claims;

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
            case YIELDING -> new SparingWaitStrategy(shape.size);
            case PARKING -> new ParkingWaitStrategy();
        };
        this.slots = new SlotFactory(types, slotBytes);
        this.ring = slots.ring(shape.size);
        this.sequencer = shape.manyProducers ? new MultiProducerSequencer(shape.size, waitStrategy)
                : new SingleProducerSequencer(shape.size, waitStrategy);
        this.claims = new Claims(this, sequencer, shape.manyProducers, publishTimeout, lifecycle);
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
     * Lets go of events that need nothing else at the end of the chain. A loop without a call, since it is run through
     * for every event.
     *
     * @param first the first place
     * @param last  the last place
     * @return the last place that was let go; {@code first - 1} when the first one needs something else
     */
    public long letGoPlain(long first, long last) {
        long place = first;
        while (place <= last && slot(place).letGoPlain()) {
            place++;
        }
        return place - 1;
    }

    /**
     * Gives new events their sequences, and one timestamp.
     *
     * @param first      the first place
     * @param last       the last place
     * @param epochNanos nanoseconds since the epoch
     */
    public void stamp(long first, long last, long epochNanos) {
        for (long place = first; place <= last; place++) {
            Slot slot = slot(place);
            if (slot.kind == Slot.Kind.EVENT) {
                slot.number(sequenceOf(place));
                slot.stamp(epochNanos);
            }
        }
    }

    /**
     * How places are claimed and published.
     *
     * @return the one for this ring
     */
    public Claims claims() {
        return claims;
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

    /** Names the stage that is furthest behind the one before it, for messages. */
    String slowestStage() {
        return slowestStage.get();
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

    /**
     * Says how many threads wait for places or fill them; where they yield while they wait, they spare each other when
     * they are more than there are processors.
     *
     * @param count those of links, and a publisher
     */
    public void threads(int count) {
        if (waitStrategy instanceof SparingWaitStrategy sparing) {
            sparing.crowded(count > Runtime.getRuntime().availableProcessors());
        }
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
     * How many slots are claimed (with a single producer, published) and not yet passed by the last link.
     *
     * @return 0 to the ring size
     */
    public long occupied() {
        // In this order: a last link that is looked at first may have let many claims pass before they are looked at,
        // and then more slots seem to be occupied than there are. This is why it is not Disruptor's that is asked.
        long claimed = sequencer.getCursor();
        return Math.max(0, claimed - lastLink.get());
    }

    /**
     * Makes a slot that is no part of the ring, with a buffer and preallocated events of its own.
     *
     * @return the slot
     */
    public Slot newSpare() {
        return slots.spare();
    }

    private int indexOf(long place) {
        return (int) place & ring.length - 1;
    }
}
