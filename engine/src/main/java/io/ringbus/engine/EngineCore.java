package io.ringbus.engine;

import io.ringbus.engine.EventEngineConfig.Settings;
import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.error.RingFullException;
import io.ringbus.engine.error.WatermarkTimeoutException;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.retry.DeadLetter;
import io.ringbus.engine.ring.EventRing;
import io.ringbus.engine.ring.Lifecycle;
import io.ringbus.engine.ring.MessageIds;
import io.ringbus.engine.ring.Outbox;
import io.ringbus.engine.ring.Pause;
import io.ringbus.engine.ring.Publisher;
import io.ringbus.engine.ring.RegisteredType;
import io.ringbus.engine.ring.Slot;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.stage.Chain;
import io.ringbus.engine.stage.DeadLetters;
import io.ringbus.engine.stage.DeliveryLedger;
import io.ringbus.engine.stage.FollowUpMatcher;
import io.ringbus.engine.stage.LatenessCounter;
import io.ringbus.engine.stage.OutcomeRecorder;
import io.ringbus.engine.stage.StageSubscription;
import io.ringbus.engine.stage.StoredEvents;
import io.ringbus.engine.stage.Subscriptions;
import io.ringbus.engine.stats.EngineState;
import io.ringbus.engine.stats.EngineStatistics.RetryStatistics;
import io.ringbus.engine.stats.EngineStatistics.Watermarks;
import io.ringbus.engine.stats.EngineStatistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The parts of a started engine: the open journal, the ring, the chain; and what needs several of them. */
final class EngineCore {

    private static final long LONGEST_NANOS = Long.MAX_VALUE / 2;

    private final Settings settings;
    private final Lifecycle lifecycle;
    private final JournalSession session;
    private final Subscriptions subscriptions;
    private final StoredEvents events;
    private final List<RegisteredType<?>> types;
    private final EventRing ring;
    private final MessageIds messageIds;
    private final Publisher publisher;
    private final Outbox outbox;
    private final FollowUpMatcher matcher;
    private final DeadLetters deadLetters;
    private final DeliveryLedger ledger;
    private final OutcomeRecorder recorder;
    private final Chain chain;
    private final EngineLetters.Events letterEvents;
    private final EngineLetters letters;
    private final DeadLetterDesk desk;
    private final long startedAt = System.nanoTime();

    private volatile boolean recovered;
    private long nextCheckpointAt = startedAt;

    EngineCore(Settings settings, Lifecycle lifecycle, JournalSession session, List<EventType<?>> eventTypes,
            List<StageSubscription> subscriptions) {
        this.settings = settings;
        this.lifecycle = lifecycle;
        this.session = session;
        this.subscriptions = new Subscriptions(subscriptions);
        this.types = register(eventTypes, session);
        this.events = new StoredEvents(session, types, settings.retiredEventTypes());
        this.ring = new EventRing(
                new EventRing.Shape(settings.ringSize(), settings.producerMode() == ProducerMode.MULTI,
                        EventRing.Waiting.valueOf(settings.waitMode().name())),
                types, session.isDurable() ? settings.slotBytes() : 0, settings.publishTimeout(), lifecycle);
        this.messageIds = new MessageIds(settings.messageIdWindow(), new SplittableRandom().nextLong());
        this.publisher = new Publisher(ring, types,
                new Publisher.Limits(session.isDurable(), session.maxEventBytes(), session.maxGroupBytes()),
                messageIds);
        this.deadLetters = new DeadLetters(settings.deadLettersInMemory());
        this.ledger = new DeliveryLedger(deadLetters);
        this.outbox = new Outbox(ring, settings.outboxSize());
        Slot scratch = ring.newSpare();
        FollowUpMatcher.SameEvent sameEvent = (published, replayed) ->
                publisher.isSame(published, replayed, scratch);
        this.matcher = new FollowUpMatcher(sameEvent, outbox::recycle,
                this.subscriptions.list().stream().filter(s -> s.definition().recovery() == RecoveryMode.REBUILD)
                        .map(StageSubscription::name).collect(Collectors.toSet()));
        this.recorder = new OutcomeRecorder(session.outcomes(), ledger, settings.clock());
        this.chain = new Chain(new Chain.Parts(ring, settings.clock(), types, this.subscriptions,
                new Chain.Journaling(session, events, ledger, recorder),
                new Chain.Publishing(publisher, outbox, matcher, settings.onDivergence() == DivergencePolicy.FAIL)),
                lifecycle, new Chain.Threading(settings.name(), settings.fused(),
                        settings.waitMode() != WaitMode.PARKING, settings.timeEvery()), this::keepHouse);
        this.letterEvents = new EngineLetters.Events(types, events);
        this.letters = new EngineLetters(settings.name(), lifecycle, recorder, chain, this.subscriptions,
                letterEvents);
        this.desk = new DeadLetterWork(letters, settings.clock());
    }

