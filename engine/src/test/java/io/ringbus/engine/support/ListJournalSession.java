package io.ringbus.engine.support;

import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.spi.EventAppender;
import io.ringbus.engine.spi.EventEntry;
import io.ringbus.engine.spi.JournalReport;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.spi.OutcomeLog;
import io.ringbus.engine.spi.StoredEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What a {@link ListJournal} gives an engine. */
final class ListJournalSession implements JournalSession {

    /** Long enough that a batch is seen to wait for others. */
    private static final long FORCE_NANOS = 100_000;

    private final ListJournal journal;
    private final List<EventType<?>> types;
    private final JournalReport report;
    private final Appender appender;
    private final Log log = new Log();
    private volatile boolean closed;

    ListJournalSession(ListJournal journal, List<EventType<?>> types, List<String> findings) {
        this.journal = journal;
        this.types = types;
        this.report = new JournalReport("a list", journal.committed, findings);
        this.appender = new Appender(journal.committed);
    }

    @Override
    public JournalReport report() {
        return report;
    }

    @Override
    public boolean isDurable() {
        return true;
    }

    @Override
    public boolean syncsEachBatch() {
        return journal.syncsEachBatch;
    }

    @Override
    public <T> EventCodec<T> codec(EventType<T> type) {
        return type.codec();
    }

    @Override
    public int maxEventBytes() {
        return journal.maxEventBytes;
    }

    @Override
    public int maxGroupBytes() {
        return journal.maxGroupBytes;
    }

    @Override
    public EventAppender events() {
        return appender;
    }

    @Override
    public OutcomeLog outcomes() {
        return log;
    }

    @Override
    public void read(long from, long to, Consumer<? super StoredEvent> consumer) {
        journal.events().stream().filter(event -> event.sequence() >= from && event.sequence() <= to)
                .forEach(event -> consumer.accept(new Stored(event, indexOf(event.typeName()))));
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        journal.closed.incrementAndGet();
        journal.locked = false;
        ListJournal.throwIfSet(journal.closeFault);
    }

    private int indexOf(String typeName) {
        for (int i = 0; i < types.size(); i++) {
            if (types.get(i).name().equals(typeName)) {
                return i;
            }
        }
        return -1;
    }

    /** Nothing after a close or a failure; and one thread, or many that take turns. */
    private final class Contract {

        private final String name;
        private final boolean takesTurns;
        private Thread user;
        private boolean failed;

        Contract(String name, boolean takesTurns) {
            this.name = name;
            this.takesTurns = takesTurns;
        }

        /**
         * Another thread may only take over when the one before has handed over, which the engine does by ending it.
         */
        synchronized void use(String call) {
            Thread current = Thread.currentThread();
            if (!takesTurns && user != current && user != null && user.isAlive() && isStage(user) && isStage(current)) {
                violate(call + " by " + current.getName() + ", while it belongs to " + user.getName());
            }
            user = current;
            if (closed) {
                violate(call + " after close");
            }
            if (failed) {
                violate(call + " after a failed commit");
            }
            if (current.isInterrupted() && isStage(current)) {
                violate(call + " by a thread with its interrupt flag set, which breaks file channels");
            }
        }

        synchronized void fail() {
            failed = true;
        }

        private void violate(String what) {
            journal.violations.add(name + ": " + what);
        }

        private static boolean isStage(Thread thread) {
            return thread.getClass().getSimpleName().equals("EngineThread");
        }
    }

    private final class Appender implements EventAppender {

        private final Contract contract = new Contract("events", false);
        private List<ListJournal.Entry> batch = new ArrayList<>();
        private long last;
        private int bytes;

        Appender(long last) {
            this.last = last;
        }

        @Override
        public void add(EventEntry entry) {
            contract.use("add");
            if (entry.sequence() <= last) {
                contract.violate("sequence " + entry.sequence() + " after " + last);
            }
            if (entry.payloadLength() > journal.maxEventBytes) {
                contract.violate("an event of " + entry.payloadLength() + " bytes");
            }
            last = entry.sequence();
            byte[] copy = new byte[entry.payloadLength()];
            entry.payload().get(0, copy);
            EventType<?> type = types.get(entry.typeIndex());
            batch.add(new ListJournal.Entry(entry.sequence(), type.name(), type.version(), entry.timestampNanos(),
                    entry.aggregateType(), entry.aggregateId(), entry.aggregateKey(),
                    new ListJournal.Origin(entry.causeSequence(), entry.causeSubscription(), entry.causeOrdinal(),
                            entry.messageIdHigh(), entry.messageIdLow()), copy));
            if (entry.causeSequence() >= entry.sequence()) {
                contract.violate("event " + entry.sequence() + " before its cause " + entry.causeSequence());
            }
            bytes += copy.length;
        }

