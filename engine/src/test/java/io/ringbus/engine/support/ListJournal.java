package io.ringbus.engine.support;

import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.error.JournalLockedException;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.Journal;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A journal in a list, which outlives engines. Events are kept as bytes; the documents of both logs stand in one list,
 * in the order in which they were committed, so a crash is a place in that list. It checks what an engine promises its
 * journal; {@link #violations()} says what it broke.
 */
public final class ListJournal implements Journal {

    final List<Document> documents = new CopyOnWriteArrayList<>();
    final List<String> violations = new CopyOnWriteArrayList<>();
    final AtomicInteger syncs = new AtomicInteger();
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger eventCommitsBeforeFault = new AtomicInteger();

    volatile boolean locked;
    volatile long committed;
    volatile boolean syncsEachBatch;
    volatile boolean readsFromLastRestatement;
    volatile boolean dropsFailures;
    volatile int batchBytes = 64;
    volatile int maxEventBytes = 1_024;
    volatile int maxGroupBytes = 4_096;
    volatile int restateEvery = Integer.MAX_VALUE;
    volatile Supplier<? extends Throwable> eventFault;
    volatile Supplier<? extends Throwable> outcomeFault;
    volatile Consumer<List<Outcome>> beforeOutcomeCommit = outcomes -> { };
    volatile Supplier<? extends Throwable> openFault;
    volatile Supplier<? extends Throwable> closeFault;
    volatile Gate eventGate;
    private volatile List<String> findings = List.of();

    /** What was committed at once. */
    public sealed interface Document {
    }

    /** Events, committed as one. */
    public record Batch(List<Entry> events) implements Document {
    }

    /** Outcomes, committed as one. */
    public record Outcomes(List<Outcome> outcomes) implements Document {
    }

    /** One event as it is kept. */
    public record Entry(long sequence, String typeName, int typeVersion, long timestamp, String aggregateType,
            long aggregateId, String aggregateKey, Origin origin, byte[] bytes) {
    }

    /** What an event was published for, and under which id; zeros and null for neither. */
    public record Origin(long causeSequence, String causeSubscription, int causeOrdinal, long messageIdHigh,
            long messageIdLow) {
    }

    @Override
    public JournalSession open(List<EventType<?>> types, EngineClock clock) {
        synchronized (this) {
            if (locked) {
                throw new JournalLockedException("another engine has this journal open: journal=" + this);
            }
            throwIfSet(openFault);
            locked = true;
        }
        opened.incrementAndGet();
        return new ListJournalSession(this, List.copyOf(types), findings);
    }

    /** The journal as it is after a crash that only the first so many documents survived. */
    public ListJournal afterCrashAt(int survivingDocuments) {
        // A copy first: an engine that is not closed yet goes on writing.
        return surviving(List.copyOf(documents).subList(0, survivingDocuments));
    }

    /** The journal after a crash that lost the newest event batches, while the outcomes were on disk already. */
    public ListJournal withoutLastBatches(int lostBatches) {
        List<Document> survivors = new ArrayList<>(documents);
        int lost = 0;
        for (int i = survivors.size() - 1; i >= 0 && lost < lostBatches; i--) {
            if (survivors.get(i) instanceof Batch) {
                survivors.remove(i);
                lost++;
            }
        }
        return surviving(survivors);
    }

    public ListJournal syncsEachBatch(boolean syncs) {
        syncsEachBatch = syncs;
        return this;
    }

    /** Gives outcomes back beginning with the last complete restatement, as the contract allows. */
    public ListJournal readsFromLastRestatement(boolean shortened) {
        readsFromLastRestatement = shortened;
        return this;
    }

    /** Keeps no failed attempts: for tests that make more of them than a list can hold. */
    public ListJournal dropsFailures(boolean drops) {
        dropsFailures = drops;
        return this;
    }

    public ListJournal batchBytes(int bytes) {
        batchBytes = bytes;
        return this;
    }

    public ListJournal maxBytes(int event, int group) {
        maxEventBytes = event;
        maxGroupBytes = group;
        return this;
    }

    /** Wants a restatement after so many outcome documents without one. */
    public ListJournal restateEvery(int outcomeDocuments) {
        restateEvery = outcomeDocuments;
        return this;
    }

    public ListJournal findings(String... newFindings) {
        findings = List.of(newFindings);
        return this;
    }

    /** Makes every further commit of events fail; null ends that. */
    public void failEventCommits(Supplier<? extends Throwable> fault) {
        failEventCommitsAfter(0, fault);
    }

    public void failEventCommitsAfter(int goodCommits, Supplier<? extends Throwable> fault) {
        eventCommitsBeforeFault.set(goodCommits);
        eventFault = fault;
    }

    public void failOutcomeCommits(Supplier<? extends Throwable> fault) {
        outcomeFault = fault;
    }

    /** Gives what is to be committed to a task, on the thread that commits it, before it does. */
    public void beforeOutcomeCommit(Consumer<List<Outcome>> task) {
        beforeOutcomeCommit = task;
    }

    public void failOpen(Supplier<? extends Throwable> fault) {
        openFault = fault;
    }

    public void failClose(Supplier<? extends Throwable> fault) {
        closeFault = fault;
    }

    /** Makes commits of events wait at a gate. */
    public void blockEventCommits(Gate gate) {
        eventGate = gate;
    }

    /** The highest sequence of a committed event. */
    public long committed() {
        return committed;
    }

    public int documentCount() {
        return documents.size();
    }

    public List<Document> documents() {
        return List.copyOf(documents);
    }

    /** The newest document, of one look at the list: what is counted while an engine writes is out of date at once. */
    public Document lastDocument() {
        List<Document> now = documents();
        return now.get(now.size() - 1);
    }

    public List<Entry> events() {
        return documents.stream().filter(Batch.class::isInstance).flatMap(d -> ((Batch) d).events.stream()).toList();
    }

    public List<Outcome> outcomes() {
        return documents.stream().filter(Outcomes.class::isInstance).flatMap(d -> ((Outcomes) d).outcomes.stream())
                .toList();
    }

    public <T extends Outcome> List<T> outcomes(Class<T> kind) {
        return outcomes().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The failed attempts, each once: a restatement tells of the pending ones again. */
    public List<Outcome.Failed> failures() {
        return outcomes(Outcome.Failed.class).stream().distinct().toList();
    }

    /** Which document holds an event; -1 when it is in none. */
    public int documentOf(long sequence) {
        for (int i = 0; i < documents.size(); i++) {
            if (documents.get(i) instanceof Batch batch && batch.events.stream().anyMatch(e -> e.sequence == sequence)) {
                return i;
            }
        }
        return -1;
    }

    /** What engines did that the contract forbids. */
    public List<String> violations() {
        return List.copyOf(violations);
    }

    public int syncs() {
        return syncs.get();
    }

    public boolean isLocked() {
        return locked;
    }

    /** How many sessions were opened and not closed again. */
    public int openSessions() {
        return opened.get() - closed.get();
    }

    static void throwIfSet(Supplier<? extends Throwable> fault) {
        if (fault == null) {
            return;
        }
        Throwable thrown = fault.get();
        if (thrown instanceof Error error) {
            throw error;
        }
        throw thrown instanceof RuntimeException runtime ? runtime : new JournalException("fault", thrown);
    }

    private ListJournal surviving(List<Document> survivors) {
        ListJournal after = new ListJournal().syncsEachBatch(syncsEachBatch).batchBytes(batchBytes)
                .readsFromLastRestatement(readsFromLastRestatement).restateEvery(restateEvery)
                .maxBytes(maxEventBytes, maxGroupBytes);
        after.documents.addAll(survivors);
        after.committed = after.events().stream().mapToLong(Entry::sequence).max().orElse(0);
        return after;
    }
}
