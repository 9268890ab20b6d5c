package io.ringbus.engine.ring;

import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.error.EventTooLargeException;
import io.ringbus.engine.error.InvalidEventException;
import io.ringbus.engine.error.UnregisteredEventTypeException;
import io.ringbus.engine.event.EventFiller;
import io.ringbus.engine.event.EventType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What publishing does on the caller's thread: find the type, claim a place, describe and encode the event into its
 * slot, publish. When anything fails after the claim, the place goes by as void and the caller gets the error.
 */
public final class Publisher {

    /** Returned instead of a sequence when the ring is full. */
    public static final long RING_FULL = Claims.FULL;

    private final EventRing ring;
    private final Claims claims;
    private final Map<Class<?>, RegisteredType<?>> byClass = new HashMap<>();
    private final Map<EventType<?>, RegisteredType<?>> byType = new HashMap<>();
    private final Limits limits;
    private final Encoder encoder;
    private final MessageIds messageIds;

    /** The one that was looked up last: most publishers have one type. A record, so a race only costs a look-up. */
    private RegisteredType<?> lastPreallocated;

    /**
     * A publisher for many threads.
     *
     * @param ring       the ring
     * @param types      the registered types
     * @param limits     what the journal takes
     * @param messageIds the ids that are remembered
     */
    public Publisher(EventRing ring, List<RegisteredType<?>> types, Limits limits, MessageIds messageIds) {
        this.ring = ring;
        this.claims = ring.claims();
        this.limits = limits;
        this.encoder = new Encoder(limits);
        this.messageIds = messageIds;
        types.forEach(type -> {
            byClass.put(type.type().eventClass(), type);
            byType.put(type.type(), type);
        });
    }

    /**
     * What the journal takes.
     *
     * @param encode        whether there is a journal to encode for
     * @param maxEventBytes the largest encoded event
     * @param maxGroupBytes the largest collection, encoded, with its frames
     */
    public record Limits(boolean encode, int maxEventBytes, int maxGroupBytes) {
    }

    /**
     * Publishes an event.
     *
     * @param event the event; a preallocated one is copied
     * @param wait  whether to wait for a full ring
     * @return its sequence, or {@link #RING_FULL}
     */
    public long publish(Object event, boolean wait) {
        RegisteredType<?> type = typeOf(event);
        long place = claims.claim(1, wait);
        if (place == Claims.FULL) {
            return RING_FULL;
        }
        return fillAndPublish(place, type, event);
    }

    /**
     * Publishes a preallocated event, filled in place.
     *
     * @param <T>      the event class
     * @param <A>      what it is filled from
     * @param type     a registered preallocated type
     * @param filler   fills it
     * @param argument passed to the filler
     * @param wait     whether to wait for a full ring
     * @return its sequence, or {@link #RING_FULL}
     */
    public <T, A> long publish(EventType<T> type, EventFiller<? super T, ? super A> filler, A argument, boolean wait) {
        RegisteredType<T> registered = preallocated(type);
        long place = claims.claim(1, wait);
        if (place == Claims.FULL) {
            return RING_FULL;
        }
        return fillAndPublish(place, registered, filler, argument);
    }

    /**
     * Publishes an event under a message id, unless one was published under it already.
     *
     * @param event  the event; a preallocated one is copied
     * @param idHigh the upper half of the id
     * @param idLow  the lower half of the id
     * @param wait   whether to wait for a full ring
     * @return the sequence of the first event under this id, or {@link #RING_FULL}
     */
    public long publish(Object event, long idHigh, long idLow, boolean wait) {
        return publishOnce(typeOf(event), null, event, idHigh, idLow, wait);
    }