    Publisher publisher() {
        return publisher;
    }

    MessageIds messageIds() {
        return messageIds;
    }

    DeadLetters deadLetters() {
        return deadLetters;
    }

    /** Those in memory, the first given up first. */
    List<DeadLetter> deadLettersInMemory() {
        return deadLetters.inMemory().letters().stream().map(held -> letterEvents.letterOf(held).view()).toList();
    }

    DeadLetterDesk desk() {
        return desk;
    }

    EngineLetters letters() {
        return letters;
    }

    DeliveryLedger ledger() {
        return ledger;
    }

    Outbox outbox() {
        return outbox;
    }

    FollowUpMatcher matcher() {
        return matcher;
    }

    OutcomeRecorder recorder() {
        return recorder;
    }

    Chain chain() {
        return chain;
    }

    EventRing ring() {
        return ring;
    }

    StoredEvents events() {
        return events;
    }

    JournalSession session() {
        return session;
    }

    /** Says that sequences go on after the journal's last one; from here on the watermarks speak of places. */
    void recovered(long lastSequence) {
        ring.continueAt(lastSequence + 1);
        recovered = true;
    }

    /** Whether the recovery was completed: only then does the ledger hold all there is to write. */
    boolean isRecovered() {
        return recovered;
    }

    /**
     * Publishes a slot of the engine's own, waiting for a free place as long as it is told to.
     *
     * @return whether it was published
     */
    boolean inject(Consumer<Slot> filler, BooleanSupplier keepTrying) {
        int turns = 0;
        while (!ring.claims().tryInject(filler)) {
            if (!keepTrying.getAsBoolean()) {
                return false;
            }
            Pause.turn(turns++);
        }
        return true;
    }

