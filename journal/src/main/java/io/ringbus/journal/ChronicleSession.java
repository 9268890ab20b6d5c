package io.ringbus.journal;

import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.EventAppender;
import io.ringbus.engine.spi.JournalReport;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.OutcomeLog;
import io.ringbus.engine.spi.StoredEvent;
import io.ringbus.journal.format.TypeTable;
import io.ringbus.journal.policy.SyncMode;
import io.ringbus.journal.replay.EventReader;
import io.ringbus.journal.store.BatchQueue;
import io.ringbus.journal.store.JournalDirectory;
import io.ringbus.journal.store.JournalLock;
import io.ringbus.journal.store.JournalMark;
import io.ringbus.journal.store.JvmFlags;
import io.ringbus.journal.store.Manifest;
import io.ringbus.journal.store.QueueMark;
import io.ringbus.journal.store.QueueOpening;
import io.ringbus.journal.store.QueueShape;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open journal: the lock, the two queues, and who appends to them. */
final class ChronicleSession implements JournalSession {

    private static final Logger LOG = LoggerFactory.getLogger(ChronicleJournal.class);

    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final Path directory;
    private final ChronicleJournal.Settings settings;
    private final List<EventType<?>> types;
    private final JournalLock lock;
    private final JournalMark mark;
    private final Map<String, QueueMark> marks = new LinkedHashMap<>();
    private final List<String> findings = Collections.synchronizedList(new ArrayList<>());

    private BatchQueue eventQueue;
    private BatchQueue outcomeQueue;
    private EventAppender events;
    private OutcomeLog outcomes;
    private JournalReport report;
    private boolean closed;

    private ChronicleSession(Path directory, ChronicleJournal.Settings settings, List<EventType<?>> types,
            JournalLock lock) {
        this.directory = directory;
        this.settings = settings;
        this.types = List.copyOf(types);
        this.lock = lock;
        this.mark = new JournalMark(directory);
    }

    static ChronicleSession open(Path directory, ChronicleJournal.Settings settings, List<EventType<?>> types,
            EngineClock clock) {
        JvmFlags.prepare();
        JournalDirectory.prepare(directory);
        ChronicleSession session = new ChronicleSession(directory, settings, types, JournalLock.acquire(directory));
        try {
            session.begin(clock);
            return session;
        } catch (RuntimeException | Error e) {
            session.closeAfter(e);
            throw e;
        }
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
        return settings.sync() == SyncMode.BATCH;
    }

    @Override
    public <T> EventCodec<T> codec(EventType<T> type) {
        return type.codec() != null ? type.codec() : ChronicleJournal.defaultCodec(type);
    }

    @Override
    public int maxEventBytes() {
        return settings.maxEventBytes();
    }

    @Override
    public int maxGroupBytes() {
        return settings.maxGroupBytes();
    }

    @Override
    public EventAppender events() {
        return events;
    }

    @Override
    public OutcomeLog outcomes() {
        return outcomes;
    }

    @Override
    public void read(long from, long to, Consumer<? super StoredEvent> consumer) {
        new EventReader(eventQueue.reader(settings.onDamage(), this::found), types)
                .read(from, to, eventQueue.committedOrdinal(), consumer::accept);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        JournalException failed = null;
        for (AutoCloseable part : new AutoCloseable[] {eventQueue, outcomeQueue, this::markEnd, lock}) {
            try {
                if (part != null) {
                    part.close();
                }
            } catch (Exception e) {
                if (failed == null) {
                    failed = new JournalException("the journal was not closed cleanly: directory=" + directory, e);
                } else {
                    failed.addSuppressed(e);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    private void begin(EngineClock clock) {
        Manifest manifest = Manifest.read(directory);
        boolean fresh = manifest == null;
        if (fresh) {
            // Before the manifest: where a manifest is, a missing mark is a loss.
            mark.write(marks, syncsEachBatch());
            manifest = Manifest.create(directory, settings.rollCycle(), Instant.ofEpochMilli(
                    Math.floorDiv(clock.epochNanos(), NANOS_PER_MILLI)));
        }
        manifest.refuseOther(directory, settings.rollCycle());
        QueueOpening eventOpening = new QueueOpening(directory, manifest, QueueShape.events(settings.blockBytes()),
                settings.onDamage(), this::found);
        QueueOpening outcomeOpening = new QueueOpening(directory, manifest,
                QueueShape.outcomes(settings.blockBytes()), settings.onDamage(), this::found);
        Map<String, QueueMark> known = mark.read(this::found);
        eventOpening.verify();
        outcomeOpening.verify();
        outcomeOpening.compareWith(known.getOrDefault(QueueShape.OUTCOMES, QueueMark.NONE));
        // What the outcomes name was journaled before.
        eventOpening.compareWith(known.getOrDefault(QueueShape.EVENTS, QueueMark.NONE)
                .and(outcomeOpening.lastSequence(), outcomeOpening.lastSynced()));
        TypeTable table = new TypeTable(eventOpening.types());
        int[] typeIds = table.register(types);
        eventQueue = eventOpening.open(settings.sync(), table.definitions(), clock);
        outcomeQueue = outcomeOpening.open(settings.sync(), List.of(), clock);
        long lastSequence = Math.max(eventOpening.lastSequence(), outcomeOpening.lastSequence());
        events = new QueuedEvents(eventQueue, settings, typeIds, lastSequence);
        outcomes = new QueuedOutcomes(outcomeQueue, settings, outcomeOpening.lastSequence(), this::found);
        eventQueue.onNewFile(() -> mark(QueueShape.EVENTS, eventQueue));
        outcomeQueue.onNewFile(() -> mark(QueueShape.OUTCOMES, outcomeQueue));
        marks.put(QueueShape.EVENTS, eventQueue.mark());
        mark(QueueShape.OUTCOMES, outcomeQueue);
        report = new JournalReport(directory.toString(), lastSequence, findings);
    }

    private synchronized void mark(String name, BatchQueue queue) {
        marks.put(name, queue.mark());
        mark.write(marks, syncsEachBatch());
    }

    private synchronized void markEnd() {
        if (report != null && !eventQueue.hasFailed() && !outcomeQueue.hasFailed()) {
            marks.put(QueueShape.EVENTS, eventQueue.mark());
            mark(QueueShape.OUTCOMES, outcomeQueue);
        }
    }

    private void found(String finding) {
        findings.add(finding);
        LOG.warn("{}", finding);
    }

    private void closeAfter(Throwable e) {
        try {
            close();
        } catch (RuntimeException suppressed) {
            e.addSuppressed(suppressed);
        }
    }
}
