package io.ringbus.engine.stage;

import io.ringbus.engine.ring.Lifecycle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Makes the handler links of a chain, before it starts and while it changes. */
final class HandlerLinks {

    private final Chain.Parts parts;
    private final Lifecycle lifecycle;
    private final RetryTimer timer;
    private final Completions completions;
    private final int timeEvery;

    private final List<Settlements> settlements = new CopyOnWriteArrayList<>();

    HandlerLinks(Chain.Parts parts, Lifecycle lifecycle, RetryTimer timer, Completions completions, int timeEvery) {
        this.parts = parts;
        this.lifecycle = lifecycle;
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
                new LaneTools(this::newSettlements, followUps, parts.clock(), lifecycle, completions));
    }

    private Settlements newSettlements() {
        Settlements own = new Settlements(parts.clock(), parts.types(), parts.journaling().recorder(), timer::add);
        settlements.add(own);
        return own;
    }

    /** Deliveries that were pending and then handled, since the start. Any thread. */
    long recovered() {
        return settlements.stream().mapToLong(Settlements::recovered).sum();
    }
}
