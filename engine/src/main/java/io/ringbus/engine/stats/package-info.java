/** The snapshot of the engine's counters, and the rule by which each one moves. */
package io.ringbus.engine.stats;
