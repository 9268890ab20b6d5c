package io.ringbus.engine.spi;

import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventType;
import java.util.List;
import java.util.function.Consumer;

/** Keeps nothing: the same engine in memory only, for tests and for those who need no recovery. */
public final class NoJournal implements Journal {

    /** The one instance. */
    public static final NoJournal INSTANCE = new NoJournal();

    private NoJournal() {
    }

    @Override
    public JournalSession open(List<EventType<?>> types, EngineClock clock) {
        return Session.INSTANCE;
    }

    private static final class Session implements JournalSession, EventAppender, OutcomeLog {

        static final Session INSTANCE = new Session();

        private static final JournalReport REPORT = new JournalReport("", 0, List.of());

        @Override
        public JournalReport report() {
            return REPORT;
        }

        @Override
        public boolean isDurable() {
            return false;
        }

        @Override
        public boolean syncsEachBatch() {
            return false;
        }

        @Override
        public <T> EventCodec<T> codec(EventType<T> type) {
            return type.codec();
        }

        @Override
        public int maxEventBytes() {
            return Integer.MAX_VALUE;
        }

        @Override
        public int maxGroupBytes() {
            return Integer.MAX_VALUE;
        }

        @Override
        public EventAppender events() {
            return this;
        }

        @Override
        public OutcomeLog outcomes() {
            return this;
        }

        @Override
        public void read(long from, long to, Consumer<? super StoredEvent> consumer) {
            // Holds nothing.
        }

        @Override
        public void close() {
            // Holds nothing.
        }

        @Override
        public void add(EventEntry entry) {
            // Keeps nothing.
        }

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public void read(Consumer<? super Outcome> consumer) {
            // Holds nothing.
        }

        @Override
        public void readAll(Consumer<? super Outcome> consumer) {
            // Holds nothing.
        }

        @Override
        public void append(Outcome outcome) {
            // Keeps nothing.
        }

        @Override
        public void commit(long epochNanos) {
            // Keeps nothing.
        }

        @Override
        public void commit() {
            // Keeps nothing.
        }

        @Override
        public boolean wantsRestatement() {
            return false;
        }

        @Override
        public void sync() {
            // Keeps nothing.
        }
    }
}
