package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.AwaitingPipeline;
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
 * Publishers of events of {@value #PAYLOAD_BYTES} bytes that wait until these are on disk: for each one, or for the last
 * of a window of some hundred.
 *
 * <pre>
 *                    publishers                   thread 1                                      thread 2
 * ringbus            publish, await SYNCED ──&gt; [ring] ──&gt; a document per batch, force ──&gt; handler, retry stage
 * handWrittenForced  publish, await        ──&gt; [ring] ──&gt; a document per batch, force ──&gt; handler
 * sqliteFull         publish, await        ──&gt; [queue] ─&gt; INSERT …, COMMIT (forces) ──&gt; [queue] ──&gt; handler
 * </pre>
 *
 * <p>A batch is what has gathered while the one before was forced: with a window of 1 never more events than there are
 * publishers. An invocation publishes {@value #EVENTS} events and throws unless the handler has seen each of them once
 * and undamaged, and, with one publisher, in order. At the end of an iteration the journal is read back, outside the
 * measured time.
 *
 * <p>The stages park while they wait, because with two cores a stage that spins or yields takes the time that the kernel
 * needs to write.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class SyncedBenchmark extends ChronicleForks {

    /** What one invocation publishes: so many that each of four publishers, which begin one by one, waits three times. */
    static final int EVENTS = 6_000;
    /** The size of an event. */
    static final int PAYLOAD_BYTES = 64;

    /** Made by JMH. */
    public SyncedBenchmark() {
        // The pipelines are the state.
    }

    /**
     * Through Ringbus, with a journal that forces each batch.
     *
     * @param pipeline as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void ringbus(Ringbus pipeline) {
        pipeline.publishAndVerify();
    }

    /**
     * Through a Disruptor whose journaling handler writes and forces a document per batch.
     *
     * @param pipeline as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void handWrittenForced(HandWrittenForced pipeline) {
        pipeline.publishAndVerify();
    }

    /**
     * Through queues and a table whose commits are forced.
     *
     * @param pipeline as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void sqliteFull(SqliteFull pipeline) {
        pipeline.publishAndVerify();
    }

    /** A pipeline, opened and closed with each iteration. */
    @State(Scope.Benchmark)
    public abstract static class OpenPipeline {

        /** How many threads publish and wait. */
        @Param({"1", "4"})
        public int publishers;

        /** How many events a publisher publishes before it waits for the last of them. */
        @Param({"1", "500"})
        public int window;

        private PipelineRun<AwaitingPipeline> run;

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
            run = new PipelineRun<>(new PipelineShape(PAYLOAD_BYTES, waitMode(), false, true), opening(),
                    new WaitingPublishers(publishers, window));
        }

        /**
         * Closes it and checks its journal.
         */
        @TearDown(Level.Iteration)
        public void close() {
            run.close();
        }

        abstract WaitMode waitMode();

        abstract PipelineRun.Opening<? extends AwaitingPipeline> opening();

        void publishAndVerify() {
            run.publishAndVerify(EVENTS);
        }
    }

    /** One whose stages wait for a ring. */
    public abstract static class RingPipeline extends OpenPipeline {

        /** How the stages wait. */
        @Param("PARKING")
        public WaitMode waitMode;

        RingPipeline() {
            // JMH sets the fields.
        }

        @Override
        WaitMode waitMode() {
            return waitMode;
        }
    }

    /** Through Ringbus. */
    public static class Ringbus extends RingPipeline {

        /** Made by JMH. */
        public Ringbus() {
            // JMH sets the fields.
        }

        @Override
        PipelineRun.Opening<? extends AwaitingPipeline> opening() {
            return RingbusPipeline::new;
        }
    }

    /** Written by hand. */
    public static class HandWrittenForced extends RingPipeline {

        /** Made by JMH. */
        public HandWrittenForced() {
            // JMH sets the fields.
        }

        @Override
        PipelineRun.Opening<? extends AwaitingPipeline> opening() {
            return Peers::handWrittenBatched;
        }
    }

    /** Queues and a table. */
    public static class SqliteFull extends OpenPipeline {

        /** The most events in a transaction. */
        @Param({"1", "100"})
        public int commitEvery;

        /** Made by JMH. */
        public SqliteFull() {
            // JMH sets the fields.
        }

        @Override
        WaitMode waitMode() {
            return WaitMode.PARKING;
        }

        @Override
        PipelineRun.Opening<? extends AwaitingPipeline> opening() {
            return Peers.sqlite(commitEvery);
        }
    }
}
