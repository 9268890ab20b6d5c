/** JMH benchmarks. Each one checks its result and fails when it is wrong. */
package io.ringbus.benchmarks.jmh;
