/**
 * What one would use instead of Ringbus: the contenders that the benchmarks compare it with. Knows nothing of Ringbus, and
 * of the events only what a {@link io.ringbus.benchmarks.peers.Cargo} says.
 */
package io.ringbus.benchmarks.peers;
