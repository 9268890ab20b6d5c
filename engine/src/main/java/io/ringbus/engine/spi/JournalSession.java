package io.ringbus.engine.spi;

import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventType;
import java.util.function.Consumer;

/**
 * An open journal. {@link #events()} belongs to the journal stage's thread alone; before that runs, and after it ended,
 * to the thread that opened and closes it. {@link #outcomes()} is used by many threads, one at a time.
 */
public interface JournalSession extends AutoCloseable {

    /**
     * What opening found.
     *
     * @return the report
     */
    JournalReport report();

    /**
     * Whether anything is kept at all.
     *
     * @return false for {@link NoJournal}: then nothing is encoded and the two durable watermarks do not exist
     */
    boolean isDurable();

    /**
     * Whether {@link EventAppender#commit(long)} forces to disk.
     *
     * @return true when a committed event survives the machine
     */
    boolean syncsEachBatch();

    /**
     * The codec that events of this type are written with.
     *
     * @param <T>  the event class
     * @param type a registered type
     * @return its own codec, or the default one
     * @throws io.ringbus.engine.error.InvalidConfigurationException when it has none and the default does not take its
     *                                                               class
     */
    <T> EventCodec<T> codec(EventType<T> type);

    /**
     * The largest encoded event.
     *
     * @return bytes
     */
    int maxEventBytes();

    /**
     * The largest group that can be journaled as one: its encoded events, 80 bytes for each, and three for each
     * character of their aggregates' types, their text ids, and the names of the subscriptions that caused them.
     *
     * @return bytes, at least {@link #maxEventBytes()}
     */
    int maxGroupBytes();

    /**
     * The appender of events.
     *
     * @return the one appender of this session
     */
    EventAppender events();

    /**
     * The log of outcomes.
     *
     * @return the one log of this session
     */
    OutcomeLog outcomes();

    /**
     * Reads events back in sequence order, the committed ones of this session included. May be called from any
     * thread, while the others append.
     *
     * @param from     the first sequence wanted
     * @param to       the last sequence wanted; {@code Long.MAX_VALUE} for all there are
     * @param consumer given each event; what it throws ends the reading and is passed on
     * @throws io.ringbus.engine.error.JournalDamagedException where the journal is damaged and the configuration does
     *                                                         not say to pass over it
     */
    void read(long from, long to, Consumer<? super StoredEvent> consumer);

    /**
     * Forces what is committed, where the configuration asks for it, closes all files, and gives the lock back.
     * Idempotent.
     */
    @Override
    void close();
}