    /** Runs a command on the retry link's thread, in its place between the events, and waits for it. */
    void run(Runnable command) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        long deadline = System.nanoTime() + settings.publishTimeout().toNanos();
        boolean published = inject(slot -> {
            slot.becomeBarrier(() -> {
                command.run();
                done.complete(null);
            });
        }, () -> isAlive() && System.nanoTime() - deadline < 0);
        if (!isAlive()) {
            throw lifecycle.refusal();
        }
        if (!published) {
            throw new RingFullException("no free place in the ring within " + settings.publishTimeout()
                    + "; publish less, or enlarge the ring: ringSize=" + ring.size());
        }
        waitUntil(done::isDone, () -> isAlive() || done.isDone());
        if (!done.isDone()) {
            throw lifecycle.refusal();
        }
    }

    long clearDeadLetters() {
        long[] cleared = new long[1];
        run(() -> {
            cleared[0] = deadLetters.count();
            recorder.clearDeadLetters();
        });
        return cleared[0];
    }

    /** Whether everything in the ring up to a place is done with; false when the wait ended before. */
    boolean awaitHandled(long place, BooleanSupplier keepWaiting) {
        return waitUntil(() -> chain.handledPlace() >= place, keepWaiting);
    }

    /** Whether nothing is left in the ring, nor on its way into it; false when the wait ended before. */
    boolean awaitDrained(BooleanSupplier keepWaiting) {
        ring.claims().lastUsedPlace(keepWaiting);
        return waitUntil(() -> {
            // The timer has stopped, and when an asynchronous handling ends, the last link may have looked before it
            // found no room: nobody else would let its follow-ups go on.
            outbox.flush();
            return isDrained();
        }, keepWaiting);
    }

    private boolean isDrained() {
        // In this order: what a handled event published is in the outbox or in the ring by then, and what has left the
        // outbox by the second look is counted by the third.
        long handled = chain.handledPlace();
        return chain.isIdle() && outbox.isEmpty() && handled >= ring.cursor();
    }

    long watermark(Watermark watermark) {
        if (!recovered) {
            long last = session.report().lastSequence();
            return switch (watermark) {
                case PUBLISHED -> last;
                case JOURNALED -> last;
                case SYNCED -> session.syncsEachBatch() ? last : 0;
                case HANDLED -> 0;
            };
        }
        return switch (watermark) {
            case PUBLISHED -> ring.sequenceOf(ring.publishedPlace());
            case JOURNALED -> session.isDurable() ? ring.sequenceOf(chain.journaledPlace()) : 0;
            case SYNCED -> session.syncsEachBatch() ? ring.sequenceOf(chain.journaledPlace()) : 0;
            case HANDLED -> handled();
        };
    }

    private long handled() {
        // In this order: a handling that the chain has passed has begun by then.
        long passed = ring.sequenceOf(chain.handledPlace());
        return Math.min(passed, chain.oldestUnderWay() - 1);
    }

    /** Refuses to wait for what can never come. */
    private void requireReachable(Watermark watermark) {
        if (watermark == Watermark.JOURNALED && !session.isDurable()) {
            throw new EngineStateException("an engine without a journal journals nothing; configure a journal, or await"
                    + " HANDLED: watermark=" + watermark);
        }
        if (watermark == Watermark.SYNCED && !session.syncsEachBatch()) {
            throw new EngineStateException("this engine does not force each batch to disk; configure a journal with"
                    + " sync BATCH, or await JOURNALED: watermark=" + watermark);
        }
    }

    /** Returns when a watermark has reached a sequence, and throws when it does not or never will. */
    void await(Watermark watermark, long sequence, Duration timeout) throws InterruptedException {
        requireReachable(watermark);
        long deadline = System.nanoTime() + nanos(timeout);
        boolean reached = chain.onlookers().await(() -> watermark(watermark) >= sequence,
                () -> System.nanoTime() - deadline < 0 && !Thread.currentThread().isInterrupted()
                        && lifecycle.failure() == null && lifecycle.state() != EngineState.CLOSED);
        if (reached) {
            return;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while waiting for " + watermark + " " + sequence);
        }
        if (lifecycle.failure() != null || lifecycle.state() == EngineState.CLOSED) {
            throw lifecycle.refusal();
        }
        throw new WatermarkTimeoutException("the watermark did not get there within " + timeout + ": watermark="
                + watermark + ", sequence=" + sequence + ", reached=" + watermark(watermark));
    }

    EngineStatistics statistics() {
        // Read from the end of the chain to its beginning, so that published >= journaled >= synced in the snapshot,
        // and what a handled event published is in the outbox or counted as published.
        long handled = watermark(Watermark.HANDLED);
        long outboxWaiting = outbox.size();
        long synced = watermark(Watermark.SYNCED);
        long journaled = watermark(Watermark.JOURNALED);
        Watermarks watermarks = new Watermarks(watermark(Watermark.PUBLISHED), journaled, synced, handled);
        long own = ring.claims().injected() + ring.claims().voids();
        long published = Math.max(0, ring.publishedPlace() + 1 - own);
        return new EngineStatistics(lifecycle.state(), Duration.ofNanos(System.nanoTime() - startedAt), published,
                ring.size(), ring.occupied(), outboxWaiting, watermarks, chain.stages(),
                subscriptions.list().stream().map(StageSubscription::statistics).toList(),
                retryStatistics());
    }

    private RetryStatistics retryStatistics() {
        LatenessCounter lateness = chain.timer().lateness();
        return new RetryStatistics(ledger.pendingCount(), chain.timer().redelivered(), chain.recovered(),
                deadLetters.count(), lateness.meanNanos(), lateness.percentileNanos(0.99), lateness.maxNanos());
    }

    /** A time-out in nanoseconds; one that is meant to be for ever is cut to what can be added to the clock. */
    static long nanos(Duration timeout) {
        try {
            return Math.min(timeout.toNanos(), LONGEST_NANOS);
        } catch (ArithmeticException e) {
            return LONGEST_NANOS;
        }
    }

    /** Waits, spinning at first. */
    static boolean waitUntil(BooleanSupplier condition, BooleanSupplier keepWaiting) {
        int turns = 0;
        while (!condition.getAsBoolean()) {
            if (!keepWaiting.getAsBoolean()) {
                return condition.getAsBoolean();
            }
            Pause.turn(turns++);
        }
        return true;
    }

    private boolean isAlive() {
        EngineState state = lifecycle.state();
        return state == EngineState.RUNNING || state == EngineState.RECOVERING;
    }

    /** On the timer's thread. The barrier only wakes the chain: an idle one would not see that a checkpoint is due. */
    private void keepHouse() {
        ring.claims().warnWhenCrowded();
        outbox.flush();
        long now = System.nanoTime();
        if (now - nextCheckpointAt >= 0 && chain.retryLink().isAheadOfCheckpoint()) {
            nextCheckpointAt = now + settings.checkpointInterval().toNanos();
            chain.retryLink().requestCheckpoint();
            ring.claims().tryInject(slot -> slot.becomeBarrier(() -> { }));
        }
    }

    private static List<RegisteredType<?>> register(List<EventType<?>> eventTypes, JournalSession session) {
        List<RegisteredType<?>> registered = new ArrayList<>();
        int preallocated = 0;
        for (EventType<?> type : eventTypes) {
            registered.add(register(registered.size(), type, session, type.isPreallocated() ? preallocated++ : -1));
        }
        return List.copyOf(registered);
    }

    private static <T> RegisteredType<T> register(int index, EventType<T> type, JournalSession session,
            int preallocatedIndex) {
        return new RegisteredType<>(index, type, session.codec(type), preallocatedIndex);
    }
}
