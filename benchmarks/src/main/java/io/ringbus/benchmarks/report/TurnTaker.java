package io.ringbus.benchmarks.report;

import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;

/** A fork's end of {@link Turns}: waits for its turn, and passes it on. One thread. */
final class TurnTaker implements Closeable {

    private final Socket socket;

    /**
     * Connects.
     *
     * @param address what {@link Turns#address} gave the fork
     */
    TurnTaker(String address) {
        String[] parts = address.split(":");
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(parts[0]));
            socket.setTcpNoDelay(true);
            new DataOutputStream(socket.getOutputStream()).writeInt(Integer.parseInt(parts[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for its turn, for as long as the others take. */
    void await() {
        try {
            socket.getOutputStream().write(0);
            if (socket.getInputStream().read() < 0) {
                throw new EOFException("nobody gives turns any more");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Passes its turn on. */
    void pass() {
        try {
            socket.getOutputStream().write(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves, as the end of its JVM does. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
