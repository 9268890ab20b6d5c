package io.ringbus.journal.codec;

import io.ringbus.engine.error.InvalidConfigurationException;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds what a record consists of, and refuses at once what the codec could not read back. What it finds is the closed
 * set of classes that decoding can make instances of. Used once, by one thread.
 */
final class TypeResolver {

    private static final String REMEDY = "; use a supported type, or give the event type a codec of its own: ";

    private final Map<Class<?>, RecordType> records = new HashMap<>();
    private final Deque<Class<?>> open = new ArrayDeque<>();

    RecordType record(Class<?> recordClass) {
        if (recordClass == null || !recordClass.isRecord()) {
            throw new InvalidConfigurationException("the default codec takes records only; make the class a record, or"
                    + " give the event type a codec of its own: class="
                    + (recordClass == null ? null : recordClass.getName()));
        }
        RecordType known = records.get(recordClass);
        if (known != null) {
            return known;
        }
        if (recordClass.getTypeParameters().length > 0) {
            throw new InvalidConfigurationException("a record with type parameters does not say what it holds" + REMEDY
                    + "record=" + recordClass.getName());
        }
        RecordComponent[] components = recordClass.getRecordComponents();
        if (components.length > Layout.MAX_COMPONENTS) {
            throw new InvalidConfigurationException("a record has more than " + Layout.MAX_COMPONENTS + " components;"
                    + " put some into nested records: record=" + recordClass.getName() + ", components="
                    + components.length);
        }
        open.push(recordClass);
        List<RecordType.Component> resolved = new ArrayList<>();
        for (RecordComponent component : components) {
            resolved.add(new RecordType.Component(component.getName(), accessor(component), new Place(component)
                    .component()));
        }
        open.pop();
        RecordType type = RecordType.of(recordClass, constructor(recordClass, components), resolved);
        records.put(recordClass, type);
        return type;
    }

    private static MethodHandle accessor(RecordComponent component) {
        Method accessor = component.getAccessor();
        try {
            accessor.setAccessible(true);
            return MethodHandles.lookup().unreflect(accessor);
        } catch (InaccessibleObjectException | IllegalAccessException e) {
            throw inaccessible(component.getDeclaringRecord(), e);
        }
    }

    private static MethodHandle constructor(Class<?> recordClass, RecordComponent[] components) {
        Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = recordClass.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return MethodHandles.lookup().unreflectConstructor(constructor);
        } catch (InaccessibleObjectException | ReflectiveOperationException e) {
            throw inaccessible(recordClass, e);
        }
    }

    private static InvalidConfigurationException inaccessible(Class<?> recordClass, Exception cause) {
        return new InvalidConfigurationException("a record cannot be read by reflection; open its package to"
                + " io.ringbus.journal, or give the event type a codec of its own: record=" + recordClass.getName()
                + ", package=" + recordClass.getPackageName(), cause);
    }

    /** A component whose type is being resolved; it knows how to name itself. */
    private final class Place {

        private final RecordComponent component;
        private final String name;

        Place(RecordComponent component) {
            this.component = component;
            this.name = component.getDeclaringRecord().getSimpleName() + "." + component.getName();
        }

        ValueType component() {
            Type type = component.getGenericType();
            return type instanceof Class<?> primitive && primitive.isPrimitive() ? present(type) : nullable(type);
        }

        private ValueType nullable(Type type) {
            if (type instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
                Type value = argument(generic, 0);
                return new OptionalType(present(value), erased(value), name);
            }
            return new NullableType(present(type), erased(type));
        }

        private ValueType present(Type type) {
            if (type instanceof ParameterizedType generic) {
                return collection(generic);
            }
            if (!(type instanceof Class<?> simple)) {
                throw unsupported(type, "is not a class");
            }
            Kind scalar = Kind.ofScalar(simple);
            if (scalar != null) {
                return new ScalarType(scalar);
            }
            if (simple.isEnum()) {
                return new EnumType(simple);
            }
            if (simple.isRecord()) {
                return nested(simple);
            }
            throw unsupported(type, simple.getTypeParameters().length > 0 ? "does not say what it holds"
                    : "is none that the default codec knows");
        }

        private ValueType nested(Class<?> recordClass) {
            if (open.contains(recordClass)) {
                throw unsupported(recordClass, "leads back to the record itself");
            }
            return record(recordClass);
        }

        private ValueType collection(ParameterizedType type) {
            if (type.getRawType() == List.class) {
                return new CollectionType(Kind.LIST, List.of(nullable(argument(type, 0))));
            }
            if (type.getRawType() == java.util.Set.class) {
                return new CollectionType(Kind.SET, List.of(key(argument(type, 0))));
            }
            if (type.getRawType() == Map.class) {
                return new CollectionType(Kind.MAP, List.of(key(argument(type, 0)), nullable(argument(type, 1))));
            }
            throw unsupported(type, "is none that the default codec knows");
        }

        private ValueType key(Type type) {
            ValueType key = present(type);
            if (!key.layout().kind().isKey()) {
                throw unsupported(type, "cannot be the element of a set or the key of a map");
            }
            return key;
        }

        private Type argument(ParameterizedType type, int index) {
            Type argument = type.getActualTypeArguments()[index];
            return argument instanceof WildcardType wildcard ? wildcard.getUpperBounds()[0] : argument;
        }

        private Class<?> erased(Type type) {
            return type instanceof ParameterizedType generic ? (Class<?>) generic.getRawType() : (Class<?>) type;
        }

        private InvalidConfigurationException unsupported(Type type, String why) {
            return new InvalidConfigurationException("a component's type " + why + REMEDY + "record="
                    + component.getDeclaringRecord().getName() + ", component=" + component.getName() + ", type="
                    + type.getTypeName());
        }
    }
}
