package io.ringbus.engine;

import io.ringbus.engine.error.CalledFromHandlerException;
import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.retry.DriveAgainReport.Refused;
import io.ringbus.engine.ring.Delivery.EventCopy;
import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.Lifecycle;
import io.ringbus.engine.ring.RegisteredType;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.stage.Chain;
import io.ringbus.engine.stage.DeadLetters.Held;
import io.ringbus.engine.stage.DeadLetters.Stock;
import io.ringbus.engine.stage.OutcomeRecorder;
import io.ringbus.engine.stage.Retry;
import io.ringbus.engine.stage.StageSubscription;
import io.ringbus.engine.stage.StoredEvents;
import io.ringbus.engine.stage.Subscriptions;
import io.ringbus.engine.stats.EngineState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dead letters of a running engine. Acts do not go through the ring: an operator has to get at letters while a
 * stage waits for what fails. The work is done on a thread of its own, so that a caller who is interrupted cannot break
 * a file of the journal.
 */
final class EngineLetters implements LetterSource {

    private static final Logger LOG = LoggerFactory.getLogger(EventEngine.class);

    private final Lifecycle lifecycle;
    private final String engine;
    private final OutcomeRecorder recorder;
    private final Chain chain;
    private final Subscriptions subscriptions;
    private final Events events;

    private boolean ended;

    EngineLetters(String engine, Lifecycle lifecycle, OutcomeRecorder recorder, Chain chain,
            Subscriptions subscriptions, Events events) {
        this.engine = engine;
        this.lifecycle = lifecycle;
        this.recorder = recorder;
        this.chain = chain;
        this.subscriptions = subscriptions;
        this.events = events;
    }

    /**
     * What is known of events.
     *
     * @param types  the registered types
     * @param stored reads them back from the journal
     */
    record Events(List<RegisteredType<?>> types, StoredEvents stored) {

        Letter letterOf(Held held) {
            return Letter.of(held.outcome(), held.event() == null ? null : nameOf(held.event()), held.event());
        }

        private String nameOf(EventCopy copy) {
            return types.get(copy.typeIndex()).type().name();
        }
    }

    @Override
    public <T> T inTurn(String call, Supplier<T> work) {
        // Before the lock: a handler must not even wait for its refusal.
        if (lifecycle.onEngineThread()) {
            throw new CalledFromHandlerException("working with dead letters reads and writes the journal, and would"
                    + " hold the chain up; call it from another thread: call=" + call + ", thread="
                    + Thread.currentThread().getName());
        }
        synchronized (this) {
            if (lifecycle.state() == EngineState.RECOVERING) {
                throw new EngineStateException("work with dead letters after start() has returned: call=" + call
                        + ", state=" + lifecycle.state());
            }
            if (ended || !lifecycle.isOpen()) {
                throw lifecycle.refusal();
            }
            return onItsOwnThread(work);
        }
    }

    /** Lets work that is under way come to its end, and begins no more; before the journal is closed. */
    synchronized void end() {
        ended = true;
    }

    @Override
    public Stock stock() {
        return recorder.deadLetters();
    }

    @Override
    public Letter letterOf(Held held) {
        return events.letterOf(held);
    }

    @Override
    public List<Letter> withEvents(List<Letter> letters) {
        TreeSet<Long> wanted = letters.stream().filter(letter -> letter.copy() == null)
                .map(letter -> letter.view().sequence()).collect(Collectors.toCollection(TreeSet::new));
        Map<Long, EventCopy> found = events.stored.fetch(wanted).events();
        return letters.stream().map(letter -> {
            EventCopy copy = letter.copy() == null ? found.get(letter.view().sequence()) : null;
            return copy == null ? letter : letter.with(events.nameOf(copy), copy);
        }).toList();
    }

    @Override
    public String refusal(Letter letter) {
        return refusal(letter, subscriptionOf(letter));
    }

    private String refusal(Letter letter, StageSubscription subscription) {
        if (subscription == null) {
            return "no subscription of this name is part of the chain; subscribe it, and drive again then";
        }
        if (subscription.isCatchingUp()) {
            return "the subscription is being given what it missed; drive again when that is over";
        }
        if (!subscription.isActive()) {
            return "the subscription was cancelled; drive again when it is part of the chain";
        }
        if (subscription.definition().recovery() == RecoveryMode.REBUILD) {
            return "the subscription rebuilds its state from its events in their order, which a late delivery would"
                    + " change; mend the handler and start again, or discard the letter";
        }
        if (letter.copy() == null) {
            return "its event is not in the journal any more, or not of a registered type";
        }
        if (!subscription.definition().type().isAssignableFrom(
                events.types.get(letter.copy().typeIndex()).type().eventClass())) {
            return "the subscription does not take events of this type any more";
        }
        return null;
    }

    @Override
    public Done carryOut(List<Act> acts, Stock stock) {
        List<Retry> retries = new ArrayList<>();
        List<Refused> refused = new ArrayList<>();
        List<Boolean> effects;
        try {
            effects = recorder.act(acts.stream().map(Act::outcome).toList(), stock.clearings(),
                    i -> take(acts.get(i), retries, refused));
        } catch (RuntimeException | Error e) {
            // As when a stage cannot write its outcomes: the engine never goes on without its log.
            if (lifecycle.fail(e)) {
                LOG.error("the engine stops: {}", e.toString());
            }
            chain.halt();
            throw e;
        }
        chain.timer().add(retries);
        return Done.of(acts, effects, refused);
    }

    /**
     * Finds who takes a letter that is driven again. While no account changes: one that leaves later leaves this
     * behind with all that it has pending, and one that comes later takes it over with that; one that is between the
     * two, since the acts were planned, would never be given it.
     */
    private boolean take(Act act, List<Retry> retries, List<Refused> refused) {
        if (act.outcome() instanceof Outcome.DrivenAgain driven) {
            StageSubscription taker = subscriptionOf(act.letter());
            String refusal = refusal(act.letter(), taker);
            if (refusal != null) {
                refused.add(new Refused(act.letter().view(), refusal));
                return false;
            }
            retries.add(Retry.of(Delivery.restored(taker.index(), act.letter().copy(), driven)));
        }
        return true;
    }

    private StageSubscription subscriptionOf(Letter letter) {
        for (StageSubscription subscription : subscriptions.list()) {
            if (subscription.name().equals(letter.view().subscription())) {
                return subscription;
            }
        }
        return null;
    }

    private <T> T onItsOwnThread(Supplier<T> work) {
        Work<T> task = new Work<>(work);
        Thread thread = new Thread(task, engine + "-dead-letters");
        thread.start();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return task.result();
    }

    /** Work on another thread; joining that makes the result visible. */
    private static final class Work<T> implements Runnable {

        private final Supplier<T> supplier;
        private T result;
        private Throwable thrown;

        Work(Supplier<T> supplier) {
            this.supplier = supplier;
        }

        @Override
        public void run() {
            try {
                result = supplier.get();
            } catch (Throwable e) {
                thrown = e;
            }
        }

        T result() {
            if (thrown instanceof Error error) {
                throw error;
            }
            if (thrown != null) {
                throw (RuntimeException) thrown;
            }
            return result;
        }
    }
}
