package io.ringbus.engine.program;

import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.program.Plan.SubscriptionPlan;
import io.ringbus.engine.support.Numbered;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The handler of one subscription in one generation. It checks at each call what must be true at that instant, writes
 * down what it saw, and fails where the plan says so.
 */
final class Witness implements EventHandler<Numbered> {

    private final SubscriptionPlan plan;
    private final Run run;
    private final List<Witness> before;

    private final List<Seen> seen = new ArrayList<>();
    private final Map<Long, Seen> lastOf = new HashMap<>();
    private final Set<Long> done = ConcurrentHashMap.newKeySet();
    private long lastFirstAttempt;
    private volatile boolean cancelled;

    /** One call, and how many documents the journal held when it ended. */
    record Seen(long sequence, long id, int attempt, boolean replaying, boolean handled, int documents) {
    }

    Witness(SubscriptionPlan plan, Run run, List<Witness> before) {
        this.plan = plan;
        this.run = run;
        this.before = before;
    }

    SubscriptionPlan plan() {
        return plan;
    }

    void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    List<Seen> seen() {
        synchronized (seen) {
            return List.copyOf(seen);
        }
    }

    @Override
    public void onEvent(Numbered event, EventContext context) throws Exception {
        long id = event.id();
        long sequence = context.sequence();
        int attempt = context.attempt();
        boolean fails = attempt <= plan.failures(id);
        check(event, context);
        if (plan.slow()) {
            LockSupport.parkNanos(20_000);
        }
        if (plan.follows() && !fails && Run.isFirstHand(id) && id % 5 == 0 && !context.replaying()) {
            follow();
        }
        Seen now = new Seen(sequence, id, attempt, context.replaying(), !fails, run.documents());
        synchronized (seen) {
            seen.add(now);
        }
        lastOf.put(sequence, now);
        if (attempt == 1) {
            done.add(sequence);
        }
        if (fails) {
            fail(id);
        }
    }

    private void check(Numbered event, EventContext context) {
        String what = plan.name() + " was given " + event.id() + " with sequence " + context.sequence() + ", attempt "
                + context.attempt();
        run.require(Events.isWhole(event) && plan.accepts(event.id()), what + ", which it must not be given");
        run.require(run.isCommitted(context.sequence()), what + " before it was in the journal");
        run.require(!context.replaying() || plan.recovery() != RecoveryMode.LIVE, what + ", an old event");
        Seen earlier = lastOf.get(context.sequence());
        if (earlier != null) {
            run.require(!earlier.handled() && context.attempt() == earlier.attempt() + 1, what + " after " + earlier);
        }
        if (context.attempt() == 1) {
            run.require(context.sequence() > lastFirstAttempt, what + " after " + lastFirstAttempt);
            lastFirstAttempt = context.sequence();
            for (Witness other : before) {
                boolean wantsToo = other.plan.accepts(event.id()) && !other.cancelled
                        && (!context.replaying() || other.plan.recovery() == RecoveryMode.REBUILD);
                run.require(!wantsToo || other.done.contains(context.sequence()) || other.cancelled,
                        what + " before " + other.plan.name() + " was done with it");
            }
        }
    }

    private void follow() {
        try {
            run.tryPublishFromHandler();
        } catch (EngineStateException e) {
            run.require(run.mayRefuse(), "publishing from a handler was refused: " + e);
        }
    }

    private static void fail(long id) throws Exception {
        switch ((int) (id % 4)) {
            case 0 -> throw new IllegalStateException("as planned");
            case 1 -> throw new IOException("as planned");
            case 2 -> throw new AssertionError("as planned");
            default -> throw new StackOverflowError("as planned");
        }
    }
}
