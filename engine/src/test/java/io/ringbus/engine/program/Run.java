package io.ringbus.engine.program;

import io.ringbus.engine.CloseReport;
import io.ringbus.engine.EventEngine;
import io.ringbus.engine.EventEngineConfig;
import io.ringbus.engine.Subscription;
import io.ringbus.engine.SubscriptionConfig;
import io.ringbus.engine.Watermark;
import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.program.Plan.End;
import io.ringbus.engine.program.Plan.Generation;
import io.ringbus.engine.program.Plan.SubscriptionPlan;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.stats.EngineState;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.Tick;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Drives the engine through one plan, generation after generation, and has the model judge what came of it. */
final class Run {

    private static final long FOLLOW_UPS_FROM = 1_000_000;
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Plan plan;
    private final History history = new History();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final AtomicLong nextId = new AtomicLong(1);
    private final AtomicLong nextFollowUp = new AtomicLong(FOLLOW_UPS_FROM);

    private final List<Subscription> handles = new ArrayList<>();

    private volatile ListJournal journal = new ListJournal();
    private volatile EventEngine engine;
    private volatile boolean closing;
    private EventType<Tick> tickType;

    Run(Plan plan) {
        this.plan = plan;
    }

    /** Whether an id is of an event that was not published by a handler. */
    static boolean isFirstHand(long id) {
        return id < FOLLOW_UPS_FROM;
    }

    void play() {
        journal.syncsEachBatch(plan.layout().syncs()).batchBytes(plan.layout().batchBytes())
                .readsFromLastRestatement(plan.seed() % 2 == 0).restateEvery(plan.seed() % 3 == 0 ? 2 : 1_000);
        try {
            for (int i = 0; i < plan.generations().size() && faults.isEmpty(); i++) {
                play(plan.generations().get(i), i == plan.generations().size() - 1);
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

    void tryPublishFromHandler() {
        long id = nextFollowUp.getAndIncrement();
        long sequence = engine.tryPublish(Events.make(id));
        if (sequence != EventEngine.RING_FULL) {
            history.published(sequence, List.of(id));
        }
    }

    private void play(Generation generation, boolean last) throws InterruptedException {
        int documentsBefore = journal.documentCount();
        closing = false;
        List<Long> journaledBefore = journal.events().stream().map(ListJournal.Entry::sequence).toList();
        List<Witness> witnesses = start(generation);
        Model model = new Model(plan, history, this::require);
        if (plan.layout().journaled()) {
            model.checkRebuilt(witnesses, journaledBefore);
        }
        Sampler sampler = new Sampler(engine, plan.layout(), this::require);
        Thread sampling = new Thread(sampler, "sampler");
        sampling.start();
        publish(generation, witnesses);
        sampler.stop();
        sampling.join();
        end(generation, witnesses, model, documentsBefore, last);
        history.endGeneration(witnesses);
        if (last) {
            model.checkComplete(journal);
        }
    }

    private List<Witness> start(Generation generation) {
        EventEngineConfig config = plan.layout().config().publishTimeout(LONG).checkpointInterval(Duration.ofMillis(1));
        if (plan.layout().journaled()) {
            config.journal(journal);
        }
        engine = new EventEngine(config);
        engine.register(Events.tradeType());
        engine.register(Note.TYPE);
        tickType = engine.register(Tick.TYPE);
        List<Witness> witnesses = new ArrayList<>();
        List<SubscriptionPlan> inChainOrder = plan.subscriptions().stream()
                .filter(s -> !generation.absent().contains(s.index()))
                .sorted(Comparator.comparingInt(SubscriptionPlan::priority)).toList();
        for (SubscriptionPlan subscription : inChainOrder) {
            witnesses.add(new Witness(subscription, this, List.copyOf(witnesses)));
        }
        history.begin(witnesses);
        handles.clear();
        // Subscribed in another order than that of the priorities; the order within a priority stays.
        List<Witness> order = new ArrayList<>(witnesses);
        order.sort(Comparator.comparingInt(w -> w.plan().index()));
        order.forEach(witness -> handles.add(engine.subscribe(config(witness))));
        engine.start();
        return witnesses;
    }

    private static SubscriptionConfig<?> config(Witness witness) {
        return config(witness, witness.plan().type());
    }

    private static <T> SubscriptionConfig<T> config(Witness witness, Class<T> type) {
        SubscriptionPlan plan = witness.plan();
        SubscriptionConfig<T> config = SubscriptionConfig.<T>to(type,
                (event, context) -> witness.onEvent((Numbered) event, context)).name(plan.name()).priority(plan.priority()).recovery(plan.recovery());
        if (plan.modulus() > 1) {
            config.filter(event -> plan.passes(((Numbered) event).id()));
        }
        if (plan.recovery() != RecoveryMode.REBUILD) {
            config.retry(RetryPolicy.exponential(Duration.ofNanos(plan.index() * 300_000L)).jitter(0.5)
                    .maxAttempts(plan.maxAttempts()));
        }
        return plan.recovery() == RecoveryMode.RESUME ? config.startAt(StartPosition.EARLIEST) : config;
    }

    private void publish(Generation generation, List<Witness> witnesses) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < generation.publishers().size(); i++) {
            PublisherScript script = new PublisherScript(engine, tickType, nextId, history, this);
            List<Plan.Step> steps = generation.publishers().get(i);
            threads.add(new Thread(() -> script.play(steps, journal), "publisher-" + i));
        }
        if (generation.end() == End.JOURNAL_FAILURE) {
            journal.failEventCommitsAfter((int) (generation.crashAt() * 20), () -> new JournalException("as planned"));
        }
        threads.forEach(Thread::start);
        witnesses.stream().filter(w -> w.plan().index() == generation.cancelled()).forEach(witness -> {
            witness.cancel();
            handles.stream().filter(h -> h.name().equals(witness.plan().name())).forEach(this::unsubscribe);
        });
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void unsubscribe(Subscription subscription) {
        try {
            subscription.unsubscribe();
        } catch (EngineStateException e) {
            require(mayRefuse(), "unsubscribing was refused: " + e);
        }
    }

    private void end(Generation generation, List<Witness> witnesses, Model model, int documentsBefore, boolean last) {
        if (generation.end() == End.QUIET_CLOSE) {
            // In the last generation everybody is there, so nothing stays pending; in others, not what those present have.
            Eventually.until("no retries wait in " + plan, () -> !faults.isEmpty()
                    || engine.watermark(Watermark.HANDLED) >= history.lastPublished()
                    && (last ? engine.statistics().retries().pending() == 0 : model.nothingPends(witnesses)));
        }
        int survivors = documentsBefore + (int) ((journal.documentCount()
                + 1 - documentsBefore) * generation.crashAt());
        closing = true;
        CloseReport report = engine.close(LONG);
        switch (generation.end()) {
            case QUIET_CLOSE, CLOSE -> {
                require(report.drained() && report.failure() == null && report.notHandled() == 0
                        && report.handledThrough() >= history.lastPublished(), "not drained: " + report);
                model.checkDrained(witnesses);
                require(!last || generation.end() != End.QUIET_CLOSE || report.pending() == 0, "pending: " + report);
            }
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

    private void crash(int survivors) {
        history.forgetAfter(survivors, journal, this::require);
        journal = journal.afterCrashAt(survivors);
    }
}
