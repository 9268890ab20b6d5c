package io.ringbus.engine.stage;

import io.ringbus.engine.error.DivergenceException;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.RegisteredType;
import io.ringbus.engine.ring.Slot;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.spi.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a subscription that joins a running chain is given of the past, and what the outcome log is told of its coming
 * and going. It happens at a cut, when everybody stands still, or while the joining subscription's stage has not yet
 * gone on behind the cut.
 *
 * <p>Until a subscription has caught up, the log has it as absent at the position where it began: neither a checkpoint
 * nor a crash can make it miss what it has not been given.
 */
final class Past {

    private static final int BATCH = 64;

    private final Chain.Parts parts;
    private final OutcomeRecorder recorder;
    private final boolean durable;
    private final RetryTimer timer;

    Past(Chain.Parts parts, RetryTimer timer) {
        this.parts = parts;
        this.recorder = parts.journaling().recorder();
        this.durable = parts.journaling().session().isDurable();
        this.timer = timer;
    }

    /**
     * Settles where a subscription begins. At a cut.
     *
     * @param fromBeginning whether one that is new to the journal is given what the journal holds
     * @param cut           the sequence of the cut
     * @return whether it must catch up first
     */
    boolean begin(StageSubscription subscription, boolean fromBeginning, long cut) {
        String name = subscription.name();
        RecoveryMode mode = subscription.definition().recovery();
        DeliveryLedger.Position known = recorder.ask(ledger -> ledger.positions().get(name));
        if (mode == RecoveryMode.LIVE) {
            forgetPending(name);
        }
        if (!isNeededBy(subscription, fromBeginning)) {
            subscription.effectiveFrom(cut + 1);
            if (mode != RecoveryMode.LIVE) {
                write(new Outcome.Subscribed(name, cut));
            }
            return false;
        }
        if (known == null) {
            write(new Outcome.Unsubscribed(name, 0));
        }
        long through = mode == RecoveryMode.REBUILD || known == null ? 0 : known.handledThrough();
        subscription.replay(through, mode == RecoveryMode.REBUILD ? Set.of()
                : recorder.ask(ledger -> ledger.notReplayed(name)));
        subscription.effectiveFrom(through + 1);
        subscription.catchingUp(true);
        return true;
    }

    /** Whether a subscription is to be given events that are in the journal already. At a cut. */
    boolean isNeededBy(StageSubscription subscription, boolean fromBeginning) {
        RecoveryMode mode = subscription.definition().recovery();
        return durable && (mode == RecoveryMode.REBUILD || mode == RecoveryMode.RESUME
                && (fromBeginning || recorder.ask(ledger -> ledger.positions().get(subscription.name())) != null));
    }

    /**
     * Gives a subscription the events up to the cut that it needs, and takes its pending deliveries over. On its
     * stage's thread, before that goes on behind the cut.
     *
     * @param gate asked whether the chain is halted
     * @throws Unavailable    when the journal does not give them; it must leave the chain then
     * @throws CutGate.Halted when the chain is halted meanwhile
     */
    void catchUp(StageSubscription subscription, HandlerLink link, long cut, CutGate gate) {
        // Before anything is replayed: what fails then schedules itself, and would be scheduled here once more.
        List<Delivery> retries = restore(subscription);
        FollowUps followUps = link.tools().followUps();
        FollowUpMatcher matcher = parts.publishing().matcher().another(subscription.name());
        followUps.matchWith(matcher);
        try {
            Pass pass = new Pass(subscription, link, gate, matcher);
            try {
                parts.journaling().events().read(subscription.effectiveFrom(), cut, pass::take, typeName -> { });
            } catch (RuntimeException e) {
                if (pass.delivering || e instanceof CutGate.Halted) {
                    throw e;
                }
                throw new Unavailable(e);
            }
            pass.deliver();
            if (matcher.diverged() > 0 && parts.publishing().refusesDivergence()) {
                throw new Unavailable(new DivergenceException("it does not publish what it published before: "
                        + matcher.divergences().get(0)));
            }
            parts.publishing().outbox().add(matcher.finish());
        } finally {
            followUps.matchAsBefore();
            subscription.catchingUp(false);
        }
        // Its position passes what is still under way.
        subscription.noteUnderWay();
        write(new Outcome.Subscribed(subscription.name(), settledThrough(subscription.name(),
                subscription.effectiveFrom() - 1, cut)));
        timer.add(retries.stream().map(Retry::of).toList());
    }

