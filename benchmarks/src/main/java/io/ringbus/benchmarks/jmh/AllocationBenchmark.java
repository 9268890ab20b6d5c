package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.Pipeline;
import io.ringbus.engine.WaitMode;
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
 * What Ringbus allocates in steady state, with {@code -prof gc}: publish, journal, one handler, as in {@link
 * JournaledPipelineBenchmark}, but with one pipeline for all iterations, so that none of them opens or closes one.
 *
 * <pre>
 *                JMH's thread            thread 1                    thread 2
 * preallocated   fill, encode ──&gt; [ring] ──&gt; a document per batch ──&gt; handler, retry stage
 * records        new record, encode ──&gt; [ring] ──&gt; the same
 * </pre>
 *
 * <p>{@code preallocated} is to allocate nothing, {@code records} nothing but the record that the publisher makes, of
 * {@value PayloadRecord#OBJECT_BYTES} bytes.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class AllocationBenchmark extends ChronicleForks {

    /** What one invocation publishes. */
    static final int EVENTS = 100_000;

    /** Made by JMH. */
    public AllocationBenchmark() {
        // The pipelines are the state.
    }

    /**
     * Fills events that are there.
     *
     * @param pipeline as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void preallocated(Preallocated pipeline) {
        pipeline.publishAndVerify();
    }

    /**
     * Makes a record for each publish.
     *
     * @param pipeline as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void records(Records pipeline) {
        pipeline.publishAndVerify();
    }

    /** A pipeline for all iterations of a fork. */
    @State(Scope.Benchmark)
    public abstract static class OpenPipeline {

        /** Whether one thread journals and handles. */
        @Param({"false", "true"})
        public boolean fused;

        private final PipelineRun.Opening<? extends Pipeline> opening;
        private PipelineRun<Pipeline> run;

        OpenPipeline(PipelineRun.Opening<? extends Pipeline> opening) {
            this.opening = opening;
        }

        /**
         * Opens it on a fresh directory.
         *
         * @throws IOException when that cannot be made
         */
        @Setup(Level.Trial)
        public void open() throws IOException {
            run = new PipelineRun<>(new PipelineShape(PayloadRecord.BYTES, WaitMode.YIELDING, fused, false), opening,
                    new PipelineRun.OnePublisher());
        }

        /** Closes it and checks its journal. */
        @TearDown(Level.Trial)
        public void close() {
            run.close();
        }

        void publishAndVerify() {
            run.publishAndVerify(EVENTS);
        }
    }

    /** With preallocated events. */
    public static class Preallocated extends OpenPipeline {

        /** Made by JMH. */
        public Preallocated() {
            super(RingbusPipeline::new);
        }
    }

    /** With records. */
    public static class Records extends OpenPipeline {

        /** Made by JMH. */
        public Records() {
            super(RecordPipeline::new);
        }
    }
}
