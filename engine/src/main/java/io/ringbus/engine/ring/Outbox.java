package io.ringbus.engine.ring;

import io.ringbus.engine.error.OutboxFullException;
import io.ringbus.engine.spi.Outcome;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Follow-ups on their way into the ring: events that handlers published. They go in at once while there is room;
 * otherwise they wait here, in order, and publishers from outside wait behind them, so that the ring drains. No stage
 * ever waits for a place, so a handler can publish at any occupancy.
 *
 * <p>Until recovery is done nothing goes in: the events of the journal come first.
 */
public final class Outbox {

    private final EventRing ring;
    private final int capacity;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Slot> waiting = new ArrayDeque<>();
    private final ArrayDeque<Slot> spares = new ArrayDeque<>();
    private final ArrayDeque<FollowUpNote> notes = new ArrayDeque<>();
    private final ArrayDeque<FollowUpNote> unusedNotes = new ArrayDeque<>();
    private final Consumer<Slot> transfer = slot -> slot.takeFrom(inTransfer());

    private Slot inTransfer;
    private boolean open;
    private volatile int size;
    /** Of those from recovery, which do not count against the bound: it is as many as the history made. */
    private int recoveredLeft;
    private volatile int counted;

    /**
     * An outbox that holds everything back until it is opened.
     *
     * @param ring     where follow-ups go
     * @param capacity how many may wait
     */
    public Outbox(EventRing ring, int capacity) {
        this.ring = ring;
        this.capacity = capacity;
    }

