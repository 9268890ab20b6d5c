package io.ringbus.engine.program;

import io.ringbus.engine.EventEngineConfig;
import io.ringbus.engine.ProducerMode;
import io.ringbus.engine.WaitMode;
import io.ringbus.engine.event.RecoveryMode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One random program, made from its seed alone: how the engine is laid out, who subscribes, and what is done to it in
 * each generation, that is from one start to the next.
 *
 * @param seed          what it was made from
 * @param layout        how the engine is laid out
 * @param subscriptions who subscribes
 * @param generations   one after the other on the same journal; only the first when nothing is journaled
 */
record Plan(long seed, Layout layout, List<SubscriptionPlan> subscriptions, List<Generation> generations) {

    /** For how many sequences a message id is remembered. */
    static final int ID_WINDOW = 1 << 13;

    private static final int[] RING_SIZES = {2, 2, 4, 4, 8, 64};

    /** How a generation ends. */
    enum End {
        /** Closed after all retries have come to their end. */
        QUIET_CLOSE,
        /** Closed at once. */
        CLOSE,
        /** Killed at an arbitrary document. */
        CRASH,
        /** The journal fails, and with it the engine. */
        JOURNAL_FAILURE
    }

    /** What a publisher does next. */
    enum Action {
        PUBLISH, TRY_PUBLISH, IN_PLACE, TRY_IN_PLACE, COLLECTION, TRY_COLLECTION, POISON, TOO_LARGE, UNREGISTERED,
        AWAIT_JOURNALED, AWAIT_HANDLED, CLOCK_OUT, PUBLISH_ONCE, TRY_PUBLISH_ONCE
    }

    /** One action, with the number of events, or the message id, where that counts. */
    record Step(Action action, int size) {
    }

    /** The engine's configuration. */
    record Layout(int ringSize, ProducerMode producerMode, WaitMode waitMode, boolean fused, boolean journaled,
            boolean syncs, int batchBytes, boolean textKeys) {

        EventEngineConfig config() {
            return new EventEngineConfig().ringSize(ringSize).producerMode(producerMode).waitMode(waitMode).fused(fused)
                    .slotBytes(16).deadLettersInMemory(1_000_000).messageIdWindow(ID_WINDOW);
        }
    }

    /** A subscription that comes, at a priority of its own, or goes while the engine runs. */
    record Change(int subscription, boolean joins, int priority, int pauseNanos) {
    }

    /** A subscription that is paused, and perhaps resumed; else it is paused when it ends, or the generation. */
    record Pause(int subscription, int beforeNanos, int lastsNanos, boolean ends) {
    }

    /** What an operator does with some of the dead letters there are. */
    record Act(boolean discards, int letters, int pauseNanos) {
    }

    /** What is done beside publishing; the last acts when the engine is closed again. */
    record Beside(List<Change> changes, List<Pause> pauses, List<Act> acts, List<Act> actsAtRest) {
    }

    /** From a start to its end. Absent ones are indices of subscriptions. */
    record Generation(List<List<Step>> publishers, List<Integer> absent, Beside beside, End end, double crashAt) {
    }

