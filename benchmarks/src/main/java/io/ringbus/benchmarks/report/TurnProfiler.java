package io.ringbus.benchmarks.report;

import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Lets a fork wait for its turn before each iteration, and pass it on behind it. It is a profiler because JMH calls those
 * before an iteration sets anything up, and after it has torn everything down; what it measures is how long was waited, in
 * milliseconds. The other end is in the JVM that starts the forks. One thread.
 */
public final class TurnProfiler implements InternalProfiler {

    /** The name of what it measures. */
    static final String WAITED = "turns.waited";

    private final String initLine;
    private Socket socket;
    private long waitedNanos;
    private int iterations;

    /**
     * Made by JMH, also in the JVM that starts the forks; connects when the first iteration begins.
     *
     * @param initLine where to ask for turns, and as whom: port and number, with a colon between
     */
    public TurnProfiler(String initLine) {
        this.initLine = initLine;
    }

    @Override
    public String getDescription() {
        return "Lets forks take turns, an iteration each";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        long begin = System.nanoTime();
        awaitTurn();
        waitedNanos = System.nanoTime() - begin;
    }

    /** Behind the last iteration the turn ends with this JVM, whose end is work that the next one shall not measure. */
    @Override
    public Collection<? extends Result<?>> afterIteration(BenchmarkParams benchmark, IterationParams iteration,
            IterationResult result) {
        iterations++;
        if (iterations < benchmark.getWarmup().getCount() + benchmark.getMeasurement().getCount()) {
            passTurn();
        }
        return List.of(new ScalarResult(WAITED, waitedNanos / 1e6, "ms", AggregationPolicy.AVG));
    }

    void awaitTurn() {
        try {
            if (socket == null) {
                connect();
            }
            socket.getOutputStream().write(0);
            if (socket.getInputStream().read() < 0) {
                throw new EOFException("nobody gives turns any more");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void passTurn() {
        try {
            socket.getOutputStream().write(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the end of this JVM does. */
    void close() throws IOException {
        socket.close();
    }

    private void connect() throws IOException {
        String[] parts = initLine.split(":");
        socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(parts[0]));
        socket.setTcpNoDelay(true);
        new DataOutputStream(socket.getOutputStream()).writeInt(Integer.parseInt(parts[1]));
    }
}
