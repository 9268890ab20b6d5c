package io.ringbus.benchmarks.jmh;

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
 * A journaled pipeline of small events, once through Ringbus and once written by hand with the same two libraries.
 *
 * <pre>
 *              JMH's thread           thread 1                              thread 2
 * ringbus      fill, encode ──&gt; [ring] ──&gt; a document per batch ──&gt; handler, then the retry stage
 * handWritten  fill         ──&gt; [ring] ──&gt; a document per event ──&gt; handler
 * </pre>
 *
 * <p>Both sides have one publisher that claims one slot at a time, preallocated events, the same ring size, the same
 * handler ({@link PayloadCheck}), stages that yield while they wait, a journal in a fresh directory per iteration, and
 * no forcing to disk. An invocation publishes {@value #EVENTS} events and waits until the handler has seen the last
 * one; it throws unless the handler saw each of them once, in order and undamaged. At the end of an iteration the
 * journal is read back, outside the measured time, and must hold as many events as were published.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 8, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class JournaledPipelineBenchmark extends ChronicleForks {

    /** What one invocation publishes. */
    static final int EVENTS = 100_000;

    /** Made by JMH. */
    public JournaledPipelineBenchmark() {
        // The pipelines are the state.
    }

    /**
     * Publishes, journals and handles through Ringbus.
     *
     * @param pipeline as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void ringbus(Ringbus pipeline) {
        pipeline.publishAndVerify();
    }

    /**
     * Publishes, journals and handles through the hand-written pipeline.
     *
     * @param pipeline as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void handWritten(HandWritten pipeline) {
        pipeline.publishAndVerify();
    }

    /** A pipeline, opened and closed with each iteration. */
    @State(Scope.Benchmark)
    public abstract static class OpenPipeline {

        /** The size of an event in bytes. */
        @Param({"64", "256", "1024"})
        public int payload;

        /** How the stages wait. */
        @Param("YIELDING")
        public WaitMode waitMode;

        private final PipelineRun.Opening opening;
        private PipelineRun run;

        OpenPipeline(PipelineRun.Opening opening) {
            this.opening = opening;
        }

        /**
         * Opens it on a fresh directory.
         *
         * @throws IOException when that cannot be made
         */
        @Setup(Level.Iteration)
        public void open() throws IOException {
            run = new PipelineRun(new PipelineShape(payload, waitMode, isFused()), opening);
        }

        /**
         * Closes it and checks its journal.
         */
        @TearDown(Level.Iteration)
        public void close() {
            run.close();
        }

        boolean isFused() {
            return false;
        }

        void publishAndVerify() {
            run.publishAndVerify(EVENTS);
        }
    }

    /** Through Ringbus. */
    public static class Ringbus extends OpenPipeline {

        /** Whether one thread runs the whole chain. */
        @Param("false")
        public boolean fused;

        /** Made by JMH. */
        public Ringbus() {
            super(RingbusPipeline::new);
        }

        @Override
        boolean isFused() {
            return fused;
        }
    }

    /** Written by hand. */
    public static class HandWritten extends OpenPipeline {

        /** Made by JMH. */
        public HandWritten() {
            super(HandWrittenPipeline::new);
        }
    }
}