    /** Takes a subscription out of the account. At a cut. Without a journal nobody can come back to what it left. */
    void leave(StageSubscription subscription, long cut) {
        String name = subscription.name();
        DeliveryLedger.Position position = recorder.ask(ledger -> ledger.positions().get(name));
        if (!durable) {
            forget(name);
        } else if (position != null && position.present()) {
            write(new Outcome.Unsubscribed(name, settledThrough(name, position.handledThrough(), cut)));
        }
    }

    /** What it handled counts only when the journal has what it published, which may stand behind the cut. */
    private long settledThrough(String name, long atLeast, long cut) {
        return Math.max(atLeast, Math.min(cut, parts.publishing().outbox().oldestUnsettledCause(name) - 1));
    }

    /** Says that nothing is under way any more of one that has left. Any thread. */
    void gone(StageSubscription subscription) {
        if (!durable) {
            forget(subscription.name());
        }
    }

    private void forget(String name) {
        recorder.ask(ledger -> {
            ledger.forget(name);
            return null;
        });
    }

    /** The journal did not give what was asked of it; the cause says why. */
    static final class Unavailable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Unavailable(Throwable cause) {
            super(cause);
        }
    }

    private List<Delivery> restore(StageSubscription subscription) {
        String name = subscription.name();
        if (subscription.definition().recovery() == RecoveryMode.REBUILD) {
            boolean goesOn = subscription.definition().retrying().order() == RetryOrder.BLOCKING;
            recorder.ask(ledger -> {
                if (goesOn) {
                    ledger.forgetWaiting(name);
                } else {
                    ledger.forgetPending(name);
                }
                return null;
            });
        }
        List<Outcome.Pending> pending = recorder.ask(ledger -> ledger.pendingOf(name));
        try {
            return subscription.restore(
                    PendingRetries.of(subscription, pending, parts.journaling().events()).deliveries());
        } catch (RuntimeException e) {
            throw new Unavailable(e);
        }
    }

    private void forgetPending(String name) {
        recorder.ask(ledger -> {
            ledger.forgetPending(name);
            return null;
        });
    }

    private void write(Outcome outcome) {
        recorder.record(outcome, null);
        recorder.commit();
    }

    /** One reading: collects what the subscription wants into slots beside the ring, and delivers them in batches. */
    private final class Pass {

        private final StageSubscription subscription;
        private final HandlerLink link;
        private final CutGate gate;
        private final FollowUpMatcher matcher;
        /** What a resuming subscription published before it left is not published again. */
        private final boolean rebuilds;
        private final List<Slot> slots = new ArrayList<>();
        private final Slot followUp = parts.ring().newSpare();
        private int filled;
        /** What goes wrong meanwhile is not the reading's fault, and stops the engine as it does behind the cut. */
        private boolean delivering;

        Pass(StageSubscription subscription, HandlerLink link, CutGate gate, FollowUpMatcher matcher) {
            this.subscription = subscription;
            this.link = link;
            this.gate = gate;
            this.matcher = matcher;
            this.rebuilds = subscription.definition().recovery() == RecoveryMode.REBUILD;
        }

        void take(StoredEvent stored) {
            gate.requireNotHalted();
            if (rebuilds && subscription.name().equals(stored.causeSubscription())) {
                // Its cause came before it, and has to be handled by now.
                deliver();
                parts.journaling().events().fill(followUp, stored);
                matcher.replayed(followUp);
                followUp.clear();
            }
            RegisteredType<?> type = parts.types().get(stored.typeIndex());
            if (!subscription.definition().type().isAssignableFrom(type.type().eventClass())
                    || !subscription.wantsReplay(stored.sequence())) {
                return;
            }
            if (filled == slots.size()) {
                slots.add(parts.ring().newSpare());
            }
            parts.journaling().events().fill(slots.get(filled), stored);
            filled++;
            if (filled == BATCH) {
                deliver();
            }
        }

        void deliver() {
            delivering = true;
            List<Slot> batch = slots.subList(0, filled);
            link.catchUp(subscription.lanes().get(0), batch, gate);
            batch.forEach(Slot::clear);
            filled = 0;
            delivering = false;
        }
    }
}
