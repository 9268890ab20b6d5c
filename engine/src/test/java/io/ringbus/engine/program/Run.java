package io.ringbus.engine.program;

import io.ringbus.engine.CloseReport;
import io.ringbus.engine.DeadLettersAtRest;
import io.ringbus.engine.EventEngine;
import io.ringbus.engine.EventEngineConfig;
import io.ringbus.engine.Subscription;
import io.ringbus.engine.Watermark;
import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.program.Plan.End;
import io.ringbus.engine.program.Plan.Generation;
import io.ringbus.engine.program.Witness.Before;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.stats.EngineState;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.Tick;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Drives the engine through one plan, generation after generation, and has the model judge what came of it. */
final class Run {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final Plan plan;
    private final History history = new History();
    private final Model model;
    private final FollowUpCheck followUps;
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final AtomicLong nextId = new AtomicLong(1);
    private final AtomicLong byEngine = new AtomicLong();

    /** What an operator mended: subscription and id; and what there was an act on: subscription and sequence. */
    private final Set<String> mended = ConcurrentHashMap.newKeySet();
    private final Set<String> touched = ConcurrentHashMap.newKeySet();
    private final Set<String> driven = ConcurrentHashMap.newKeySet();

    /** All of this generation, in the order in which they subscribed; those that have left too. */
    private final List<Witness> witnesses = new CopyOnWriteArrayList<>();

    private volatile ListJournal journal = new ListJournal();
    private volatile EventEngine engine;
    private volatile boolean closing;
    private EventType<Tick> tickType;

    Run(Plan plan) {
        this.plan = plan;
        this.model = new Model(plan, history, this);
        this.followUps = new FollowUpCheck(plan, this);
    }

    void play() {
        journal.syncsEachBatch(plan.layout().syncs()).batchBytes(plan.layout().batchBytes())
                .readsFromLastRestatement(plan.seed() % 2 == 0).restateEvery(plan.seed() % 3 == 0 ? 2 : 1_000);
        try {
            for (int i = 0; i < plan.generations().size() && faults.isEmpty(); i++) {
                boolean last = i == plan.generations().size() - 1;
                play(plan.generations().get(i), last);
                if (!last) {
                    actAtRest(plan.generations().get(i).beside().actsAtRest());
                }
            }
        } catch (RuntimeException | Error | InterruptedException e) {
            throw new AssertionError("after " + faults + "\n" + plan, e);
        }
        if (!faults.isEmpty()) {
            throw new AssertionError(String.join("\n", faults.subList(0, Math.min(faults.size(), 10))) + "\n" + plan);
        }
    }

    void require(boolean holds, String otherwise) {
        if (!holds) {
            faults.add(otherwise);
        }
    }

    SubscriptionPlan subscription(String name) {
        return plan.subscription(name);
    }

    void mends(SubscriptionPlan subscription, long id) {
        mended.add(subscription.name() + " " + id);
    }

    boolean isMended(SubscriptionPlan subscription, long id) {
        return mended.contains(subscription.name() + " " + id);
    }

    void touches(SubscriptionPlan subscription, long sequence) {
        touched.add(subscription.name() + " " + sequence);
    }

    /** Before the act: it may be attempted again from now on. */
    void drivesAgain(SubscriptionPlan subscription, long sequence) {
        driven.add(subscription.name() + " " + sequence);
    }

    /** Whether an operator drove a dead letter again in this generation. */
    boolean isDrivenAgain(SubscriptionPlan subscription, long sequence) {
        return driven.contains(subscription.name() + " " + sequence);
    }

    /** Whether an operator acted on a dead letter at some time. */
    boolean isTouched(SubscriptionPlan subscription, long sequence) {
        return touched.contains(subscription.name() + " " + sequence);
    }

    List<Witness> witnesses() {
        return witnesses;
    }

    LogState logState() {
        return new LogState(journal);
    }

    boolean isCommitted(long sequence) {
        return !plan.layout().journaled() || journal.committed() >= sequence;
    }

    int documents() {
        return journal.documentCount();
    }

    /** Whether publishers may meet an engine that takes nothing any more. */
    boolean mayRefuse() {
        return closing || engine.state() != EngineState.RUNNING;
    }

    long publishedThrough() {
        return engine.watermark(Watermark.PUBLISHED);
    }

    /** The events behind one sequence, up to and including another; those that nobody was told of are missing. */
    Map<Long, Long> published(long after, long through) {
        return history.published().subMap(after, false, through, true);
    }

    /** The event that the journal holds under a sequence. */
    long idOf(long sequence) {
        return journal.events().stream().filter(event -> event.sequence() == sequence)
                .mapToLong(event -> Events.idIn(event.bytes())).findFirst().orElseThrow();
    }

