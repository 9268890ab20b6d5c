package io.ringbus.engine;

import io.ringbus.engine.EventEngineConfig.Settings;
import io.ringbus.engine.error.CalledFromHandlerException;
import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.error.InvalidConfigurationException;
import io.ringbus.engine.error.InvalidEventException;
import io.ringbus.engine.error.SubscriptionRefusedException;
import io.ringbus.engine.error.WatermarkTimeoutException;
import io.ringbus.engine.event.DomainEventPublisher;
import io.ringbus.engine.event.EventFiller;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.retry.DeadLetter;
import io.ringbus.engine.ring.Lifecycle;
import io.ringbus.engine.ring.Publisher;
import io.ringbus.engine.stats.EngineState;
import io.ringbus.engine.stats.EngineStatistics;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A journaled ring-buffer event engine.
 *
 * <p>Made, given event types and subscriptions, started, published to, closed, in this order; subscriptions may come
 * and go while it runs. All methods
 * after {@link #start()} may be called from any thread, with the limits that {@link ProducerMode#SINGLE} sets for
 * publishing. A call that does not fit the state throws an {@link EngineStateException} and disturbs nothing.
 *
 * <p>From a handler, publishing never waits: a full ring is a {@link CalledFromHandlerException} there. Calls that wait
 * for the chain, such as {@link #await}, {@link #subscribe} and {@link #close(Duration)}, are refused from handlers in
 * the same way; use {@link #subscribeAsync} and {@link #closeAsync}.
 */
public final class EventEngine implements DomainEventPublisher, AutoCloseable {

    /** What the {@code tryPublish} methods return when the ring is full and nothing was published. */
    public static final long RING_FULL = Publisher.RING_FULL;

    private final Settings settings;
    private final Lifecycle lifecycle = new Lifecycle();
    private final Registrations registrations;
    private final EngineShutdown shutdown = new EngineShutdown(lifecycle);
    private final Subscribing subscribing;

    private volatile EngineCore core;

    /**
     * Concludes a configuration. Nothing is opened or started yet.
     *
     * @param config the configuration; later changes to it have no effect
     * @throws InvalidConfigurationException when a value is out of its range
     */
    public EventEngine(EventEngineConfig config) {
        this.settings = config.conclude();
        this.registrations = new Registrations(settings.fused());
        this.subscribing = new Subscribing(lifecycle, registrations, () -> core);
    }

    /**
     * An engine in memory, with the defaults: nothing survives the process, a publisher may stand still for 5 s before
     * it is told that the ring of 16,384 slots is full, and message ids are refused.
     *
     * @return a new engine, to be given event types and subscriptions and then started
     */
    public static EventEngine inMemory() {
        return new EventEngine(new EventEngineConfig());
    }

    /**
     * Registers an event type. Before the subscriptions that mean it.
     *
     * @param <T>  the event class
     * @param type the type
     * @return the same, for publishing in place
     * @throws InvalidConfigurationException when its name or its class is registered already
     */
    public <T> EventType<T> register(EventType<T> type) {
        requireNew("register event types before start()");
        registrations.add(type);
        return type;
    }

    /**
     * Adds a subscription, before the start or while the engine runs.
     *
     * <p>While it runs, the subscription takes part from a known place on, behind all that is in the ring: when this
     * returns, {@link Subscription#effectiveFrom()} is the first sequence it can be given, it is given every event of
     * its type from there on, and for the others nothing has changed. A priority that nobody has becomes a stage of its
     * own. The start hook runs on the stage's thread; the whole chain stands still meanwhile, so keep it short.
     *
     * <p>What it is given of the past: a live one nothing. Without a journal nobody is given anything, since nothing is
     * kept. With one, a resuming subscription that the journal knows goes on where it was, with its pending retries;
     * one that is new to it begins with what is published from now on, unless it says {@code startAt(EARLIEST)}; and a
     * rebuilding one is given every event. Such events are given to it, marked as replayed, before this returns; the
     * stages behind its own, and in time the publishers, wait for that. Stages behind have seen those events long ago.
     *
     * @param <T>    the type subscribed to
     * @param config what it is
     * @return its handle
     * @throws SubscriptionRefusedException when it cannot work as asked, its start hook threw, or the journal does not
     *                                      give what it needs; the message says why, and nothing has changed
     * @throws EngineStateException         while the engine is starting, and when it is closed or has failed
     * @throws CalledFromHandlerException   from one of the engine's own threads while it runs; use
     *                                      {@link #subscribeAsync}
     */
    public <T> Subscription subscribe(SubscriptionConfig<T> config) {
        if (lifecycle.state() != EngineState.NEW) {
            lifecycle.requireNoEngineThread("subscribe", "subscribeAsync");
        }
        return Subscribing.await(subscribing.subscribe(config));
    }

    /**
     * Adds a subscription without waiting; may be called from a handler.
     *
     * @param <T>    the type subscribed to
     * @param config what it is
     * @return completes as {@link #subscribe} returns or throws, on a thread of the chain, which therefore must not be
     *         kept busy by what depends on it
     */
    public <T> CompletableFuture<Subscription> subscribeAsync(SubscriptionConfig<T> config) {
        try {
            return subscribing.subscribe(config);
        } catch (SubscriptionRefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Recovers from the journal, then opens for publishers. Returns when everything replayed has been handled.
     *
     * @return what was found and done
     * @throws io.ringbus.engine.error.JournalException when the journal cannot be had as configured
     * @throws SubscriptionRefusedException when a subscription does not fit the journal
     * @throws io.ringbus.engine.error.EngineFailedException when a start hook threw, or the chain failed
     */
    public RecoveryReport start() {
        if (!lifecycle.advance(EngineState.NEW, EngineState.RECOVERING)) {
            throw new EngineStateException("an engine is started once; make a new one: state=" + lifecycle.state());
        }
        return shutdown.guardStart(() -> {
            EngineStart start = new EngineStart(settings, lifecycle, registrations);
            return start.run(newCore -> {
                core = newCore;
                shutdown.watch(newCore);
            });
        });
    }

    /**
     * Publishes an event, waiting for a full ring up to the configured time-out.
     *
     * @param event an event of a registered class; of a preallocated type it is copied
     * @return its sequence
     * @throws EngineStateException before start, when closing, or when the engine failed
     * @throws io.ringbus.engine.error.RingFullException when the ring stayed full
     * @throws io.ringbus.engine.error.EncodingException when it could not be encoded, or is too large
     * @throws io.ringbus.engine.error.UnregisteredEventTypeException for an unknown class
     */
    @Override
    public long publish(Object event) {
        return publisher().publish(event, true);
    }

    /**
     * Publishes an event, or answers at once that the ring is full.
     *
     * @param event an event of a registered class
     * @return its sequence, or {@link #RING_FULL}
     */
    public long tryPublish(Object event) {
        return publisher().publish(event, false);
    }

    /**
     * Publishes an event once: when one was published under the same id already, also before a restart, this publishes
     * nothing and answers with the first one's sequence. How long ids are remembered is said at
     * {@link EventEngineConfig#messageIdWindow}; the events are not compared. An event that could not be encoded, or
     * was lost with the end of the journal, leaves its id unused.
     *
     * <p>Publishing under an id goes through one lock, held while the event is encoded and never while waiting for a
     * full ring; publishing without one does not touch it.
     *
     * @param event     an event of a registered class; of a preallocated type it is copied
     * @param messageId the id, such as the one its sender gave it
     * @return the sequence of the first event under this id
     * @throws InvalidConfigurationException when no ids are remembered
     * @throws InvalidEventException for an id that is null or 0
     * @throws EngineStateException as {@link #publish(Object)}, and from within the encoding of another such event
     */
    public long publish(Object event, UUID messageId) {
        requireId(messageId);
        return publish(event, messageId.getMostSignificantBits(), messageId.getLeastSignificantBits());
    }

    /**
     * Publishes an event once, like {@link #publish(Object, UUID)}, without the garbage of a {@code UUID}.
     *
     * @param event  an event of a registered class
     * @param idHigh the upper half of its id
     * @param idLow  the lower half of its id; not both are 0
     * @return the sequence of the first event under this id
     */
    public long publish(Object event, long idHigh, long idLow) {
        return publisher().publish(event, idHigh, idLow, true);
    }

    /**
     * Publishes an event once, like {@link #publish(Object, UUID)}, or answers at once that the ring is full.
     *
     * @param event     an event of a registered class
     * @param messageId the id
     * @return the sequence of the first event under this id, whether the ring is full or not; or {@link #RING_FULL}
     */
    public long tryPublish(Object event, UUID messageId) {
        requireId(messageId);
        return tryPublish(event, messageId.getMostSignificantBits(), messageId.getLeastSignificantBits());
    }

    /**
     * Publishes an event once, like {@link #publish(Object, UUID)}, or answers at once that the ring is full.
     *
     * @param event  an event of a registered class
     * @param idHigh the upper half of its id
     * @param idLow  the lower half of its id; not both are 0
     * @return the sequence of the first event under this id, whether the ring is full or not; or {@link #RING_FULL}
     */
    public long tryPublish(Object event, long idHigh, long idLow) {
        return publisher().publish(event, idHigh, idLow, false);
    }

    /**
     * Publishes a preallocated event once, like {@link #publish(Object, UUID)}, filled in place from an argument. For
     * an id that is known the filler is not called.
     *
     * @param <T>      the event class
     * @param <A>      what it is filled from
     * @param type     a preallocated type, as {@link #register} returned it
     * @param filler   overwrites every field; what it throws is passed on, and nothing is published
     * @param argument passed to the filler
     * @param idHigh   the upper half of its id
     * @param idLow    the lower half of its id; not both are 0
     * @return the sequence of the first event under this id
     */
    public <T, A> long publish(EventType<T> type, EventFiller<? super T, ? super A> filler, A argument, long idHigh,
            long idLow) {
        return publisher().publish(type, filler, argument, idHigh, idLow, true);
    }

    /**
     * Publishes a preallocated event once, filled in place, or answers at once that the ring is full.
     *
     * @param <T>      the event class
     * @param <A>      what it is filled from
     * @param type     a preallocated type, as {@link #register} returned it
     * @param filler   overwrites every field; what it throws is passed on, and nothing is published
     * @param argument passed to the filler
     * @param idHigh   the upper half of its id
     * @param idLow    the lower half of its id; not both are 0
     * @return the sequence of the first event under this id, whether the ring is full or not; or {@link #RING_FULL}
     */
    public <T, A> long tryPublish(EventType<T> type, EventFiller<? super T, ? super A> filler, A argument, long idHigh,
            long idLow) {
        return publisher().publish(type, filler, argument, idHigh, idLow, false);
    }

    /**
     * Publishes a preallocated event, filled in place.
     *
     * @param <T>    the event class
     * @param type   a preallocated type, as {@link #register} returned it
     * @param filler overwrites every field; what it throws is passed on, and nothing is published
     * @return its sequence
     */
    public <T> long publish(EventType<T> type, Consumer<? super T> filler) {
        return publisher().publish(type, (event, argument) -> argument.accept(event), filler, true);
    }

    /**
     * Publishes a preallocated event, filled in place from an argument: without garbage when the filler captures
     * nothing.
     *
     * @param <T>      the event class
     * @param <A>      what it is filled from
     * @param type     a preallocated type, as {@link #register} returned it
     * @param filler   overwrites every field; what it throws is passed on, and nothing is published
     * @param argument passed to the filler
     * @return its sequence
     */
    public <T, A> long publish(EventType<T> type, EventFiller<? super T, ? super A> filler, A argument) {
        return publisher().publish(type, filler, argument, true);
    }

    /**
     * Publishes a preallocated event, or answers at once that the ring is full.
     *
     * @param <T>      the event class
     * @param <A>      what it is filled from
     * @param type     a preallocated type, as {@link #register} returned it
     * @param filler   overwrites every field; what it throws is passed on, and nothing is published
     * @param argument passed to the filler
     * @return its sequence, or {@link #RING_FULL}
     */
    public <T, A> long tryPublish(EventType<T> type, EventFiller<? super T, ? super A> filler, A argument) {
        return publisher().publish(type, filler, argument, false);
    }

    /**
     * Publishes events with consecutive sequences, journaled as one: after a crash all of them are there or none.
     *
     * @param events events of registered classes, at most as many as the ring has slots
     * @return the last one's sequence; 0 for an empty collection, which publishes nothing
     * @throws io.ringbus.engine.error.EventTooLargeException when they do not fit into the ring or one batch
     */
    @Override
    public long publishAll(Collection<?> events) {
        return publishAll(events, true);
    }

    /**
     * Publishes events as one, or answers at once that the ring has not enough free places.
     *
     * @param events events of registered classes, at most as many as the ring has slots
     * @return the last one's sequence, or {@link #RING_FULL}; 0 for an empty collection
     */
    public long tryPublishAll(Collection<?> events) {
        return publishAll(events, false);
    }

    /**
     * How far the engine has come.
     *
     * @param watermark which of the four
     * @return the highest sequence up to which it is true of all events; 0 for none, and for the durable ones of an
     *         engine that does not make them
     */
    public long watermark(Watermark watermark) {
        EngineCore running = core;
        return running == null ? 0 : running.watermark(watermark);
    }

    /**
     * Waits until a watermark has reached a sequence. When it returns, it has.
     *
     * @param watermark which of the four
     * @param sequence  what a publish returned
     * @param timeout   how long to wait at most
     * @throws WatermarkTimeoutException when it did not within the time-out
     * @throws EngineStateException      when it never will: the engine failed or is closed, or does not make this
     *                                   watermark
     * @throws InterruptedException      when the thread is interrupted meanwhile
     */
    public void await(Watermark watermark, long sequence, Duration timeout) throws InterruptedException {
        lifecycle.requireNoEngineThread("await", "closeAsync");
        EngineCore running = core;
        if (running == null) {
            throw lifecycle.refusal();
        }
        running.await(watermark, sequence, timeout);
    }

    /**
     * The dead letters held in memory.
     *
     * @return oldest first; {@link EngineStatistics} tells how many there are in all
     */
    public List<DeadLetter> deadLetters() {
        EngineCore running = core;
        return running == null ? List.of() : running.deadLettersInMemory();
    }

    /**
     * Where the dead letters of this engine are looked for, driven again and discarded, those included that are no
     * longer in memory. The desk works while the engine is running; then a call that needs these holds up whoever
     * writes outcomes, while the outcome log is read.
     *
     * @return the desk; its calls are refused from handlers with a {@link CalledFromHandlerException}
     * @throws EngineStateException before start
     */
    public DeadLetterDesk deadLetterDesk() {
        EngineCore running = core;
        if (running == null) {
            throw lifecycle.refusal();
        }
        return running.desk();
    }

    /**
     * Clears all dead letters, in memory and in the journal's account of them.
     *
     * @return how many there were
     * @throws EngineStateException when the engine is not running
     */
    public long clearDeadLetters() {
        lifecycle.requireNoEngineThread("clearDeadLetters", "a thread of your own");
        EngineCore running = core;
        if (running == null || !lifecycle.isOpen()) {
            throw lifecycle.refusal();
        }
        return running.clearDeadLetters();
    }

    /**
     * The counters now.
     *
     * @return an immutable snapshot
     * @throws EngineStateException before start
     */
    public EngineStatistics statistics() {
        EngineCore running = core;
        if (running == null) {
            throw lifecycle.refusal();
        }
        return running.statistics();
    }

    /**
     * Where the engine is in its life.
     *
     * @return the state
     */
    public EngineState state() {
        return lifecycle.state();
    }

    /**
     * Refuses new events, frees blocked publishers, drains the ring, writes a checkpoint, forces the journal to disk,
     * ends every thread and releases the journal. Idempotent: a second call waits for the first and returns its report.
     * Retries that wait are not waited for: they are pending, and a journal keeps them.
     *
     * @param timeout how long draining may take; handlers that are still at work then are interrupted
     * @return what was left behind
     * @throws CalledFromHandlerException from one of the engine's own threads
     */
    public CloseReport close(Duration timeout) {
        lifecycle.requireNoEngineThread("close", "closeAsync");
        return shutdown.close(timeout);
    }

    /**
     * Closes the engine from a thread of its own; may be called from a handler.
     *
     * @param timeout how long draining may take
     * @return completes with the report
     */
    public CompletableFuture<CloseReport> closeAsync(Duration timeout) {
        return shutdown.closeAsync(timeout, settings.name() + "-close");
    }

    /** Closes within 30 seconds; see {@link #close(Duration)}. */
    @Override
    public void close() {
        close(Duration.ofSeconds(30));
    }

    private long publishAll(Collection<?> events, boolean wait) {
        Publisher publisher = publisher();
        if (events == null) {
            throw new InvalidEventException("null cannot be published; pass a collection of events: events=null");
        }
        Object[] copy = events.toArray();
        return copy.length == 0 ? 0 : publisher.publishAll(copy, wait);
    }

    private static void requireId(UUID messageId) {
        if (messageId == null) {
            throw new InvalidEventException("pass the message's id, or publish without one: messageId=null");
        }
    }

    private Publisher publisher() {
        EngineCore running = core;
        if (running == null) {
            throw lifecycle.refusal();
        }
        return running.publisher();
    }

    private void requireNew(String remedy) {
        if (lifecycle.state() != EngineState.NEW) {
            throw new EngineStateException(remedy + ": state=" + lifecycle.state());
        }
    }
}
