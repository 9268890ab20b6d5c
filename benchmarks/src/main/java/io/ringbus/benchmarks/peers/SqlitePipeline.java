package io.ringbus.benchmarks.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The queue and table that services are often built from: a bounded queue, a worker that inserts into a table and
 * commits, and a second worker that handles what is committed.
 *
 * <pre>
 * publishers ──&gt; [queue] ──&gt; worker: INSERT …, COMMIT ──&gt; [queue] ──&gt; worker: handler
 * </pre>
 *
 * <p>A transaction ends after so many events, or when the queue is empty; nothing waits for a transaction to fill.
 * Several threads may publish.
 *
 * @param <E> the class of the events
 */
public final class SqlitePipeline<E> implements AwaitingPipeline {

    private static final String FILE = "events.db";

    private final Cargo<E> cargo;
    private final Receiver<? super E> receiver;
    private final Path database;
    private final Layout layout;
    private final SqliteTable table;
    private final BlockingQueue<Entry<E>> published;
    private final BlockingQueue<Entry<E>> committed;
    private final Thread storing;
    private final Thread handling;

    private volatile Throwable failure;
    private boolean closed;

    /**
     * Opens it.
     *
     * @param directory made for the database
     * @param layout    how it is laid out
     * @param cargo     what it carries
     * @param receiver  given the events in the order of the queue
     */
    public SqlitePipeline(Path directory, Layout layout, Cargo<E> cargo, Receiver<? super E> receiver) {
        this.cargo = cargo;
        this.receiver = receiver;
        this.layout = layout;
        this.database = directory.resolve(FILE);
        this.table = open(directory, database, layout.synchronous());
        this.published = new ArrayBlockingQueue<>(layout.queueSize());
        this.committed = new ArrayBlockingQueue<>(layout.queueSize());
        this.storing = start("sqlite-storing", this::store);
        this.handling = start("sqlite-handling", this::handle);
    }

    /**
     * How it is laid out.
     *
     * @param queueSize   places in each of the two queues
     * @param commitEvery the most events in one transaction, at least 1
     * @param synchronous when a commit is forced to disk
     */
    public record Layout(int queueSize, int commitEvery, SqliteSynchronous synchronous) {
    }

    @Override
    public void publish(long number) {
        try {
            enqueue(number, null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the queue was full: number=" + number, e);
        }
    }

    @Override
    public void publishAndAwait(long number, Duration patience) throws InterruptedException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        enqueue(number, done);
        try {
            done.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the event was not committed: number=" + number, e);
        }
    }

    @Override
    public long closeAndCountJournaled() {
        close();
        try (SqliteTable written = new SqliteTable(database, layout.synchronous())) {
            return written.count();
        } catch (SQLException e) {
            throw new IllegalStateException("the table cannot be read back: file=" + database, e);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            published.put(Entry.end());
            storing.join();
            handling.join();
            table.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while closing", e);
        } catch (SQLException e) {
            throw new IllegalStateException("the database was not closed cleanly: file=" + database, e);
        }
    }

    private void enqueue(long number, CompletableFuture<Void> done) throws InterruptedException {
        E event = cargo.maker().get();
        cargo.filler().accept(event, number);
        published.put(new Entry<>(number, event, done));
    }

    /** Goes on taking after a failure, so that publishers are not left standing before a full queue. */
    private void store() throws InterruptedException {
        List<Entry<E>> transaction = new ArrayList<>();
        while (true) {
            transaction.add(published.take());
            published.drainTo(transaction, layout.commitEvery() - 1);
            boolean ends = transaction.removeIf(Entry::isEnd);
            try {
                if (failure == null && !transaction.isEmpty()) {
                    storeAll(transaction);
                }
            } catch (SQLException | RuntimeException e) {
                fail(new IllegalStateException("the storing worker failed", e));
            }
            for (Entry<E> entry : transaction) {
                entry.complete(failure);
                if (failure == null) {
                    committed.put(entry);
                }
            }
            transaction.clear();
            if (ends) {
                committed.put(Entry.end());
                return;
            }
        }
    }

    private void storeAll(List<Entry<E>> transaction) throws SQLException {
        for (Entry<E> entry : transaction) {
            table.insert(entry.number(), cargo.bytes().apply(entry.event()));
        }
        table.commit();
    }

    private void handle() throws InterruptedException {
        for (Entry<E> entry = committed.take(); !entry.isEnd(); entry = committed.take()) {
            try {
                receiver.accept(entry.event());
            } catch (RuntimeException e) {
                fail(new IllegalStateException("the handling worker failed: number=" + entry.number(), e));
            }
        }
    }

    private void fail(Throwable error) {
        failure = error;
        receiver.fail(error);
    }

    private static SqliteTable open(Path directory, Path database, SqliteSynchronous synchronous) {
        try {
            Files.createDirectories(directory);
            return new SqliteTable(database, synchronous);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException("the database cannot be made: file=" + database, e);
        }
    }

    private Thread start(String name, Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (InterruptedException e) {
                fail(e);
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private record Entry<E>(long number, E event, CompletableFuture<Void> done) {

        /** Behind the last one. */
        static <E> Entry<E> end() {
            return new Entry<>(0, null, null);
        }

        boolean isEnd() {
            return event == null;
        }

        void complete(Throwable failure) {
            if (done != null && failure == null) {
                done.complete(null);
            } else if (done != null) {
                done.completeExceptionally(failure);
            }
        }
    }
}