    void tryPublishFromHandler() {
        long id = Events.byEngine(byEngine.getAndIncrement());
        long sequence = engine.tryPublish(Events.make(id));
        if (sequence != EventEngine.RING_FULL) {
            history.published(sequence, List.of(id));
        }
    }

    void publishFollowUp(EventContext context, long id) {
        if (Events.typeOf(id) == Tick.class) {
            context.publish(tickType, PublisherScript.SET_ID, id);
        } else {
            context.publish(Events.make(id));
        }
    }

    /** Subscribes while the engine runs. */
    void join(int index, int priority) {
        SubscriptionPlan subscription = plan.subscriptions().get(index);
        Witness witness = newWitness(subscription, priority, Long.MAX_VALUE);
        boolean hasPast = plan.layout().journaled() && subscription.recovery() != RecoveryMode.LIVE;
        Subscription handle = engine.subscribe(Configs.of(witness));
        witness.joined(handle, engine.watermark(Watermark.PUBLISHED), hasPast,
                Set.copyOf(logState().endedOf(subscription.name())));
    }

    private void play(Generation generation, boolean last) throws InterruptedException {
        int documentsBefore = journal.documentCount();
        closing = false;
        List<Long> journaledBefore = journal.events().stream().map(ListJournal.Entry::sequence).toList();
        start(generation);
        if (plan.layout().journaled()) {
            model.checkRebuilt(witnesses, journaledBefore);
        }
        Sampler sampler = new Sampler(engine, plan.layout(), this::require);
        Thread sampling = new Thread(sampler, "sampler");
        sampling.start();
        publish(generation);
        sampler.stop();
        sampling.join();
        end(generation, documentsBefore, last);
        history.endGeneration(witnesses);
        if (last) {
            LogState log = logState();
            model.checkComplete(journal, log);
            if (generation.end() == End.QUIET_CLOSE) {
                followUps.checkComplete(history, log);
            }
        }
    }

    private void start(Generation generation) {
        EventEngineConfig config = plan.layout().config().publishTimeout(LONG).checkpointInterval(Duration.ofMillis(1));
        if (plan.layout().journaled()) {
            config.journal(journal);
        }
        engine = new EventEngine(config);
        engine.register(Events.tradeType(plan.layout().textKeys()));
        engine.register(Note.TYPE);
        tickType = engine.register(Events.tickType(plan.layout().textKeys()));
        history.begin();
        witnesses.clear();
        driven.clear();
        for (SubscriptionPlan subscription : plan.subscriptions()) {
            if (!generation.absent().contains(subscription.index())) {
                Witness witness = newWitness(subscription, subscription.priority(), journal.committed());
                witness.comes(engine.subscribe(Configs.of(witness)));
            }
        }
        engine.start();
    }

    private Witness newWitness(SubscriptionPlan subscription, int priority, long lastOld) {
        LogState log = logState();
        Map<Long, Long> ids = new HashMap<>();
        journal.events().forEach(event -> ids.put(event.sequence(), Events.idIn(event.bytes())));
        Map<Long, Integer> pending = switch (subscription.recovery()) {
            case RESUME -> log.pendingOf(subscription.name());
            case REBUILD -> subscription.failing().order() == RetryOrder.BLOCKING
                    ? log.failedOf(subscription.name()) : Map.of();
            case LIVE -> Map.of();
        };
        Set<Long> settled = subscription.recovery() == RecoveryMode.RESUME
                ? Set.copyOf(log.endedOf(subscription.name())) : Set.of();
        Witness witness = new Witness(subscription, priority, this, new Before(pending,
                log.drivenOf(subscription.name()), settled, ids, lastOld));
        witnesses.add(witness);
        return witness;
    }

    private void actAtRest(List<Plan.Act> acts) {
        if (!acts.isEmpty() && faults.isEmpty()) {
            closing = false;
            try (DeadLettersAtRest desk = DeadLettersAtRest.open(journal)) {
                new DeskScript(desk, this).play(acts);
            }
        }
    }

