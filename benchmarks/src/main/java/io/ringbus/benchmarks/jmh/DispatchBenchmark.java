package io.ringbus.benchmarks.jmh;

import com.lmax.disruptor.dsl.ProducerType;
import io.ringbus.benchmarks.peers.ArrayBlockingQueueDispatch;
import io.ringbus.benchmarks.peers.Dispatch;
import io.ringbus.benchmarks.peers.GuavaDispatch;
import io.ringbus.benchmarks.peers.MbassadorDispatch;
import io.ringbus.benchmarks.peers.RawDisruptorDispatch;
import io.ringbus.benchmarks.peers.VertxDispatch;
import io.ringbus.benchmarks.peers.Work;
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
 * From publish to handled in memory: one thread publishes, another one calls all handlers, each with each event.
 *
 * <pre>
 *                     JMH's thread                                one thread
 * ringbus             fill in place ──&gt; [ring of slots]      ──&gt; stamp, subscription 1 .. n, clear
 * rawDisruptor        fill in place ──&gt; [ring of events]     ──&gt; one handler that calls 1 .. n
 * arrayBlockingQueue  new, fill     ──&gt; [queue]              ──&gt; a batch of up to 256, for each 1 .. n
 * guavaEventBus       new, fill, n tasks ──&gt; [queue]         ──&gt; up to 256 tasks, each calls one
 * mbassador           new, fill     ──&gt; [queue]              ──&gt; dispatcher: finds and calls 1 .. n
 * vertxEventBus       new, fill, n messages ──&gt; [task queue] ──&gt; event loop, each task calls one
 * </pre>
 *
 * <p>The same for all: the bytes of an event, the handlers ({@link PayloadCheck}), one publishing and one handling
 * thread, {@value #CAPACITY} events (for {@code guavaEventBus} tasks) that may be on their way, and an order that is
 * kept. An invocation publishes {@value #EVENTS} events and waits until each handler has seen the last one; it throws
 * unless each handler saw each event once, in order and undamaged. All yield while they wait, except the event loop of
 * Vert.x, whose wait cannot be chosen, and a Disruptor's publisher, which parks for a moment when the ring is full.
 *
 * <p>What differs: the two with a ring fill preallocated events, the others make a new one for each publish, because a
 * reference is what they hand on. {@code ringbus} keeps the promises of an engine beside: it stamps events with a time,
 * keeps an account of each subscription, and would notice, retry and report a failure of one handler without the others
 * being touched.
 *
 * <p>Four handlers of one priority share a thread in Ringbus, and each event is given to them in the order in which
 * they subscribed. So the raw Disruptor does it in the same way, with one handler that calls four. Four handlers of
 * its own would be four threads that see an event at the same time, or one behind the other: that is Ringbus with four
 * priorities, and another question.
 *
 * <p>{@code producer} is how many threads a ring admits; the queues always admit many, so they do not have it. One
 * thread publishes in both modes: two would take the core that the handlers run on. See {@link ScalingBenchmark}.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 8, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class DispatchBenchmark extends ChronicleForks {

    /** What one invocation publishes. */
    static final int EVENTS = 100_000;
    /** Slots of a ring, places in a queue. */
    static final int CAPACITY = 16_384;

    /** Made by JMH. */
    public DispatchBenchmark() {
        // The contenders are the state.
    }

    /**
     * Through Ringbus.
     *
     * @param contender as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void ringbus(Ringbus contender) {
        contender.publishAndVerify();
    }

    /**
     * Through a Disruptor.
     *
     * @param contender as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void rawDisruptor(RawDisruptor contender) {
        contender.publishAndVerify();
    }

    /**
     * Through a queue of the JDK.
     *
     * @param contender as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void arrayBlockingQueue(ArrayBlockingQueue contender) {
        contender.publishAndVerify();
    }

    /**
     * Through Guava's event bus.
     *
     * @param contender as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void guavaEventBus(GuavaEventBus contender) {
        contender.publishAndVerify();
    }

    /**
     * Through MBassador.
     *
     * @param contender as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void mbassador(Mbassador contender) {
        contender.publishAndVerify();
    }

    /**
     * Through the event bus of Vert.x.
     *
     * @param contender as the last invocation left it
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void vertxEventBus(VertxEventBus contender) {
        contender.publishAndVerify();
    }

    /** A contender, opened and closed with each iteration. */
    @State(Scope.Benchmark)
    public abstract static class OpenContender {

        /** How many handlers are given each event. */
        @Param({"1", "4"})
        public int handlers;

        /** The size of an event in bytes. */
        @Param("64")
        public int payload;

        private DispatchRun run;

        OpenContender() {
            // Opened with each iteration.
        }

        /** Opens it. */
        @Setup(Level.Iteration)
        public void open() {
            run = new DispatchRun(new DispatchShape(handlers, payload, CAPACITY), this::open);
        }

        /** Closes it. */
        @TearDown(Level.Iteration)
        public void close() {
            run.close();
        }

        abstract Dispatch open(Work<PayloadEvent> work);

        void publishAndVerify() {
            run.publishAndVerify(EVENTS);
        }
    }

    /** One whose ring can be told that one thread publishes. */
    public abstract static class OpenRing extends OpenContender {

        /** How many threads the ring admits. */
        @Param({"MULTI", "SINGLE"})
        public ProducerMode producer;

        OpenRing() {
            // As its super-class.
        }
    }

    /** Ringbus. */
    public static class Ringbus extends OpenRing {

        /** Made by JMH. */
        public Ringbus() {
            // Opened with each iteration.
        }

        @Override
        Dispatch open(Work<PayloadEvent> work) {
            return new RingbusDispatch(work, producer);
        }
    }

    /** The Disruptor. */
    public static class RawDisruptor extends OpenRing {

        /** Made by JMH. */
        public RawDisruptor() {
            // Opened with each iteration.
        }

        @Override
        Dispatch open(Work<PayloadEvent> work) {
            return new RawDisruptorDispatch<>(work, ProducerType.valueOf(producer.name()));
        }
    }

    /** The queue. */
    public static class ArrayBlockingQueue extends OpenContender {

        /** Made by JMH. */
        public ArrayBlockingQueue() {
            // Opened with each iteration.
        }

        @Override
        Dispatch open(Work<PayloadEvent> work) {
            return new ArrayBlockingQueueDispatch<>(work);
        }
    }

    /** Guava. */
    public static class GuavaEventBus extends OpenContender {

        /** Made by JMH. */
        public GuavaEventBus() {
            // Opened with each iteration.
        }

        @Override
        Dispatch open(Work<PayloadEvent> work) {
            return new GuavaDispatch<>(work);
        }
    }

    /** MBassador. */
    public static class Mbassador extends OpenContender {

        /** Made by JMH. */
        public Mbassador() {
            // Opened with each iteration.
        }

        @Override
        Dispatch open(Work<PayloadEvent> work) {
            return new MbassadorDispatch<>(work);
        }
    }

    /** Vert.x. */
    public static class VertxEventBus extends OpenContender {

        /** Made by JMH. */
        public VertxEventBus() {
            // Opened with each iteration.
        }

        @Override
        Dispatch open(Work<PayloadEvent> work) {
            return new VertxDispatch<>(work);
        }
    }
}
