package io.ringbus.engine.event;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

/**
 * A registered class of events: its stable name, its version, its codec, and how to find an event's aggregate.
 *
 * <p>The name is what the journal knows the type by, so it outlives renamed classes. Immutable; each method returns a
 * changed copy.
 *
 * @param <T> the event class
 */
public final class EventType<T> {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private final Class<T> eventClass;
    private final String name;
    private final int version;
    private final EventCodec<T> codec;
    private final String aggregateType;
    private final ToLongFunction<? super T> aggregateId;
    private final Function<? super T, String> aggregateKey;
    private final Supplier<? extends T> factory;
    private final BiConsumer<? super T, ? super T> copier;
    /** Asked once: to find that an object is not of an interface takes a search, each time. */
    private final boolean domainEvents;

    private EventType(Class<T> eventClass, String name, int version, EventCodec<T> codec, Aggregate<T> aggregate,
            Preallocation<T> preallocation) {
        this.eventClass = eventClass;
        this.name = name;
        this.version = version;
        this.codec = codec;
        this.aggregateType = aggregate.type;
        this.aggregateId = aggregate.id;
        this.aggregateKey = aggregate.key;
        this.factory = preallocation.factory;
        this.copier = preallocation.copier;
        this.domainEvents = DomainEvent.class.isAssignableFrom(eventClass);
    }

