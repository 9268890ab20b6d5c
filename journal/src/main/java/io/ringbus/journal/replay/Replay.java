package io.ringbus.journal.replay;

import io.ringbus.engine.error.JournalAccessException;
import io.ringbus.engine.error.JournalDamagedException;
import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.spi.StoredEvent;
import io.ringbus.journal.codec.RecordCodec;
import io.ringbus.journal.format.FrameView;
import io.ringbus.journal.policy.DamagePolicy;
import io.ringbus.journal.store.QueueShape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Reads a journal's events without an engine, without a lock and without writing anything; also from another process
 * while an engine is appending. Needs no JVM flags.
 *
 * <pre>{@code
 * Replay.of(Path.of("journal")).from(1_000).types("order-placed")
 *         .read(event -> System.out.println(event.sequence() + " " + event.typeName()));
 * }</pre>
 *
 * <p>Immutable: each method returns a changed copy. Each reading goes to the end that the journal has at that instant.
 */
public final class Replay {

    private final Path directory;
    private final Range range;
    private final DamagePolicy onDamage;

    private Replay(Path directory, Range range, DamagePolicy onDamage) {
        this.directory = directory;
        this.range = range;
        this.onDamage = onDamage;
    }

    /**
     * Reads all events of all types; damage is refused, and a torn end is reported.
     *
     * @param directory the journal's directory
     * @return the replay
     */
    public static Replay of(Path directory) {
        Objects.requireNonNull(directory, "directory is null: name the journal's directory");
        return new Replay(directory, new Range(1, Long.MAX_VALUE, Set.of()), DamagePolicy.CUT_TORN_TAIL);
    }

    /**
     * Begins at a sequence, which is found without reading what is before.
     *
     * @param sequence the first sequence wanted
     * @return the changed copy
     */
    public Replay from(long sequence) {
        return new Replay(directory, new Range(sequence, range.to, range.typeNames), onDamage);
    }

    /**
     * Ends with a sequence.
     *
     * @param sequence the last sequence wanted
     * @return the changed copy
     */
    public Replay to(long sequence) {
        return new Replay(directory, new Range(range.from, sequence, range.typeNames), onDamage);
    }

    /**
     * Passes on events of some types only.
     *
     * @param names stable names of event types
     * @return the changed copy
     */
    public Replay types(String... names) {
        return new Replay(directory, new Range(range.from, range.to, Set.of(names)), onDamage);
    }

    /**
     * What to do about damage. A torn end ends the reading and is in the report, except under
     * {@link DamagePolicy#FAIL}; nothing is ever cut here.
     *
     * @param policy {@link DamagePolicy#CUT_TORN_TAIL} by default
     * @return the changed copy
     */
    public Replay onDamage(DamagePolicy policy) {
        Objects.requireNonNull(policy, "damage policy is null");
        return new Replay(directory, range, policy);
    }

    /**
     * Reads events as they are stored, with what they were published for and under which id.
     *
     * @param consumer given each event, a view that is valid only during the call; what it throws ends the reading
     * @return what was read
     * @throws JournalDamagedException where the journal is damaged and that is not to be passed over
     * @throws JournalAccessException  when there is no journal, or it cannot be read
     */
    public ReplayReport read(Consumer<? super FrameView> consumer) {
        return read(List.of(), consumer);
    }

    /**
     * Reads events and decodes them.
     *
     * @param types    the types to decode; events of other types are passed over
     * @param consumer given each event as it is stored, and decoded; the events of a preallocated type all come in one
     *                 object, which is valid only during the call
     * @return what was read
     * @throws JournalDamagedException where the journal is damaged and that is not to be passed over
     * @throws JournalAccessException  when there is no journal, or it cannot be read
     */
    public ReplayReport decode(List<EventType<?>> types, BiConsumer<? super StoredEvent, Object> consumer) {
        List<Decoding<?>> decodings = new ArrayList<>();
        for (EventType<?> type : types) {
            decodings.add(Decoding.of(type));
        }
        return read(types, event -> {
            if (event.typeIndex() >= 0) {
                consumer.accept(event, decodings.get(event.typeIndex()).decode(event));
            }
        });
    }

    private ReplayReport read(List<EventType<?>> types, Consumer<? super FrameView> consumer) {
        JournalAtRest journal = new JournalAtRest(directory, QueueShape.events(QueueShape.DEFAULT_BLOCK_BYTES),
                onDamage);
        EventReader reader = new EventReader(journal.queue(), types);
        long[] events = new long[1];
        reader.read(range.from, range.to, ForwardReading.TO_THE_END, event -> {
            if (range.typeNames.isEmpty() || range.typeNames.contains(event.typeName())) {
                events[0]++;
                consumer.accept(event);
            }
        });
        journal.verifyEnd(reader.reading(), reader.lastSequence());
        return new ReplayReport(events[0], reader.lastSequence(), journal.findings());
    }

    /** How the events of a type are decoded: those of a preallocated one into the same object. */
    private record Decoding<T>(EventCodec<T> codec, T reuse) {

        static <T> Decoding<T> of(EventType<T> type) {
            return new Decoding<>(type.codec() == null ? RecordCodec.of(type.eventClass()) : type.codec(),
                    type.isPreallocated() ? type.newInstance() : null);
        }

        T decode(FrameView event) {
            return codec.decode(event.newPayload(), event.typeVersion(), reuse);
        }
    }

    /** What is wanted. */
    private record Range(long from, long to, Set<String> typeNames) {
    }
}
