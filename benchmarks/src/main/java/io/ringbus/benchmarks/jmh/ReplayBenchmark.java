package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.DocumentStore;
import io.ringbus.benchmarks.peers.SqliteStore;
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
 * Reads back all events of {@value #PAYLOAD_BYTES} bytes that were written, and decodes each into the same object.
 *
 * <pre>
 *                   files in the page cache        JMH's thread
 * ringbus           batches, an engine's  ──&gt; verify checksum and chain, decode ──&gt; check
 * chronicleTailer   a document per event  ──&gt; decode                            ──&gt; check
 * sqlite            a row per event       ──&gt; SELECT … ORDER BY number, decode  ──&gt; check
 * </pre>
 *
 * <p>An invocation opens the store, reads {@value #EVENTS} events and closes it; it throws unless they are the ones that
 * were written, in order and undamaged. They are written once per fork.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class ReplayBenchmark extends ChronicleForks {

    /** What one invocation reads. */
    static final int EVENTS = 1_000_000;
    /** The size of an event. */
    static final int PAYLOAD_BYTES = 64;

    /** Made by JMH. */
    public ReplayBenchmark() {
        // The stores are the state.
    }

    /**
     * A journal, through its replay.
     *
     * @param store written before
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void ringbus(Ringbus store) {
        store.readAndVerify();
    }

    /**
     * A Chronicle queue with a document per event, through a tailer.
     *
     * @param store written before
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void chronicleTailer(ChronicleTailer store) {
        store.readAndVerify();
    }

    /**
     * A table with a row per event, through one query.
     *
     * @param store written before
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void sqlite(Sqlite store) {
        store.readAndVerify();
    }

    /** A store, written once and deleted at the end. */
    @State(Scope.Benchmark)
    public abstract static class Written {

        private final StoreRun.Opening opening;
        private StoreRun run;

        Written(StoreRun.Opening opening) {
            this.opening = opening;
        }

        /**
         * Writes it.
         *
         * @throws IOException when a directory for it cannot be made
         */
        @Setup(Level.Trial)
        public void write() throws IOException {
            run = new StoreRun(PAYLOAD_BYTES, EVENTS, opening);
        }

        /**
         * Deletes it.
         *
         * @throws IOException when it cannot be deleted
         */
        @TearDown(Level.Trial)
        public void delete() throws IOException {
            run.close();
        }

        void readAndVerify() {
            run.readAndVerify();
        }
    }

    /** Written by an engine. */
    public static class Ringbus extends Written {

        /** Made by JMH. */
        public Ringbus() {
            super(RingbusStore::new);
        }
    }

    /** Written by an appender. */
    public static class ChronicleTailer extends Written {

        /** Made by JMH. */
        public ChronicleTailer() {
            super((path, payloadBytes) -> new DocumentStore<>(path, PayloadEvent.cargo(payloadBytes)));
        }
    }

    /** Written in transactions of many events. */
    public static class Sqlite extends Written {

        /** Made by JMH. */
        public Sqlite() {
            super((path, payloadBytes) -> new SqliteStore<>(path, PayloadEvent.cargo(payloadBytes)));
        }
    }
}
