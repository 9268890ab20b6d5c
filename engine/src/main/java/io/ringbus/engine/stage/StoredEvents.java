package io.ringbus.engine.stage;

import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.error.UnregisteredEventTypeException;
import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.RegisteredType;
import io.ringbus.engine.ring.Slot;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.StoredEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The events of an open journal, as the chain takes them: decoded, and of types that are registered. Has no state, so
 * any thread may use it.
 */
public final class StoredEvents {

    /** Wanted events closer together than this are read in one pass, not each by a search of its own. */
    private static final long READ_THROUGH = 4_096;

    private final JournalSession session;
    private final List<RegisteredType<?>> types;
    private final Set<String> retiredEventTypes;

    /**
     * The events of a session.
     *
     * @param session           the open journal
     * @param types             by index
     * @param retiredEventTypes names of types whose events are passed over
     */
    public StoredEvents(JournalSession session, List<RegisteredType<?>> types, Set<String> retiredEventTypes) {
        this.session = session;
        this.types = types;
        this.retiredEventTypes = retiredEventTypes;
    }

    /**
     * What was found of the events that were asked for by their sequences.
     *
     * @param events  by sequence
     * @param retired the names of the types of those that are passed over, by sequence
     */
    public record Found(Map<Long, Delivery.EventCopy> events, Map<Long, String> retired) {
    }

    /**
     * Reads events of registered types.
     *
     * @param from       the first sequence wanted
     * @param to         the last sequence wanted
     * @param consumer   given each event; valid only during the call
     * @param passedOver told the type's name of each event of a retired type
     * @throws UnregisteredEventTypeException at an event of a type that is neither registered nor retired
     */
    public void read(long from, long to, Consumer<StoredEvent> consumer, Consumer<String> passedOver) {
        session.read(from, to, stored -> {
            if (stored.typeIndex() >= 0) {
                consumer.accept(stored);
            } else if (retiredEventTypes.contains(stored.typeName())) {
                passedOver.accept(stored.typeName());
            } else {
                throw new UnregisteredEventTypeException("the journal holds an event of a type that is not registered;"
                        + " register it, or name it in retiredEventTypes to pass over its events: type="
                        + stored.typeName() + ", sequence=" + stored.sequence());
            }
        });
    }

    /**
     * Reads events by their sequences.
     *
     * @param wanted the sequences
     * @return those that are there
     */
    public Found fetch(NavigableSet<Long> wanted) {
        Found found = new Found(new HashMap<>(), new HashMap<>());
        read(session, wanted, stored -> {
            if (stored.typeIndex() >= 0) {
                found.events.put(stored.sequence(), copy(stored));
            } else if (retiredEventTypes.contains(stored.typeName())) {
                found.retired.put(stored.sequence(), stored.typeName());
            }
        });
        return found;
    }

    /**
     * Reads events by their sequences, with as few searches as are worth it.
     *
     * @param session  the open journal
     * @param wanted   the sequences
     * @param consumer given those that are there, in order
     */
    public static void read(JournalSession session, NavigableSet<Long> wanted,
            Consumer<? super StoredEvent> consumer) {
        Long from = wanted.isEmpty() ? null : wanted.first();
        while (from != null) {
            long to = from;
            Long next = wanted.higher(to);
            while (next != null && next - to <= READ_THROUGH) {
                to = next;
                next = wanted.higher(to);
            }
            session.read(from, to, stored -> {
                if (wanted.contains(stored.sequence())) {
                    consumer.accept(stored);
                }
            });
            from = next;
        }
    }

    /**
     * Makes a slot a replay of an event.
     *
     * @param slot   the slot
     * @param stored the event, of a registered type
     */
    public void fill(Slot slot, StoredEvent stored) {
        RegisteredType<?> type = types.get(stored.typeIndex());
        slot.becomeReplay(stored, decode(type, stored, type.preallocated(slot)), type.preallocatedIndex() >= 0);
    }

    private Delivery.EventCopy copy(StoredEvent stored) {
        RegisteredType<?> type = types.get(stored.typeIndex());
        return headerOf(stored, decode(type, stored, type.type().isPreallocated() ? type.type().newInstance() : null));
    }

    private static Delivery.EventCopy headerOf(StoredEvent stored, Object event) {
        return new Delivery.EventCopy(stored.typeIndex(), stored.timestampNanos(), stored.aggregateType(),
                stored.aggregateId(), stored.aggregateKey(), event);
    }

    private static <T> Object decode(RegisteredType<T> type, StoredEvent stored, Object reuse) {
        ByteBuffer payload = stored.payload().duplicate().order(ByteOrder.LITTLE_ENDIAN).position(0)
                .limit(stored.payloadLength());
        try {
            return type.codec().decode(payload, stored.typeVersion(), type.type().eventClass().cast(reuse));
        } catch (Exception | StackOverflowError e) {
            throw new JournalException("an event in the journal could not be decoded; mend the codec of its type: type="
                    + type.type().name() + ", version=" + stored.typeVersion() + ", sequence=" + stored.sequence()
                    + ", error=" + e, e);
        }
    }
}
