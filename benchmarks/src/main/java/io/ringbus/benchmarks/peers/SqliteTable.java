package io.ringbus.benchmarks.peers;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Consumer;

/** One connection to a table of events in a SQLite database in WAL mode. One thread at a time. */
final class SqliteTable implements AutoCloseable {

    private final Connection connection;
    private final PreparedStatement insert;

    /**
     * Opens the database, and makes it and the table where there is none.
     *
     * @param file        the database
     * @param synchronous when a commit is forced to disk
     */
    SqliteTable(Path file, SqliteSynchronous synchronous) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = " + synchronous);
            statement.execute("CREATE TABLE IF NOT EXISTS event (number INTEGER PRIMARY KEY, payload BLOB NOT NULL)");
            connection.setAutoCommit(false);
            insert = connection.prepareStatement("INSERT INTO event (number, payload) VALUES (?, ?)");
        } catch (SQLException | RuntimeException | Error e) {
            connection.close();
            throw e;
        }
    }

    void insert(long number, byte[] payload) throws SQLException {
        insert.setLong(1, number);
        insert.setBytes(2, payload);
        insert.executeUpdate();
    }

    void commit() throws SQLException {
        connection.commit();
    }

    long count() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM event")) {
            result.next();
            return result.getLong(1);
        }
    }

    /** Reads all payloads in the order of their numbers. */
    void readAll(Consumer<byte[]> consumer) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT payload FROM event ORDER BY number")) {
            while (result.next()) {
                consumer.accept(result.getBytes(1));
            }
        }
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            insert.close();
        }
    }
}
