/**
 * An open-loop latency harness: events are due at a fixed rate, whether the contender keeps up or not, and each one's
 * latency runs from the moment it was due to the end of its handling.
 *
 * <pre>
 * Main ── a JVM per run ──&gt; Fork ──&gt; LatencyRun
 *                                      │ number n is due at start + n / rate
 *                                      v
 *                                   OpenLoop ──&gt; [contender: ring, journal] ──&gt; TimedHandler ──&gt; histograms
 * </pre>
 */
package io.ringbus.benchmarks.latency;