    /**
     * Publishes a preallocated event, filled in place, under a message id, unless one was published under it already.
     *
     * @param <T>      the event class
     * @param <A>      what it is filled from
     * @param type     a registered preallocated type
     * @param filler   fills it
     * @param argument passed to the filler
     * @param idHigh   the upper half of the id
     * @param idLow    the lower half of the id
     * @param wait     whether to wait for a full ring
     * @return the sequence of the first event under this id, or {@link #RING_FULL}
     */
    public <T, A> long publish(EventType<T> type, EventFiller<? super T, ? super A> filler, A argument, long idHigh,
            long idLow, boolean wait) {
        RegisteredType<T> registered = preallocated(type);
        if (filler == null) {
            throw new InvalidEventException("pass what fills the event, or publish an event as it is: filler=null");
        }
        return publishOnce(registered, filler, argument, idHigh, idLow, wait);
    }

    /**
     * Publishes events with consecutive sequences, journaled as one.
     *
     * @param events the events, at least one
     * @param wait   whether to wait for a full ring
     * @return the last one's sequence, or {@link #RING_FULL}
     */
    public long publishAll(Object[] events, boolean wait) {
        if (events.length > ring.size()) {
            throw new EventTooLargeException("a collection is published as one and must fit into the ring; split it, or"
                    + " enlarge the ring: events=" + events.length + ", ringSize=" + ring.size());
        }
        RegisteredType<?>[] types = new RegisteredType<?>[events.length];
        for (int i = 0; i < events.length; i++) {
            types[i] = typeOf(events[i]);
        }
        long last = claims.claim(events.length, wait);
        if (last == Claims.FULL) {
            return RING_FULL;
        }
        long first = last - events.length + 1;
        boolean filled = false;
        try {
            long bytes = 0;
            for (int i = 0; i < events.length; i++) {
                Slot slot = ring.slot(first + i);
                fill(slot, types[i], events[i]);
                slot.endGroup(i == events.length - 1);
                bytes += limits.encode ? AggregateLimits.batchBytes(slot) : 0;
            }
            if (bytes > limits.maxGroupBytes) {
                throw new EventTooLargeException("a collection is journaled as one and is too large for that; split it:"
                        + " bytes=" + bytes + ", maximum=" + limits.maxGroupBytes);
            }
            filled = true;
            return ring.sequenceOf(last);
        } finally {
            finish(first, last, filled);
        }
    }

    /**
     * Describes and encodes an event into a slot outside of the ring, on the handler's thread.
     *
     * @param spare its slot
     * @param event an event of a registered class; a preallocated one is copied
     */
    public void prepare(Slot spare, Object event) {
        fill(spare, typeOf(event), event);
    }

    /**
     * Fills a preallocated event into a slot outside of the ring, on the handler's thread.
     *
     * @param <T>      the event class
     * @param <A>      what it is filled from
     * @param spare    its slot
     * @param type     a registered preallocated type
     * @param filler   fills it
     * @param argument passed to the filler
     */
    public <T, A> void prepare(Slot spare, EventType<T> type, EventFiller<? super T, ? super A> filler, A argument) {
        RegisteredType<T> registered = preallocated(type);
        T event = registered.preallocated(spare);
        filler.fill(event, argument);
        prepare(spare, registered, event);
    }

    /**
     * Whether two slots hold the same event, as encoded: the first as it was published, the second as it came from
     * the journal, encoded anew because it may have been written by an older version.
     *
     * @param published a prepared slot
     * @param replayed  a slot of the ring
     * @param scratch   a slot to encode into
     * @return whether type and bytes are the same
     */
    public boolean isSame(Slot published, Slot replayed, Slot scratch) {
        if (published.typeIndex != replayed.typeIndex) {
            return false;
        }
        prepare(scratch, replayed.event);
        return scratch.payloadLength() == published.payloadLength()
                && scratch.payload().slice(0, scratch.payloadLength())
                        .equals(published.payload().slice(0, published.payloadLength()));
    }

