package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.BatchedPipeline;
import io.ringbus.benchmarks.peers.PerEventPipeline;
import io.ringbus.benchmarks.peers.Pipeline;
import io.ringbus.benchmarks.peers.SqlitePipeline;
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
 * A journaled pipeline of small events: through Ringbus, and through what one would build instead.
 *
 * <pre>
 *                     JMH's thread           thread 1                             thread 2
 * ringbus             fill, encode ──&gt; [ring] ──&gt; a document per batch ──&gt; handler, then the retry stage
 * ringbusFused        fill, encode ──&gt; [ring] ──&gt; a document per batch, handler, then the retry stage
 * handWritten         fill         ──&gt; [ring] ──&gt; a document per event ──&gt; handler
 * handWrittenBatched  fill         ──&gt; [ring] ──&gt; a document per batch ──&gt; handler
 * sqlite              make, fill   ──&gt; [queue] ─&gt; INSERT, COMMIT ──&gt; [queue] ──&gt; handler
 * </pre>
 *
 * <p>All have one publisher that publishes one event at a time, the same number of places between publisher and journal,
 * the same handler ({@link PayloadCheck}), a journal in a fresh directory per iteration, and no forcing to disk. All but
 * {@code sqlite} have preallocated events and stages that wait in the same way. An invocation publishes {@value #EVENTS}
 * events, {@value #SQLITE_EVENTS} for {@code sqlite}, and waits until the handler has seen the last one; it throws unless
 * the handler saw each of them once, in order and undamaged. At the end of an iteration the journal is read back, outside
 * the measured time, and must hold as many events as were published.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 8, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class JournaledPipelineBenchmark extends ChronicleForks {

    /** What one invocation publishes. */
    static final int EVENTS = 100_000;
    /** What one invocation publishes where each takes some hundred times as long. */
    static final int SQLITE_EVENTS = 5_000;

    /** Made by JMH. */
    public JournaledPipelineBenchmark() {
        // The pipelines are the state.
    }

    /**
     * Publishes, journals and handles through Ringbus, a thread for each stage.
     *
     * @param pipeline as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void ringbus(Ringbus pipeline) {
        pipeline.publishAndVerify(EVENTS);
    }

    /**
     * Publishes, journals and handles through Ringbus, one thread for the whole chain.
     *
     * @param pipeline as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void ringbusFused(RingbusFused pipeline) {
        pipeline.publishAndVerify(EVENTS);
    }

    /**
     * Publishes, journals and handles through a Disruptor and a Chronicle document per event.
     *
     * @param pipeline as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void handWritten(HandWritten pipeline) {
        pipeline.publishAndVerify(EVENTS);
    }

    /**
     * Publishes, journals and handles through a Disruptor and a Chronicle document per batch, without a checksum: the
     * least that a batching journal can do.
     *
     * @param pipeline as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void handWrittenBatched(HandWrittenBatched pipeline) {
        pipeline.publishAndVerify(EVENTS);
    }

    /**
     * Publishes, journals and handles through queues and a table.
     *
     * @param pipeline as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(SQLITE_EVENTS)
    public void sqlite(Sqlite pipeline) {
        pipeline.publishAndVerify(SQLITE_EVENTS);
    }

    /** A pipeline, opened and closed with each iteration. */
    @State(Scope.Benchmark)
    public abstract static class OpenPipeline {

        /** The size of an event in bytes. */
        @Param({"64", "256", "1024"})
        public int payload;

        private PipelineRun<Pipeline> run;

        OpenPipeline() {
            // JMH sets the fields.
        }

        /**
         * Opens it on a fresh directory.
         *
         * @throws IOException when that cannot be made
         */
        @Setup(Level.Iteration)
        public void open() throws IOException {
            run = new PipelineRun<>(shape(), opening(), new PipelineRun.OnePublisher());
        }

        /**
         * Closes it and checks its journal.
         */
        @TearDown(Level.Iteration)
        public void close() {
            run.close();
        }

        abstract PipelineShape shape();

        abstract PipelineRun.Opening<? extends Pipeline> opening();

        void publishAndVerify(int events) {
            run.publishAndVerify(events);
        }
    }

    /** One whose stages wait for a ring. */
    public abstract static class RingPipeline extends OpenPipeline {

        /** How the stages wait. */
        @Param("YIELDING")
        public WaitMode waitMode;

        RingPipeline() {
            // JMH sets the fields.
        }

        @Override
        PipelineShape shape() {
            return new PipelineShape(payload, waitMode, isFused(), false);
        }

        boolean isFused() {
            return false;
        }
    }

    /** Through Ringbus. */
    public static class Ringbus extends RingPipeline {

        /** Made by JMH. */
        public Ringbus() {
            // JMH sets the fields.
        }

        @Override
        PipelineRun.Opening<RingbusPipeline> opening() {
            return RingbusPipeline::new;
        }
    }

    /** Through Ringbus, on one thread. */
    public static class RingbusFused extends Ringbus {

        /** Made by JMH. */
        public RingbusFused() {
            // JMH sets the fields.
        }

        @Override
        boolean isFused() {
            return true;
        }
    }

    /** Written by hand, a document per event. */
    public static class HandWritten extends RingPipeline {

        /** Made by JMH. */
        public HandWritten() {
            // JMH sets the fields.
        }

        @Override
        PipelineRun.Opening<PerEventPipeline<PayloadEvent>> opening() {
            return Peers::handWritten;
        }
    }

    /** Written by hand, a document per batch. */
    public static class HandWrittenBatched extends RingPipeline {

        /** Made by JMH. */
        public HandWrittenBatched() {
            // JMH sets the fields.
        }

        @Override
        PipelineRun.Opening<BatchedPipeline<PayloadEvent>> opening() {
            return Peers::handWrittenBatched;
        }
    }

    /** Queues and a table. */
    public static class Sqlite extends OpenPipeline {

        /** The most events in a transaction. */
        @Param({"1", "100"})
        public int commitEvery;

        /** Made by JMH. */
        public Sqlite() {
            // JMH sets the fields.
        }

        @Override
        PipelineShape shape() {
            // Its threads wait as the queue of the JDK lets them.
            return new PipelineShape(payload, WaitMode.PARKING, false, false);
        }

        @Override
        PipelineRun.Opening<SqlitePipeline<PayloadEvent>> opening() {
            return Peers.sqlite(commitEvery);
        }
    }
}
