package io.ringbus.benchmarks.jmh;

import io.ringbus.engine.ProducerMode;
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
 * How Ringbus in memory grows with one thing at a time: subscriptions, publishers, events per publish, slots.
 *
 * <pre>
 *                JMH's thread or 1, 2, 4 others               one thread
 * subscriptions  fill in place                 ──&gt; [ring] ──&gt; 1, 8 or 64 handlers, each with each event
 * publishers     fill in place, on each thread ──&gt; [ring] ──&gt; one handler
 * batches        fill 1, 10 or 100, publishAll ──&gt; [ring] ──&gt; one handler
 * ringSize       fill in place                 ──&gt; [ring of 1,024 to 262,144] ──&gt; one handler
 * </pre>
 *
 * <p>The ring is in multi-producer mode and has {@value DispatchBenchmark#CAPACITY} slots where nothing else is said;
 * its thread yields while it waits. The score of {@code subscriptions} counts deliveries, that of the others events: an
 * invocation makes {@value #DELIVERIES} of them, waits until each handler has seen its last event, and throws unless it
 * saw each event once, undamaged and in the order of its publisher.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 8, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class ScalingBenchmark extends ChronicleForks {

    /** What one invocation makes; divisible by each number of subscriptions, of publishers and of events. */
    static final int DELIVERIES = 320_000;

    private static final int PAYLOAD_BYTES = 64;

    /** Made by JMH. */
    public ScalingBenchmark() {
        // The engines are the state.
    }

    /**
     * Gives each event to several subscriptions of one type and priority; counts deliveries.
     *
     * @param engine as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(DELIVERIES)
    public void subscriptions(Subscriptions engine) {
        engine.publishAndVerify(DELIVERIES / engine.subscriptions);
    }

    /**
     * Publishes from several threads.
     *
     * @param engine as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(DELIVERIES)
    public void publishers(Publishers engine) {
        engine.run.publishAndVerify(DELIVERIES);
    }

    /**
     * Publishes collections.
     *
     * @param engine as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(DELIVERIES)
    public void batches(Batches engine) {
        engine.publishAndVerify(DELIVERIES);
    }

    /**
     * Publishes into rings of several sizes.
     *
     * @param engine as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(DELIVERIES)
    public void ringSize(RingSize engine) {
        engine.publishAndVerify(DELIVERIES);
    }

    /** An engine to which JMH's thread publishes. */
    @State(Scope.Benchmark)
    public abstract static class OpenEngine {

        private DispatchRun run;

        OpenEngine() {
            // Opened with each iteration.
        }

        /** Opens it. */
        @Setup(Level.Iteration)
        public void open() {
            run = newRun();
        }

        /** Closes it. */
        @TearDown(Level.Iteration)
        public void close() {
            run.close();
        }

        abstract DispatchRun newRun();

        static DispatchRun run(int subscriptions, int slots) {
            return new DispatchRun(new DispatchShape(subscriptions, PAYLOAD_BYTES, slots),
                    work -> new RingbusDispatch(work, ProducerMode.MULTI));
        }

        void publishAndVerify(int events) {
            run.publishAndVerify(events);
        }
    }

    /** With some subscriptions. */
    public static class Subscriptions extends OpenEngine {

        /** How many are given each event. */
        @Param({"1", "8", "64"})
        public int subscriptions;

        /** Made by JMH. */
        public Subscriptions() {
            // Opened with each iteration.
        }

        @Override
        DispatchRun newRun() {
            return run(subscriptions, DispatchBenchmark.CAPACITY);
        }
    }

    /** To which collections are published. */
    public static class Batches extends OpenEngine {

        /** How many events are published as one. */
        @Param({"1", "10", "100"})
        public int batch;

        /** Made by JMH. */
        public Batches() {
            // Opened with each iteration.
        }

        @Override
        DispatchRun newRun() {
            return new DispatchRun(new DispatchShape(1, PAYLOAD_BYTES, DispatchBenchmark.CAPACITY),
                    work -> new RingbusDispatch(work, ProducerMode.MULTI).inBatches(batch));
        }
    }

    /** With some slots. */
    public static class RingSize extends OpenEngine {

        /** How many. */
        @Param({"1024", "16384", "262144"})
        public int slots;

        /** Made by JMH. */
        public RingSize() {
            // Opened with each iteration.
        }

        @Override
        DispatchRun newRun() {
            return run(1, slots);
        }
    }

    /** An engine with some publishing threads. */
    @State(Scope.Benchmark)
    public static class Publishers {

        /** How many threads publish. */
        @Param({"1", "2", "4"})
        public int publishers;

        private PublishersRun run;

        /** Made by JMH. */
        public Publishers() {
            // Opened with each iteration.
        }

        /** Opens it. */
        @Setup(Level.Iteration)
        public void open() {
            run = new PublishersRun(publishers, new DispatchShape(1, PAYLOAD_BYTES, DispatchBenchmark.CAPACITY));
        }

        /** Closes it. */
        @TearDown(Level.Iteration)
        public void close() {
            run.close();
        }
    }
}