    /**
     * Under the monitor of the ids, from the look-up to the publish: of two with one id the second finds the first. A
     * monitor, because a contended lock object makes garbage. Nobody waits for a full ring while holding it: others
     * may only want to be told that their id is known.
     *
     * @param filler null when the argument is the event
     */
    private <T, A> long publishOnce(RegisteredType<T> type, EventFiller<? super T, ? super A> filler, A argument,
            long idHigh, long idLow, boolean wait) {
        messageIds.require(idHigh, idLow);
        if (Thread.holdsLock(messageIds)) {
            throw new EngineStateException("from within the codec, filler or aggregate function of an event that is"
                    + " published under a message id, no other can be: type=" + type.type().name());
        }
        long deadline = 0;
        for (int turns = 0; ; turns++) {
            claims.checkMayPublish();
            synchronized (messageIds) {
                long known = messageIds.sequenceOf(idHigh, idLow);
                if (known != 0) {
                    return known;
                }
                long place = claims.claim(1, false);
                if (place != Claims.FULL) {
                    Slot slot = ring.slot(place);
                    slot.identify(idHigh, idLow);
                    long sequence = filler == null ? fillAndPublish(place, type, argument)
                            : fillAndPublish(place, type, filler, argument);
                    messageIds.remember(idHigh, idLow, sequence);
                    return sequence;
                }
            }
            if (!wait) {
                return RING_FULL;
            }
            if (turns == 0) {
                deadline = claims.beginToWait();
            }
            claims.awaitPlaces(1, deadline, turns);
        }
    }

    private <T, A> long fillAndPublish(long place, RegisteredType<T> type, EventFiller<? super T, ? super A> filler,
            A argument) {
        boolean filled = false;
        try {
            Slot slot = ring.slot(place);
            T event = type.preallocated(slot);
            filler.fill(event, argument);
            prepare(slot, type, event);
            filled = true;
            return ring.sequenceOf(place);
        } finally {
            finish(place, place, filled);
        }
    }

    private long fillAndPublish(long place, RegisteredType<?> type, Object event) {
        boolean filled = false;
        try {
            fill(ring.slot(place), type, event);
            filled = true;
            return ring.sequenceOf(place);
        } finally {
            finish(place, place, filled);
        }
    }

    private void finish(long first, long last, boolean filled) {
        if (!filled) {
            claims.publishVoid(first, last);
        } else if (first == last) {
            claims.publish(last);
        } else {
            claims.publish(first, last);
        }
    }

    private <T> void fill(Slot slot, RegisteredType<T> type, Object event) {
        T typed = type.type().eventClass().cast(event);
        if (type.preallocatedIndex() >= 0) {
            // The caller may change its object after this call; the slot's own instance stays as published.
            T own = type.preallocated(slot);
            Encoder.copy(type, typed, own);
            typed = own;
        }
        prepare(slot, type, typed);
    }

    private <T> void prepare(Slot slot, RegisteredType<T> type, T event) {
        slot.become(Slot.Kind.EVENT);
        slot.endGroup(true);
        encoder.describe(slot, type, event);
    }

    private RegisteredType<?> typeOf(Object event) {
        if (event == null) {
            throw new InvalidEventException("null cannot be published; pass an event of a registered class:"
                    + " event=null");
        }
        RegisteredType<?> type = byClass.get(event.getClass());
        if (type == null) {
            throw new UnregisteredEventTypeException("register this class with engine.register(EventType.named(...))"
                    + " before the start: class=" + event.getClass().getName());
        }
        return type;
    }

    @SuppressWarnings("unchecked") // the map is filled from the types themselves
    private <T> RegisteredType<T> preallocated(EventType<T> type) {
        RegisteredType<?> last = lastPreallocated;
        if (last != null && last.type() == type) {
            return (RegisteredType<T>) last;
        }
        if (type == null) {
            throw new InvalidEventException("pass the type that register returned: type=null");
        }
        RegisteredType<?> registered = byType.get(type);
        if (registered == null) {
            throw new UnregisteredEventTypeException("register this type before the start, and pass what register"
                    + " returned: type=" + type);
        }
        if (registered.preallocatedIndex() < 0) {
            throw new UnregisteredEventTypeException("only a type registered with preallocated(...) can be filled in"
                    + " place: type=" + type);
        }
        lastPreallocated = registered;
        return (RegisteredType<T>) registered;
    }
}
