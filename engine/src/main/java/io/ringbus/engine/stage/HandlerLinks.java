package io.ringbus.engine.stage;

import io.ringbus.engine.ring.Lifecycle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Makes the handler links of a chain, before it starts and while it changes. */
final class HandlerLinks {

    private final Chain.Parts parts;
    private final Lifecycle lifecycle;
    private final RetryTimer timer;
    private final int timeEvery;

    private final List<Settlements> settlements = new CopyOnWriteArrayList<>();

    HandlerLinks(Chain.Parts parts, Lifecycle lifecycle, RetryTimer timer, int timeEvery) {
        this.parts = parts;
        this.lifecycle = lifecycle;
        this.timer = timer;
        this.timeEvery = timeEvery;
    }

    /** An empty link for the subscriptions of a priority that share its thread. */
    HandlerLink make(int priority) {
        Settlements own = new Settlements(parts.clock(), parts.types(), parts.journaling().recorder(), timer::add);
        settlements.add(own);
        FollowUps followUps = parts.publishing().followUps(parts.journaling().session().isDurable());
        return new HandlerLink("priority " + priority, parts.ring(), parts.types(),
                new LaneTools(own, followUps, parts.clock(), lifecycle), timeEvery);
    }

    /** Deliveries that were pending and then handled, since the start. Any thread. */
    long recovered() {
        return settlements.stream().mapToLong(Settlements::recovered).sum();
    }
}
