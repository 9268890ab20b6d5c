package io.ringbus.benchmarks.report;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Lets forks take turns, an iteration each, so that a machine that changes its speed several times a second changes it
 * for all of them. Who has the turn has the machine: the others wait for theirs at a socket, on the loopback interface.
 * They come round in the order of their numbers; whose turn it is, is waited for, until it comes or has left.
 */
final class Turns implements Closeable {

    private final ServerSocket server;
    private final List<Socket> sockets = new ArrayList<>();
    /** Those that have not left. */
    private final List<Integer> members;
    /** The next one of these, as a place in the list. */
    private int turn;

    /**
     * Begins.
     *
     * @param members how many there are, numbered from 0
     * @throws UncheckedIOException when there is no socket to be had
     */
    Turns(int members) {
        this.members = new ArrayList<>(IntStream.range(0, members).boxed().toList());
        try {
            this.server = new ServerSocket(0, members, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("turns", this::accept);
    }

    /** What tells a {@link TurnTaker} where to ask, and as whom. */
    String address(int member) {
        return server.getLocalPort() + ":" + member;
    }

    /** Goes on without one that has ended, or never came. */
    synchronized void leave(int member) {
        int place = members.indexOf(member);
        if (place >= 0) {
            members.remove(place);
            if (place < turn) {
                turn--;
            }
            goOn();
        }
    }

    /** Ends all connections: who waits for a turn fails. */
    @Override
    public synchronized void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        try {
            while (!server.isClosed()) {
                Socket socket = server.accept();
                synchronized (this) {
                    sockets.add(socket);
                    if (server.isClosed()) {
                        socket.close();
                    }
                }
                start("turns-" + socket.getPort(), () -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket socket) {
        int member = -1;
        try (socket; DataInputStream in = new DataInputStream(socket.getInputStream())) {
            member = in.readInt();
            while (true) {
                in.readByte();
                await(member);
                socket.getOutputStream().write(0);
                in.readByte();
                pass(member);
            }
        } catch (IOException e) {
            // The fork has ended, with or without giving its turn back.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        leave(member);
    }

    private synchronized void await(int member) throws InterruptedException, EOFException {
        while (!hasTurn(member)) {
            if (!members.contains(member)) {
                throw new EOFException("it has left: member=" + member);
            }
            wait();
        }
    }

    /** Unless it has left meanwhile, and its turn is another one's. */
    private synchronized void pass(int member) {
        if (hasTurn(member)) {
            turn++;
            goOn();
        }
    }

    private boolean hasTurn(int member) {
        return turn < members.size() && members.get(turn) == member;
    }

    private void goOn() {
        if (turn >= members.size()) {
            turn = 0;
        }
        notifyAll();
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
