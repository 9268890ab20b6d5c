package io.ringbus.benchmarks.peers;

import java.util.function.Function;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;

/**
 * What a contender knows of the events it carries. All of it may be called from any thread.
 *
 * @param <E>    the class of the events, which are mutable
 * @param maker  makes an empty one
 * @param filler fills one with what its number says
 * @param bytes  the array that holds all of an event: to be written as it is, and to be overwritten by a reader
 */
public record Cargo<E>(Supplier<E> maker, ObjLongConsumer<E> filler, Function<E, byte[]> bytes) {
}
