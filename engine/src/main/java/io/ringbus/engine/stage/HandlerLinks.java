package io.ringbus.engine.stage;

import io.ringbus.engine.ring.Lifecycle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Makes the handler links of a chain, before it starts and while it changes. */
final class HandlerLinks {

    private final Chain.Parts parts;
    private final Lifecycle lifecycle;
    private final CutGate gate;
    private final RetryTimer timer;
    private final Completions completions;
    private final int timeEvery;

    private final AtomicLong recovered = new AtomicLong();

    HandlerLinks(Chain.Parts parts, Lifecycle lifecycle, CutGate gate, RetryTimer timer, Completions completions,
            int timeEvery) {
        this.parts = parts;
        this.lifecycle = lifecycle;
        this.gate = gate;
        this.timer = timer;
        this.completions = completions;
        this.timeEvery = timeEvery;
    }

    /** An empty link for the subscriptions of a priority that share its thread. */
    HandlerLink makeShared(int priority) {
        return make("priority " + priority, true);
    }

    /** Empty links for the workers of a subscription, each with a thread of its own. */
    List<HandlerLink> makeOwn(StageSubscription subscription) {
        List<HandlerLink> own = new ArrayList<>();
        int workers = subscription.definition().handling().workers();
        for (int i = 0; i < workers; i++) {
            own.add(make("priority " + subscription.definition().priority() + " " + subscription.name()
                    + (workers == 1 ? "" : " " + (i + 1)), false));
        }
        return own;
    }

    private HandlerLink make(String name, boolean shared) {
        FollowUps followUps = parts.publishing().followUps(parts.journaling().session().isDurable());
        return new HandlerLink(name, shared, new HandlerLink.Source(parts.ring(), parts.types(), timeEvery),
                new LaneTools(parts.ring(), this::newSettlements, followUps, parts.clock(),
                        new LaneTools.End(lifecycle, gate), completions));
    }

    private Settlements newSettlements() {
        return new Settlements(parts.clock(), parts.types(), parts.journaling().recorder(), timer::add, recovered);
    }

    /** Has nobody look after a subscription any longer that is no part of the chain. */
    void forget(StageSubscription subscription) {
        completions.forget(subscription);
    }

    /** Deliveries that were pending and then handled, since the start. Any thread. */
    long recovered() {
        return recovered.get();
    }
}
