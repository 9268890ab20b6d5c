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
        AWAIT_JOURNALED, AWAIT_HANDLED, CLOCK_OUT
    }

    /** One action, with the number of events where that counts. */
    record Step(Action action, int size) {
    }

    /** The engine's configuration. */
    record Layout(int ringSize, ProducerMode producerMode, WaitMode waitMode, boolean fused, boolean journaled,
            boolean syncs, int batchBytes) {

        EventEngineConfig config() {
            return new EventEngineConfig().ringSize(ringSize).producerMode(producerMode).waitMode(waitMode).fused(fused)
                    .slotBytes(16).deadLettersInMemory(1_000_000);
        }
    }

    /** From a start to its end. Absent and cancelled ones are indices of subscriptions. */
    record Generation(List<List<Step>> publishers, List<Integer> absent, int cancelled, End end, double crashAt) {
    }

    static Plan of(long seed) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L);
        WaitMode waitMode = waitMode(random);
        Layout layout = new Layout(RING_SIZES[random.nextInt(RING_SIZES.length)],
                random.nextInt(3) == 0 ? ProducerMode.SINGLE : ProducerMode.MULTI, waitMode,
                random.nextInt(waitMode == WaitMode.SPINNING ? 2 : 3) == 0, random.nextInt(6) > 0, random.nextBoolean(),
                1 + random.nextInt(100));
        List<SubscriptionPlan> subscriptions = new ArrayList<>();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            subscriptions.add(SubscriptionPlan.of(i, random, layout.producerMode));
        }
        int generations = layout.journaled ? 1 + random.nextInt(4) : 1;
        List<Generation> all = new ArrayList<>();
        for (int i = 0; i < generations; i++) {
            all.add(generation(random, layout, count, i == generations - 1));
        }
        return new Plan(seed, layout, List.copyOf(subscriptions), all);
    }

    boolean everCrashes() {
        return generations.stream().anyMatch(g -> g.end == End.CRASH || g.end == End.JOURNAL_FAILURE);
    }

    boolean everCancels(int subscription) {
        return generations.stream().anyMatch(g -> g.cancelled == subscription);
    }

    private static WaitMode waitMode(SplittableRandom random) {
        // Spinning threads take turns on few cores and are slow; a few programs are enough for them.
        int dice = random.nextInt(30);
        return dice < 23 ? WaitMode.PARKING : dice < 29 ? WaitMode.YIELDING : WaitMode.SPINNING;
    }

    private static Generation generation(SplittableRandom random, Layout layout, int subscriptions, boolean last) {
        int threads = layout.producerMode == ProducerMode.SINGLE ? 1 : 1 + random.nextInt(3);
        List<List<Step>> publishers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            publishers.add(steps(random, layout));
        }
        List<Integer> absent = new ArrayList<>();
        for (int i = 0; i < subscriptions && !last; i++) {
            if (random.nextInt(6) == 0) {
                absent.add(i);
            }
        }
        int cancelled = !last && random.nextInt(4) == 0 ? random.nextInt(subscriptions) : -1;
        End end = last ? (random.nextBoolean() ? End.QUIET_CLOSE : layout.journaled ? End.QUIET_CLOSE : End.CLOSE)
                : End.values()[random.nextInt(End.values().length)];
        return new Generation(publishers, absent, cancelled, end, random.nextDouble());
    }

    private static List<Step> steps(SplittableRandom random, Layout layout) {
        List<Step> steps = new ArrayList<>();
        int count = 4 + random.nextInt(30);
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
                .map(g -> g.publishers.size() + " publisher(s), absent " + g.absent + ", cancelled " + g.cancelled
                        + ", "
                        + g.end).toList() + "\n  repeat it with -Dringbus.program.first=" + seed
                        + " -Dringbus.programs=1";
    }

    /** Who subscribes to what, and which of its deliveries fail: all functions of an event's id alone. */
    record SubscriptionPlan(int index, int priority, Class<?> type, RecoveryMode recovery, int modulus, int maxAttempts,
            long failureSeed, boolean follows, boolean slow) {

        private static final int ALWAYS = 1_000;

        static SubscriptionPlan of(int index, SplittableRandom random, ProducerMode producers) {
            int dice = random.nextInt(8);
            RecoveryMode mode = dice < 4 ? RecoveryMode.RESUME : dice < 7 ? RecoveryMode.REBUILD : RecoveryMode.LIVE;
            return new SubscriptionPlan(index, 10 * (1 + random.nextInt(3)), Events.typeToSubscribe(random.nextInt(6)),
                    mode, 1 + random.nextInt(3), mode == RecoveryMode.REBUILD ? 1 : 1 + random.nextInt(3),
                    random.nextInt(3) == 0 ? 0 : random.nextLong(),
                    mode == RecoveryMode.RESUME && producers == ProducerMode.MULTI && random.nextInt(4) == 0,
                    random.nextInt(3) == 0);
        }

        String name() {
            return "s" + index;
        }

        boolean passes(long id) {
            return id % modulus == 0;
        }

        boolean accepts(long id) {
            return type.isAssignableFrom(Events.typeOf(id)) && passes(id);
        }

        /** How many first attempts fail. */
        int failures(long id) {
            if (failureSeed == 0) {
                return 0;
            }
            int dice = new SplittableRandom(failureSeed ^ id * 0x9E3779B97F4A7C15L).nextInt(20);
            return dice == 0 ? ALWAYS : dice < 4 ? dice : 0;
        }

        boolean dies(long id) {
            return failures(id) >= maxAttempts;
        }
    }
}
