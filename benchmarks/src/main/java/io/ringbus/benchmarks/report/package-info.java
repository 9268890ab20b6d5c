/**
 * One page with everything that was measured: reads what JMH and the latency harness left in a directory and writes a
 * self-contained HTML file.
 *
 * <pre>
 * Profile ──&gt; JmhRuns ──&gt; jmh-1.json, …                ┐
 *         └─&gt; latency.Series ──&gt; latency.jsonl, *.hlog ├──&gt; Main ──&gt; Figures, Charts ──&gt; report.html
 *             Environment ──&gt; environment.json         ┘
 * </pre>
 */
package io.ringbus.benchmarks.report;
