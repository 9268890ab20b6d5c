package io.ringbus.benchmarks.peers;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.function.Consumer;

/**
 * A table with one row per event, read by one query. One thread at a time.
 *
 * @param <E> the class of the events
 */
public final class SqliteStore<E> implements EventStore<E> {

    private static final int COMMIT_EVERY = 10_000;

    private final Path file;
    private final Cargo<E> cargo;

    /**
     * Nothing is opened yet.
     *
     * @param file  of the database
     * @param cargo what it holds
     */
    public SqliteStore(Path file, Cargo<E> cargo) {
        this.file = file;
        this.cargo = cargo;
    }

    @Override
    public void write(long last) {
        E event = cargo.maker().get();
        byte[] bytes = cargo.bytes().apply(event);
        try (SqliteTable table = new SqliteTable(file, SqliteSynchronous.NORMAL)) {
            for (long number = 1; number <= last; number++) {
                cargo.filler().accept(event, number);
                table.insert(number, bytes);
                if (number % COMMIT_EVERY == 0 || number == last) {
                    table.commit();
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the table cannot be written: file=" + file, e);
        }
    }

    @Override
    public void readAll(Consumer<? super E> consumer) {
        E event = cargo.maker().get();
        byte[] bytes = cargo.bytes().apply(event);
        try (SqliteTable table = new SqliteTable(file, SqliteSynchronous.NORMAL)) {
            table.readAll(payload -> {
                System.arraycopy(payload, 0, bytes, 0, bytes.length);
                consumer.accept(event);
            });
        } catch (SQLException e) {
            throw new IllegalStateException("the table cannot be read: file=" + file, e);
        }
    }
}
