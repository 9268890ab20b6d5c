/**
 * The ring of preallocated slots and the ways into it. With {@code stage} the only home of Disruptor types; not
 * exported.
 */
package io.ringbus.engine.ring;
