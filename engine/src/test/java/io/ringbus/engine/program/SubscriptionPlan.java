package io.ringbus.engine.program;

import io.ringbus.engine.ProcessingLog;
import io.ringbus.engine.ProducerMode;
import io.ringbus.engine.SubscriptionConfig;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.retry.WaitingOverflow;
import io.ringbus.engine.support.Numbered;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * Who subscribes to what, and which of its deliveries fail or publish: all functions of an event's id alone.
 *
 * @param index     its place in the plan
 * @param priority  at a start; it may join at another one later
 * @param wants     which events
 * @param recovery  what it is given of the past
 * @param failing   what fails, and what happens then
 * @param publishes what its handler publishes
 * @param running   where and how its handler runs
 * @param logsAll   whether each delivery is in the outcome log
 */
record SubscriptionPlan(int index, int priority, Wants wants, RecoveryMode recovery, Failing failing,
        Publishes publishes, Running running, boolean logsAll) {

    private static final int ALWAYS = 1_000;
    /** More than ever wait in a program. */
    private static final int PLENTY = 10_000;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    /** A type, and each so manieth id of it. */
    record Wants(Class<?> type, int modulus) {
    }

    /** Which first attempts fail, what throws when all do, and what the next events do meanwhile. */
    record Failing(long seed, Thrower thrower, int maxAttempts, RetryOrder order, int maxWaiting,
            WaitingOverflow overflow) {
    }

    /** What throws at events whose every attempt fails; at others the handler does. */
    enum Thrower {
        HANDLER, FILTER, MAPPING
    }

    /** On how many threads of its own, whether it takes a while, and how many handlings that end later may be open. */
    record Running(int workers, boolean slow, int maxInFlight) {

        boolean async() {
            return maxInFlight > 0;
        }
    }

    /** How a handler publishes. */
    enum Publishes {
        /** Not at all. */
        NOTHING,
        /** Through the engine, when there happens to be room. */
        BY_ENGINE,
        /** Through its context, with a cause. */
        FOLLOW_UPS
    }

    static SubscriptionPlan of(int index, SplittableRandom random, ProducerMode producers, boolean fused) {
        int dice = random.nextInt(8);
        RecoveryMode mode = dice < 4 ? RecoveryMode.RESUME : dice < 7 ? RecoveryMode.REBUILD : RecoveryMode.LIVE;
        Wants wants = new Wants(Events.typeToSubscribe(random.nextInt(6)), 1 + random.nextInt(3));
        Running running = running(random, mode, fused);
        return new SubscriptionPlan(index, 10 * (1 + random.nextInt(3)), wants, mode,
                failing(random, mode, running.async()), publishes(random, mode, producers), running,
                random.nextInt(4) == 0);
    }

    /** Sees all that happens in an engine without a journal, and does nothing. */
    static SubscriptionPlan observer(int index) {
        return new SubscriptionPlan(index, 1_000, new Wants(Numbered.class, 1), RecoveryMode.LIVE,
                new Failing(0, Thrower.HANDLER, 1, RetryOrder.FREE, 1, WaitingOverflow.BLOCK_STAGE), Publishes.NOTHING,
                new Running(0, false, 0), false);
    }

    private static Failing failing(SplittableRandom random, RecoveryMode mode, boolean async) {
        RetryOrder order = RetryOrder.values()[random.nextInt(RetryOrder.values().length)];
        if (mode == RecoveryMode.REBUILD && order == RetryOrder.PER_AGGREGATE) {
            order = RetryOrder.FREE;
        }
        WaitingOverflow overflow = WaitingOverflow.values()[random.nextInt(WaitingOverflow.values().length)];
        if (mode == RecoveryMode.REBUILD) {
            overflow = WaitingOverflow.BLOCK_STAGE;
        }
        int attempts = 1 + random.nextInt(3);
        // No event is mapped for an asynchronous handler.
        Thrower thrower = switch (random.nextInt(6)) {
            case 0 -> Thrower.FILTER;
            case 1 -> async ? Thrower.FILTER : Thrower.MAPPING;
            default -> Thrower.HANDLER;
        };
        return new Failing(random.nextInt(3) == 0 ? 0 : random.nextLong(), thrower,
                mode == RecoveryMode.REBUILD && order == RetryOrder.FREE ? 1 : attempts, order,
                random.nextBoolean() ? 1 + random.nextInt(3) : PLENTY, overflow);
    }

    private static Running running(SplittableRandom random, RecoveryMode mode, boolean fused) {
        int workers = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 0;
        int maxInFlight = random.nextInt(4) == 0 ? 1 + random.nextInt(6) : 0;
        return new Running(fused ? 0 : workers, random.nextInt(3) == 0,
                mode == RecoveryMode.REBUILD ? 0 : maxInFlight);
    }

    private static Publishes publishes(SplittableRandom random, RecoveryMode mode, ProducerMode producers) {
        int dice = random.nextInt(6);
        if (dice == 0 && mode == RecoveryMode.RESUME && producers == ProducerMode.MULTI) {
            return Publishes.BY_ENGINE;
        }
        return dice < 3 ? Publishes.FOLLOW_UPS : Publishes.NOTHING;
    }

    /** Its description for the engine, but for its handler. */
    void describe(SubscriptionConfig<?> config, int atPriority) {
        config.name(name()).priority(atPriority).recovery(recovery).retryOrder(failing.order)
                .maxWaiting(failing.maxWaiting, failing.overflow).workers(running.workers)
                .processingLog(logsAll ? ProcessingLog.EVERY_DELIVERY : ProcessingLog.FAILURES);
        if (recovery != RecoveryMode.REBUILD || failing.order == RetryOrder.BLOCKING) {
            config.retry(RetryPolicy.exponential(Duration.ofNanos(index * 200_000L)).jitter(0.5)
                    .maxAttempts(failing.maxAttempts));
        }
        if (running.async()) {
            config.maxInFlight(running.maxInFlight);
        }
        if (recovery == RecoveryMode.RESUME) {
            config.startAt(StartPosition.EARLIEST);
        }
    }

    /** Whether it can join a running chain: several workers cannot be given the past then. */
    boolean mayJoin(boolean journaled) {
        return running.workers <= 1 || !journaled || recovery == RecoveryMode.LIVE;
    }

    String name() {
        return "s" + index;
    }

    boolean passes(long id) {
        return id % wants.modulus == 0;
    }

    boolean accepts(long id) {
        return wants.type.isAssignableFrom(Events.typeOf(id)) && passes(id);
    }

    /** How many first attempts fail. */
    int failures(long id) {
        if (failing.seed == 0) {
            return 0;
        }
        int dice = new SplittableRandom(failing.seed ^ id * MIX).nextInt(20);
        return dice == 0 ? ALWAYS : dice < 4 ? dice : 0;
    }

    /** Whether all attempts fail before the handler is called. */
    boolean neverReaches(long id) {
        return failing.thrower != Thrower.HANDLER && failures(id) == ALWAYS;
    }

    boolean dies(long id) {
        return failures(id) >= failing.maxAttempts;
    }

    /** How many events its handler publishes for an event, each time it handles it. */
    int followUps(long id) {
        if (publishes != Publishes.FOLLOW_UPS || Events.isFollowUp(id)) {
            return 0;
        }
        int dice = new SplittableRandom(index + 1L ^ id * MIX).nextInt(8);
        return dice < 6 ? 0 : dice - 5;
    }

    /** Whether an event may become a dead letter because too many wait. */
    boolean mayOverflow(boolean isPaused) {
        return failing.overflow == WaitingOverflow.DEAD_LETTER && failing.maxWaiting < PLENTY
                && (isPaused || failing.order == RetryOrder.PER_AGGREGATE);
    }

    /** Whether its stage stands still when it is paused for long. */
    boolean blocksWhilePaused() {
        return failing.overflow == WaitingOverflow.BLOCK_STAGE && failing.maxWaiting < PLENTY;
    }
}
