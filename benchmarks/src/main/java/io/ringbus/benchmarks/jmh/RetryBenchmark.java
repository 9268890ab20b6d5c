package io.ringbus.benchmarks.jmh;

import io.ringbus.engine.retry.RetryOrder;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What failures cost: a journaled pipeline whose handler fails at the first attempt of one event in a hundred, beside
 * the same pipeline without failures.
 *
 * <pre>
 *                    JMH's thread        thread 1                             thread 2
 * noFailures         fill, encode ──&gt; [ring] ──&gt; a document per batch ──&gt; handler, retry stage
 * onePercentFailing  the same             ^                                    │ each failure: a note in the log
 *                                         └──────── timer, 1 ms later ─────────┘
 * </pre>
 *
 * <p>An invocation publishes {@value #EVENTS} events and waits until each is handled, the retried ones included; it
 * throws unless exactly these were, and as many failed as should. Each failure is an exception with its stack trace, an
 * outcome in the journal, and a redelivery; with {@code PER_AGGREGATE} the later events of its aggregate wait for it,
 * and each of them is an outcome as well.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 8, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class RetryBenchmark extends ChronicleForks {

    /** What one invocation publishes. */
    static final int EVENTS = 500_000;

    /** Made by JMH. */
    public RetryBenchmark() {
        // The pipelines are the state.
    }

    /**
     * No delivery fails.
     *
     * @param pipeline as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void noFailures(Sound pipeline) {
        pipeline.publishAndVerify();
    }

    /**
     * One delivery in a hundred fails once.
     *
     * @param pipeline as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void onePercentFailing(Failing pipeline) {
        pipeline.publishAndVerify();
    }

    /** A pipeline, opened and closed with each iteration. */
    @State(Scope.Benchmark)
    public abstract static class OpenPipeline {

        /** What later events do while one waits. */
        @Param({"FREE", "PER_AGGREGATE"})
        public RetryOrder order;

        private final int failuresInThousand;
        private RetryPipeline pipeline;

        OpenPipeline(int failuresInThousand) {
            this.failuresInThousand = failuresInThousand;
        }

        /**
         * Opens it on a fresh directory.
         *
         * @throws IOException when that cannot be made
         */
        @Setup(Level.Iteration)
        public void open() throws IOException {
            pipeline = new RetryPipeline(order, failuresInThousand);
        }

        /**
         * Closes it.
         */
        @TearDown(Level.Iteration)
        public void close() {
            pipeline.close();
        }

        void publishAndVerify() {
            pipeline.publishAndVerify(EVENTS);
        }
    }

    /** Without failures. */
    public static class Sound extends OpenPipeline {

        /** Made by JMH. */
        public Sound() {
            super(0);
        }
    }

    /** With ten in a thousand. */
    public static class Failing extends OpenPipeline {

        /** Made by JMH. */
        public Failing() {
            super(10);
        }
    }
}