        @Override
        public boolean isFull() {
            return bytes >= journal.batchBytes;
        }

        @Override
        public long forceNanos() {
            return journal.syncsEachBatch ? FORCE_NANOS : 0;
        }

        @Override
        public void commit(long epochNanos) {
            contract.use("commit");
            if (batch.isEmpty()) {
                return;
            }
            Gate gate = journal.eventGate;
            if (gate != null) {
                gate.passUninterruptibly();
            }
            if (journal.eventFault != null && journal.eventCommitsBeforeFault.getAndDecrement() <= 0) {
                contract.fail();
                ListJournal.throwIfSet(journal.eventFault);
            }
            journal.documents.add(new ListJournal.Batch(batch));
            journal.committed = last;
            batch = new ArrayList<>();
            bytes = 0;
        }

        @Override
        public void sync() {
            contract.use("sync");
            journal.syncs.incrementAndGet();
        }
    }

    private final class Log implements OutcomeLog {

        private final Contract contract = new Contract("outcomes", true);
        private List<Outcome> batch = new ArrayList<>();
        private int sinceRestatement;

        @Override
        public void read(Consumer<? super Outcome> consumer) {
            List<Outcome> all = journal.outcomes();
            int from = 0;
            if (journal.readsFromLastRestatement) {
                int begun = -1;
                for (int i = 0; i < all.size(); i++) {
                    if (all.get(i) instanceof Outcome.RestatementBegun) {
                        begun = i;
                    } else if (all.get(i) instanceof Outcome.RestatementEnded && begun >= 0) {
                        from = begun;
                    }
                }
            }
            all.subList(from, all.size()).forEach(consumer);
        }

        @Override
        public void readAll(Consumer<? super Outcome> consumer) {
            journal.outcomes().forEach(consumer);
        }

        @Override
        public void append(Outcome outcome) {
            contract.use("append");
            if (!journal.dropsFailures || !(outcome instanceof Outcome.Failed)) {
                batch.add(outcome);
            }
        }

        @Override
        public void commit() {
            contract.use("commit");
            if (batch.isEmpty()) {
                return;
            }
            journal.beforeOutcomeCommit.accept(List.copyOf(batch));
            if (journal.outcomeFault != null) {
                contract.fail();
                ListJournal.throwIfSet(journal.outcomeFault);
            }
            boolean restated = batch.stream().anyMatch(Outcome.RestatementEnded.class::isInstance);
            sinceRestatement = restated ? 0 : sinceRestatement + 1;
            journal.documents.add(new ListJournal.Outcomes(batch));
            batch = new ArrayList<>();
        }

        @Override
        public boolean wantsRestatement() {
            return sinceRestatement >= journal.restateEvery;
        }

        @Override
        public void sync() {
            contract.use("sync");
            journal.syncs.incrementAndGet();
        }
    }

    private record Stored(ListJournal.Entry entry, int typeIndex) implements StoredEvent {

        @Override
        public String typeName() {
            return entry.typeName();
        }

        @Override
        public int typeVersion() {
            return entry.typeVersion();
        }

        @Override
        public long sequence() {
            return entry.sequence();
        }

        @Override
        public long timestampNanos() {
            return entry.timestamp();
        }

        @Override
        public String aggregateType() {
            return entry.aggregateType();
        }

        @Override
        public long aggregateId() {
            return entry.aggregateId();
        }

        @Override
        public String aggregateKey() {
            return entry.aggregateKey();
        }

        @Override
        public long causeSequence() {
            return entry.origin().causeSequence();
        }

        @Override
        public String causeSubscription() {
            return entry.origin().causeSubscription();
        }

        @Override
        public int causeOrdinal() {
            return entry.origin().causeOrdinal();
        }

        @Override
        public long messageIdHigh() {
            return entry.origin().messageIdHigh();
        }

        @Override
        public long messageIdLow() {
            return entry.origin().messageIdLow();
        }

        @Override
        public ByteBuffer payload() {
            return ByteBuffer.wrap(entry.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public int payloadLength() {
            return entry.bytes().length;
        }
    }
}