    private void publish(Generation generation) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < generation.publishers().size(); i++) {
            PublisherScript script = new PublisherScript(engine, tickType, nextId, history, this);
            List<Plan.Step> steps = generation.publishers().get(i);
            threads.add(new Thread(() -> script.play(steps, journal), "publisher-" + i));
        }
        Plan.Beside beside = generation.beside();
        threads.add(new Thread(() -> new ChangeScript(this).play(beside.changes()), "changes"));
        threads.add(new Thread(() -> new PauseScript(this).play(beside.pauses(),
                generation.end() == End.QUIET_CLOSE), "pauses"));
        threads.add(new Thread(() -> new DeskScript(engine.deadLetterDesk(), this).play(beside.acts()), "desk"));
        if (generation.end() == End.JOURNAL_FAILURE) {
            journal.failEventCommitsAfter((int) (generation.crashAt() * 20), () -> new JournalException("as planned"));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void end(Generation generation, int documentsBefore, boolean last) {
        if (generation.end() == End.QUIET_CLOSE) {
            Eventually.until("it is quiet in " + plan + "\n" + faults, () -> !faults.isEmpty()
                    || isQuiet(documentsBefore, last));
        }
        int survivors = documentsBefore + (int) ((journal.documentCount()
                + 1 - documentsBefore) * generation.crashAt());
        closing = true;
        CloseReport report = engine.close(LONG);
        learnFollowUps();
        switch (generation.end()) {
            case QUIET_CLOSE, CLOSE -> drained(generation, report, last);
            case CRASH -> crash(survivors);
            case JOURNAL_FAILURE -> {
                journal.failEventCommits(null);
                crash(journal.documentCount());
            }
        }
        if (plan.layout().journaled()) {
            require(journal.violations().isEmpty(), "the journal's contract: " + journal.violations());
            require(journal.openSessions() <= 0, "the journal was left open");
        }
    }

    private void drained(Generation generation, CloseReport report, boolean last) {
        LogState log = logState();
        require(report.drained() && report.failure() == null && report.notHandled() == 0
                && report.handledThrough() >= history.lastPublished(), "not drained: " + report);
        require(!last || generation.end() != End.QUIET_CLOSE || report.pending() == 0, "pending: " + report);
        model.checkDrained(witnesses, log);
        if (plan.layout().journaled()) {
            model.checkLogged(witnesses, journal);
            plan.subscriptions().stream().filter(s -> s.recovery() == RecoveryMode.RESUME).forEach(s -> require(
                    report.pendingBySubscription().getOrDefault(s.name(), 0) == log.pendingOf(s.name()).size(),
                    "pending for " + s.name() + ": " + report + ", and in the log " + log.pendingOf(s.name())));
        }
    }

    /**
     * Whether nothing is under way any more: not for those who are here, who in the end are all. What has left may
     * leave something pending.
     */
    private boolean isQuiet(int documentsBefore, boolean last) {
        long published = engine.watermark(Watermark.PUBLISHED);
        return engine.watermark(Watermark.HANDLED) >= published && (last
                ? engine.statistics().retries().pending() == 0 : nothingPends())
                && followUps.allAreOut(witnesses, idsSince(documentsBefore), idsBefore(documentsBefore))
                // One that has left and come again may publish once more what is out already.
                && engine.statistics().outboxWaiting() == 0
                && engine.watermark(Watermark.PUBLISHED) == published;
    }

    private boolean nothingPends() {
        LogState log = logState();
        return witnesses.stream().filter(w -> w.isHere() && w.plan().recovery() == RecoveryMode.RESUME)
                .allMatch(w -> log.pendingOf(w.plan().name()).isEmpty());
    }

    private Stream<Long> idsSince(int documents) {
        if (plan.layout().journaled()) {
            return idsIn(journal.documents().stream().skip(documents));
        }
        return witnesses.stream().filter(w -> w.plan().index() == plan.subscriptions().size() - 1)
                .flatMap(w -> w.seen().stream()).map(Witness.Seen::id);
    }

    private Set<Long> idsBefore(int documents) {
        return idsIn(journal.documents().stream().limit(documents)).collect(Collectors.toSet());
    }

    private static Stream<Long> idsIn(Stream<ListJournal.Document> documents) {
        return documents.filter(ListJournal.Batch.class::isInstance)
                .flatMap(document -> ((ListJournal.Batch) document).events().stream())
                .map(event -> Events.idIn(event.bytes()));
    }

    /** Nobody was told their sequences: the journal knows them, or who sees everything. */
    private void learnFollowUps() {
        if (plan.layout().journaled()) {
            List<ListJournal.Entry> entries = journal.events();
            followUps.checkJournal(entries);
            entries.stream().filter(e -> Events.hasCause(Events.idIn(e.bytes())))
                    .forEach(e -> history.learned(e.sequence(), Events.idIn(e.bytes())));
        } else {
            witnesses.stream().flatMap(w -> w.seen().stream()).filter(s -> Events.hasCause(s.id()))
                    .forEach(s -> history.learned(s.sequence(), s.id()));
        }
    }

    private void crash(int survivors) {
        history.forgetAfter(survivors, journal, this::require);
        journal = journal.afterCrashAt(survivors);
    }
}