    /**
     * Names an event type. Its version is 1, its codec the journal's default for records, and it belongs to no
     * aggregate unless its class implements {@link DomainEvent}.
     *
     * @param <T>        the event class
     * @param name       stable for ever: letters, digits, {@code .}, {@code _} and {@code -}, at most 128
     * @param eventClass exactly the class of the events; a sub-class is a type of its own
     * @return the type
     * @throws IllegalArgumentException for a name of another form
     */
    public static <T> EventType<T> named(String name, Class<T> eventClass) {
        Objects.requireNonNull(eventClass, "eventClass is null: pass the class of the events");
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("an event type's name is 1 to 128 letters, digits, '.', '_' or '-',"
                    + " and begins with a letter or digit: name=" + name);
        }
        return new EventType<>(eventClass, name, 1, null, Aggregate.none(), Preallocation.none());
    }

    /**
     * Sets the version. Raise it when the fields change their meaning; the codec is told the version of what it reads.
     *
     * @param newVersion 1 to 65,535
     * @return the changed copy
     */
    public EventType<T> version(int newVersion) {
        if (newVersion < 1 || newVersion > 65_535) {
            throw new IllegalArgumentException("an event type's version is 1 to 65535: type=" + name + ", version="
                    + newVersion);
        }
        return new EventType<>(eventClass, name, newVersion, codec, aggregate(), preallocation());
    }

    /**
     * Sets the codec. Without one the journal's default is used, which takes records only.
     *
     * @param newCodec the codec, thread-safe
     * @return the changed copy
     */
    public EventType<T> codec(EventCodec<T> newCodec) {
        Objects.requireNonNull(newCodec, "codec is null: leave the call out to use the default codec");
        return new EventType<>(eventClass, name, version, newCodec, aggregate(), preallocation());
    }

    /**
     * Says which aggregate an event belongs to, by a number. Allocates nothing.
     *
     * @param type the aggregate's type, such as {@code "order"}
     * @param id   reads the aggregate's id from an event
     * @return the changed copy
     */
    public EventType<T> aggregate(String type, ToLongFunction<? super T> id) {
        Objects.requireNonNull(type, "aggregate type is null");
        Objects.requireNonNull(id, "aggregate id function is null");
        return new EventType<>(eventClass, name, version, codec, new Aggregate<>(type, id, null), preallocation());
    }

    /**
     * Says which aggregate an event belongs to, by a text.
     *
     * @param type the aggregate's type, such as {@code "account"}
     * @param key  reads the aggregate's id from an event
     * @return the changed copy
     */
    public EventType<T> aggregateKey(String type, Function<? super T, String> key) {
        Objects.requireNonNull(type, "aggregate type is null");
        Objects.requireNonNull(key, "aggregate key function is null");
        return new EventType<>(eventClass, name, version, codec, new Aggregate<>(type, null, key), preallocation());
    }

    /**
     * Makes this a preallocated type: each slot of the ring holds an instance of its own, which publishers fill in
     * place. Costs ring size times the instance in memory.
     *
     * @param newFactory makes the instances, once per slot, and one per copy
     * @param newCopier  copies all fields from its first argument to its second; used where an event outlives its
     *                   slot, as a failed delivery does
     * @return the changed copy
     */
    public EventType<T> preallocated(Supplier<? extends T> newFactory, BiConsumer<? super T, ? super T> newCopier) {
        Objects.requireNonNull(newFactory, "factory is null");
        Objects.requireNonNull(newCopier, "copier is null");
        return new EventType<>(eventClass, name, version, codec, aggregate(),
                new Preallocation<>(newFactory, newCopier));
    }

    /**
     * The class of the events.
     *
     * @return exactly their class
     */
    public Class<T> eventClass() {
        return eventClass;
    }

    /**
     * The stable name.
     *
     * @return what the journal knows this type by
     */
    public String name() {
        return name;
    }

    /**
     * The version.
     *
     * @return at least 1
     */
    public int version() {
        return version;
    }

    /**
     * The codec given at registration.
     *
     * @return the codec, or null for the journal's default
     */
    public EventCodec<T> codec() {
        return codec;
    }

    /**
     * Whether each slot holds an instance to be filled in place.
     *
     * @return true after {@link #preallocated}
     */
    public boolean isPreallocated() {
        return factory != null;
    }

    /**
     * Makes an instance of a preallocated type.
     *
     * @return a new instance
     */
    public T newInstance() {
        return factory.get();
    }

    /**
     * The event in a form that outlives its slot.
     *
     * @param event an event of this type
     * @return a copy of a preallocated event; otherwise the event itself
     */
    public T retained(T event) {
        if (copier == null) {
            return event;
        }
        T copy = factory.get();
        copier.accept(event, copy);
        return copy;
    }

    /**
     * Copies all fields of one preallocated event to another.
     *
     * @param from the event to read
     * @param to   the event to overwrite
     */
    public void copy(T from, T to) {
        copier.accept(from, to);
    }

    /**
     * The type of the aggregate that an event belongs to.
     *
     * @param event an event of this type
     * @return the aggregate's type, or null when there is none
     */
    public String aggregateType(T event) {
        if (aggregateType != null) {
            return aggregateType;
        }
        return domainEvents ? ((DomainEvent) event).aggregateType() : null;
    }

    /**
     * The numeric id of the aggregate that an event belongs to.
     *
     * @param event an event of this type
     * @return the id; 0 when there is none or it is a text
     */
    public long aggregateId(T event) {
        if (aggregateId != null) {
            return aggregateId.applyAsLong(event);
        }
        return aggregateType == null && domainEvents ? ((DomainEvent) event).aggregateId() : 0;
    }

    /**
     * The id, as text, of the aggregate that an event belongs to.
     *
     * @param event an event of this type
     * @return the id, or null when there is none or it is a number
     */
    public String aggregateKey(T event) {
        if (aggregateKey != null) {
            return aggregateKey.apply(event);
        }
        return aggregateType == null && domainEvents ? ((DomainEvent) event).aggregateKey() : null;
    }

    /**
     * The names of the record components, which stand in the journal beside the name and version.
     *
     * @return the names in declaration order; empty when the class is no record
     */
    public List<String> fieldNames() {
        return eventClass.isRecord()
                ? Arrays.stream(eventClass.getRecordComponents()).map(RecordComponent::getName).toList()
                : List.of();
    }

    @Override
    public String toString() {
        return name + " v" + version + " (" + eventClass.getName() + ")";
    }

    private Aggregate<T> aggregate() {
        return new Aggregate<>(aggregateType, aggregateId, aggregateKey);
    }

    private Preallocation<T> preallocation() {
        return new Preallocation<>(factory, copier);
    }

    private record Aggregate<T>(String type, ToLongFunction<? super T> id, Function<? super T, String> key) {
        static <T> Aggregate<T> none() {
            return new Aggregate<>(null, null, null);
        }
    }

    private record Preallocation<T>(Supplier<? extends T> factory, BiConsumer<? super T, ? super T> copier) {
        static <T> Preallocation<T> none() {
            return new Preallocation<>(null, null);
        }
    }
}
