package io.ringbus.benchmarks.jmh;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long a start takes after a kill: from {@code EventEngine.start()} to its return, when a rebuilding handler has been
 * given all events and publishers may come in.
 *
 * <pre>
 * before         a second JVM: publish all events, handle them ──&gt; SIGKILL
 *
 *                JMH's thread                                                        threads of the engine
 * ringbus        lock, verify the files, read outcomes, read and decode events ──&gt; [ring] ──&gt; handler ──&gt; running
 * </pre>
 *
 * <p>Each fork measures one start, in a JVM that has not run any of it before, as after a real crash; so there is nothing
 * to warm up. It throws unless the handler was given each event once, in order and undamaged.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(5)
public class RecoveryBenchmark extends ChronicleForks {

    /** Made by JMH. */
    public RecoveryBenchmark() {
        // The journals are the state.
    }

    /**
     * Starts an engine.
     *
     * @param killed the journal of another one
     */
    @Benchmark
    public void ringbus(Killed killed) {
        killed.startAndVerify();
    }

    /** A journal for each start, whose writer was killed. */
    @State(Scope.Benchmark)
    public static class Killed {

        /** How many events the journal holds. */
        @Param({"1000000", "10000000"})
        public long events;

        private KilledJournal journal;
        private RecoveringEngine engine;

        /** Made by JMH. */
        public Killed() {
            // JMH sets the fields.
        }

        /**
         * Has it written.
         *
         * @throws IOException when a directory for it cannot be made
         */
        @Setup(Level.Iteration)
        public void write() throws IOException {
            journal = new KilledJournal(events);
            engine = new RecoveringEngine(journal.path(), KilledJournal.PAYLOAD_BYTES);
        }

        /**
         * Closes the engine and deletes the journal.
         *
         * @throws IOException when it cannot be deleted
         */
        @TearDown(Level.Iteration)
        public void delete() throws IOException {
            try {
                engine.close();
            } finally {
                journal.close();
            }
        }

        void startAndVerify() {
            try {
                engine.startAndVerify(events);
            } catch (RuntimeException | Error e) {
                abandon(e);
                throw e;
            }
        }

        /** JMH does not tear down what failed. */
        private void abandon(Throwable cause) {
            try {
                delete();
            } catch (IOException | RuntimeException e) {
                cause.addSuppressed(e);
            }
        }
    }
}