    static Plan of(long seed) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L);
        WaitMode waitMode = waitMode(random);
        Layout layout = new Layout(RING_SIZES[random.nextInt(RING_SIZES.length)],
                random.nextInt(3) == 0 ? ProducerMode.SINGLE : ProducerMode.MULTI, waitMode,
                random.nextInt(waitMode == WaitMode.SPINNING ? 2 : 3) == 0, random.nextInt(6) > 0, random.nextBoolean(),
                1 + random.nextInt(100), random.nextBoolean());
        List<SubscriptionPlan> subscriptions = new ArrayList<>();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            subscriptions.add(SubscriptionPlan.of(i, random, layout.producerMode, layout.fused));
        }
        if (!layout.journaled) {
            subscriptions.add(SubscriptionPlan.observer(count));
        }
        int generations = layout.journaled ? 1 + random.nextInt(4) : 1;
        List<Generation> all = new ArrayList<>();
        for (int i = 0; i < generations; i++) {
            all.add(generation(random, layout, subscriptions.subList(0, count), i == generations - 1));
        }
        return new Plan(seed, layout, List.copyOf(subscriptions), all);
    }

    SubscriptionPlan subscription(String name) {
        return subscriptions.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }

    boolean everCrashes() {
        return generations.stream().anyMatch(g -> g.end == End.CRASH || g.end == End.JOURNAL_FAILURE);
    }

    boolean everLeaves(int subscription) {
        return generations.stream()
                .anyMatch(g -> g.beside.changes.stream().anyMatch(c -> c.subscription == subscription));
    }

    /** Whether an event may become a dead letter of a subscription because too many wait. */
    boolean mayOverflow(SubscriptionPlan subscription) {
        return subscription.mayOverflow(generations.stream()
                .anyMatch(g -> g.beside.pauses.stream().anyMatch(p -> p.subscription == subscription.index())));
    }

    private static WaitMode waitMode(SplittableRandom random) {
        // Spinning threads take turns on few cores and are slow; a few programs are enough for them.
        int dice = random.nextInt(90);
        return dice < 77 ? WaitMode.PARKING : dice < 89 ? WaitMode.YIELDING : WaitMode.SPINNING;
    }

    private static Generation generation(SplittableRandom random, Layout layout,
            List<SubscriptionPlan> subscriptions, boolean last) {
        int threads = layout.producerMode == ProducerMode.SINGLE ? 1 : 1 + random.nextInt(3);
        List<List<Step>> publishers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            publishers.add(steps(random, layout));
        }
        List<Integer> absent = new ArrayList<>();
        for (int i = 0; i < subscriptions.size() && !last; i++) {
            if (random.nextInt(6) == 0) {
                absent.add(i);
            }
        }
        End end = last ? (random.nextBoolean() ? End.QUIET_CLOSE : layout.journaled ? End.QUIET_CLOSE : End.CLOSE)
                : End.values()[random.nextInt(End.values().length)];
        Beside beside = new Beside(changes(random, layout, absent, subscriptions, last), pauses(random, subscriptions),
                acts(random), random.nextInt(4) == 0 ? acts(random) : List.of());
        return new Generation(publishers, absent, beside, end, random.nextDouble());
    }

    /** One whose stage would stand still is always resumed, or publishers would wait for ever. */
    private static List<Pause> pauses(SplittableRandom random, List<SubscriptionPlan> subscriptions) {
        List<Pause> pauses = new ArrayList<>();
        for (int i = random.nextInt(2) * random.nextInt(5); i > 0; i--) {
            SubscriptionPlan one = subscriptions.get(random.nextInt(subscriptions.size()));
            pauses.add(new Pause(one.index(), random.nextInt(400_000), random.nextInt(600_000),
                    random.nextBoolean() || one.blocksWhilePaused()));
        }
        return pauses;
    }

    private static List<Act> acts(SplittableRandom random) {
        List<Act> acts = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            acts.add(new Act(random.nextInt(4) == 0, 1 + random.nextInt(4), random.nextInt(600_000)));
        }
        return acts;
    }

    /** In the last generation everybody is there at the start, and comes back. */
    private static List<Change> changes(SplittableRandom random, Layout layout, List<Integer> absent,
            List<SubscriptionPlan> subscriptions, boolean last) {
        List<Integer> away = new ArrayList<>(absent);
        List<Change> changes = new ArrayList<>();
        for (int i = random.nextInt(2) * random.nextInt(5); i > 0; i--) {
            SubscriptionPlan one = subscriptions.get(random.nextInt(subscriptions.size()));
            if (one.mayJoin(layout.journaled)) {
                changes.add(change(random, one.index(), away));
            }
        }
        while (last && !away.isEmpty()) {
            changes.add(change(random, away.get(0), away));
        }
        return changes;
    }

    private static Change change(SplittableRandom random, Integer subscription, List<Integer> away) {
        boolean joins = away.remove(subscription);
        if (!joins) {
            away.add(subscription);
        }
        return new Change(subscription, joins, 5 * (1 + random.nextInt(7)), random.nextInt(400_000));
    }

    private static List<Step> steps(SplittableRandom random, Layout layout) {
        List<Step> steps = new ArrayList<>();
        int count = 4 + random.nextInt(25);
        for (int i = 0; i < count; i++) {
            Action action = Action.values()[random.nextInt(Action.values().length)];
            if (!layout.journaled && (action == Action.POISON || action == Action.TOO_LARGE
                    || action == Action.AWAIT_JOURNALED)) {
                action = Action.PUBLISH;
            }
            steps.add(new Step(action, 1 + random.nextInt(Math.min(layout.ringSize, 12))));
        }
        return steps;
    }

    @Override
    public String toString() {
        return "program " + seed + ": " + layout + "\n  " + subscriptions + "\n  " + generations.stream()
                .map(g -> g.publishers.size() + " publisher(s), absent " + g.absent + ", " + g.beside + ", " + g.end)
                .toList() + "\n  repeat it with -Dringbus.program.first=" + seed
                        + " -Dringbus.programs=1";
    }
}
