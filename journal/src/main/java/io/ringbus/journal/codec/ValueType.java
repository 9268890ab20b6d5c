package io.ringbus.journal.codec;

import io.ringbus.engine.error.DecodingException;

import java.lang.invoke.MethodHandle;

/**
 * A type of values that the codec knows: how they are written today, and how they are read from what was written
 * before. Immutable.
 */
interface ValueType {

    /** The class of the values, a primitive where it stands for one. */
    Class<?> javaClass();

    /** How they look in bytes. */
    Layout layout();

    /** Writes one: (class of the values, buffer) to void. */
    MethodHandle writer();

    /**
     * Reads one: (buffer) to class of the values.
     *
     * @param written how it looks in those bytes; without presence byte when today's has none
     * @param where   the component, for messages
     */
    MethodHandle reader(Layout written, String where);

    /** The value of a component that the bytes do not have. */
    default Object absent() {
        return null;
    }

    /** What a component gets to hear that has become something else. */
    static DecodingException incompatible(String where, Layout written, Layout now) {
        return new DecodingException("a component was written as another kind of value than it is now; give it a new"
                + " name, or give the event type a codec that reads both: component=" + where + ", written=" + written
                + ", now=" + now);
    }
}