    /**
     * A slot to prepare a follow-up in.
     *
     * @return an empty slot outside of the ring
     */
    public Slot spare() {
        lock.lock();
        try {
            Slot spare = spares.poll();
            return spare == null ? ring.newSpare() : spare;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes back a slot that {@link #spare} gave.
     *
     * @param spare not used any more
     */
    public void recycle(Slot spare) {
        spare.clear();
        lock.lock();
        try {
            spares.add(spare);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Refuses a follow-up for which there is no room.
     *
     * @param staged how many the delivery at hand has published already
     * @throws OutboxFullException when as many wait as may
     */
    public void requireRoom(int staged) {
        if (counted + staged >= capacity) {
            throw new OutboxFullException("as many events of handlers wait for a place in the ring as may; publish less"
                    + " from handlers, enlarge the ring, or raise outboxSize: waiting=" + counted + ", ofThisDelivery="
                    + staged + ", outboxSize=" + capacity);
        }
    }

    /**
     * Publishes the follow-ups of one delivery, in order.
     *
     * @param staged  prepared slots; those that went into the ring at once are empty again, the others are replaced
     * @param count   how many of them
     * @param purpose why it is to be known when the journal has them
     * @param outcome what the log is told then; null for nothing
     */
    public void publish(Slot[] staged, int count, FollowUpNote.Purpose purpose, Outcome outcome) {
        lock.lock();
        try {
            if (purpose != FollowUpNote.Purpose.NONE) {
                FollowUpNote note = newNote(staged[0], purpose, count);
                note.outcome = outcome;
                for (int i = 0; i < count; i++) {
                    staged[i].watch(note);
                }
            }
            for (int i = 0; i < count; i++) {
                if (!open || !waiting.isEmpty() || !send(staged[i])) {
                    waiting.add(staged[i]);
                    Slot spare = spares.poll();
                    staged[i] = spare == null ? ring.newSpare() : spare;
                }
            }
            resized();
        } finally {
            lock.unlock();
        }
    }

    /** Lets waiting follow-ups go on, as far as there is room. The last link calls this when it has freed places. */
    public void flush() {
        if (size > 0) {
            lock.lock();
            try {
                sendWaiting();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Begins to let follow-ups through.
     *
     * @param first go before those that came meanwhile
     */
    public void open(List<Slot> first) {
        lock.lock();
        try {
            open = true;
            recoveredLeft = first.size();
            first.forEach(this::watch);
            for (int i = first.size() - 1; i >= 0; i--) {
                waiting.addFirst(first.get(i));
            }
            sendWaiting();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes follow-ups that a handler published when it was given the past, and that the journal does not hold. Those
     * that are on their way to it since before are not sent once more.
     *
     * @param missing in order
     */
    public void add(List<Slot> missing) {
        lock.lock();
        try {
            Set<Long> causesOnTheirWay = new HashSet<>();
            if (!missing.isEmpty()) {
                String subscription = missing.get(0).causeSubscription();
                // For whatever purpose: when it left, it need not have been a rebuilding one.
                notes.stream().filter(note -> note.isOpen() && note.causeSubscription.equals(subscription))
                        .forEach(note -> causesOnTheirWay.add(note.causeSequence));
            }
            for (Slot slot : missing) {
                if (causesOnTheirWay.contains(slot.causeSequence())) {
                    recycle(slot);
                } else {
                    watch(slot);
                    waiting.add(slot);
                }
            }
            sendWaiting();
        } finally {
            lock.unlock();
        }
    }

    /**
     * How many wait. Any thread.
     *
     * @return their number
     */
    public int size() {
        return size;
    }

    /**
     * Whether none waits.
     *
     * @return true when all are in the ring
     */
    public boolean isEmpty() {
        return size == 0;
    }

    /**
     * Says that the last link has seen a follow-up.
     *
     * @param note what its slot carries
     * @return what the log has to be told now; null for nothing
     */
    public Outcome passed(FollowUpNote note) {
        lock.lock();
        try {
            Outcome outcome = note.passed();
            while (!notes.isEmpty() && notes.peekFirst().left == 0) {
                unusedNotes.add(notes.pollFirst());
            }
            return outcome;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The oldest event whose handling must not count yet, because what it published is not known to be in the journal.
     *
     * @return its sequence; {@code Long.MAX_VALUE} for none
     */
    public long oldestUnsettledCause() {
        return oldestUnsettledCause(null);
    }

    /**
     * The oldest event that one subscription has handled, and whose handling must not count yet.
     *
     * @param subscription its name; null for all
     * @return its sequence; {@code Long.MAX_VALUE} for none
     */
    public long oldestUnsettledCause(String subscription) {
        lock.lock();
        try {
            long oldest = Long.MAX_VALUE;
            for (FollowUpNote note : notes) {
                if (note.holdsPosition() && note.causeSequence < oldest
                        && (subscription == null || subscription.equals(note.causeSubscription))) {
                    oldest = note.causeSequence;
                }
            }
            return oldest;
        } finally {
            lock.unlock();
        }
    }

    /** What was missing goes into the ring one by one, and another crash or change may come between. */
    private void watch(Slot missing) {
        missing.watch(newNote(missing, FollowUpNote.Purpose.ON_ITS_WAY, 1));
    }

    private FollowUpNote newNote(Slot first, FollowUpNote.Purpose purpose, int count) {
        FollowUpNote note = unusedNotes.poll();
        if (note == null) {
            note = new FollowUpNote();
        }
        note.causeSequence = first.causeSequence();
        note.causeSubscription = first.causeSubscription();
        note.purpose = purpose;
        note.left = count;
        note.outcome = null;
        notes.add(note);
        return note;
    }

    private void sendWaiting() {
        if (open) {
            while (!waiting.isEmpty() && send(waiting.peekFirst())) {
                spares.add(waiting.pollFirst());
                if (recoveredLeft > 0) {
                    recoveredLeft--;
                }
            }
        }
        resized();
    }

    private boolean send(Slot followUp) {
        inTransfer = followUp;
        try {
            return ring.claims().tryPublish(transfer);
        } finally {
            inTransfer = null;
        }
    }

    private Slot inTransfer() {
        return inTransfer;
    }

    private void resized() {
        int newSize = waiting.size();
        counted = newSize - recoveredLeft;
        if (newSize != size) {
            size = newSize;
            ring.claims().reserve(newSize > 0);
        }
    }
}
