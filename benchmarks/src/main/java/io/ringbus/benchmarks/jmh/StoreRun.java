package io.ringbus.benchmarks.jmh;

import io.ringbus.benchmarks.peers.EventStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Events that are written once into a directory of their own, which is deleted at the end, and read back. */
final class StoreRun implements Closeable {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final TemporaryDirectory directory = new TemporaryDirectory();
    private final EventStore<PayloadEvent> store;
    private final int payloadBytes;
    private final long events;

    StoreRun(int payloadBytes, long events, Opening opening) throws IOException {
        this.payloadBytes = payloadBytes;
        this.events = events;
        try {
            store = opening.open(directory.path().resolve("store"), payloadBytes);
            store.write(events);
        } catch (RuntimeException | Error e) {
            abandon(e);
            throw e;
        }
    }

    /**
     * Reads all of it.
     *
     * @throws WrongResultException when it is not what was written; then all is deleted, because JMH does not tear down
     *                              what failed
     */
    void readAndVerify() {
        try {
            PayloadCheck check = new PayloadCheck(payloadBytes, PATIENCE);
            store.readAll(check::accept);
            check.awaitAndVerify(events);
        } catch (RuntimeException | Error e) {
            abandon(e);
            throw e;
        }
    }

    /** Deletes it. */
    @Override
    public void close() throws IOException {
        directory.close();
    }

    private void abandon(Throwable cause) {
        try {
            close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** How a store is made. */
    @FunctionalInterface
    interface Opening {
        EventStore<PayloadEvent> open(Path path, int payloadBytes);
    }
}
