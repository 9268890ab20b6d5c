package io.ringbus.benchmarks.jmh;

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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What this machine needs for the bytes of a journal alone, per event of {@value MappedLog#EVENT_BYTES} bytes (64 of
 * payload, 3 of frame): no ring, no threads, no events.
 *
 * <pre>
 *                 source in memory          a mapped file
 * touched         67 bytes, 67 bytes … ──&gt; pages that were written to before
 * touchedChecked  the same             ──&gt; the same, and the CRC32C of each 64 KB
 * untouched       the same             ──&gt; pages of a file that has no blocks yet
 * prepared        the same             ──&gt; the same as untouched, each 256 KB written with zeros before
 * forced          the same             ──&gt; the same as untouched, each 64 KB forced to disk
 * </pre>
 *
 * <p>A journal with {@code SyncMode.NONE} cannot be faster than {@code untouched}, unless its pages are there
 * before; one with {@code BATCH} and full batches not faster than {@code forced}. Each invocation compares the sum of what
 * stands in the file with what should; that is outside the measured time.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class MachineLimitBenchmark {

    /** What one invocation copies. */
    static final int EVENTS = 1 << 20;
    /** What one invocation copies and forces. */
    static final int FORCED_EVENTS = 1 << 16;

    /** Made by JMH. */
    public MachineLimitBenchmark() {
        // The files are the state.
    }

    /**
     * Copies into pages that are there.
     *
     * @param file its pages have been written to
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void touched(Touched file) {
        file.log().copy(EVENTS);
    }

    /**
     * Copies into pages that are there, and computes checksums.
     *
     * @param file its pages have been written to
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void touchedChecked(Touched file) {
        file.log().copyAndCheck(EVENTS);
    }

    /**
     * Copies into pages that have to be made.
     *
     * @param file has no blocks
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void untouched(Untouched file) {
        file.log().copy(EVENTS);
    }

    /**
     * Has pages made by writing zeros, and copies into them.
     *
     * @param file has no blocks
     * @throws IOException when it cannot be written
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void prepared(Untouched file) throws IOException {
        file.log().prepareAndCopy(EVENTS);
    }

    /**
     * Copies into pages that have to be made, and forces them to disk.
     *
     * @param file has no blocks
     * @throws IOException when it cannot be forced
     */
    @Benchmark
    @OperationsPerInvocation(FORCED_EVENTS)
    public void forced(Untouched file) throws IOException {
        file.log().copyAndForce(FORCED_EVENTS);
    }

    /** A file in a directory of its own. */
    @State(Scope.Benchmark)
    public abstract static class File {

        private MappedLog log;

        File() {
            // Opened by JMH.
        }

        /**
         * Makes it.
         *
         * @throws IOException when it cannot be made
         */
        @Setup(Level.Trial)
        public void open() throws IOException {
            log = new MappedLog(EVENTS);
        }

        /**
         * Checks what was written.
         *
         * @throws IOException when it was not what should be, and the file cannot be deleted
         */
        @TearDown(Level.Invocation)
        public void verify() throws IOException {
            log.verify();
        }

        /**
         * Deletes it.
         *
         * @throws IOException when it cannot be deleted
         */
        @TearDown(Level.Trial)
        public void delete() throws IOException {
            log.close();
        }

        MappedLog log() {
            return log;
        }
    }

    /** One that all has been written to. */
    public static class Touched extends File {

        /** Made by JMH. */
        public Touched() {
            // Opened by JMH.
        }

        /** Writes to all of it. */
        @Setup(Level.Trial)
        public void touch() {
            log().copy(EVENTS);
        }
    }

    /** One that nothing has been written to. */
    public static class Untouched extends File {

        /** Made by JMH. */
        public Untouched() {
            // Opened by JMH.
        }

        /**
         * Takes its blocks and pages away.
         *
         * @throws IOException when that is not possible
         */
        @Setup(Level.Invocation)
        public void empty() throws IOException {
            log().empty();
        }
    }
}
