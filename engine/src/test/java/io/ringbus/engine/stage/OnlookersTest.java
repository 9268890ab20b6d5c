package io.ringbus.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OnlookersTest {

    private static final int ROUNDS = 20_000;

    private final Onlookers onlookers = new Onlookers();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void shouldReturnAtOnceWhenThereIsNothingToWaitFor() {
        assertThat(onlookers.await(() -> true, () -> false)).isTrue();
    }

    @Test
    void shouldGiveUpWhenWaitingIsOfNoUse() {
        assertThat(onlookers.await(() -> false, () -> false)).isFalse();
    }

    @Test
    void shouldLookOnceMoreBeforeItGivesUp() {
        AtomicBoolean there = new AtomicBoolean();
        assertThat(onlookers.await(there::get, () -> {
            there.set(true);
            return false;
        })).isTrue();
    }

    @Test
    void shouldNoticeWhatHappensWithoutBeingWoken() throws Exception {
        AtomicBoolean there = new AtomicBoolean();
        AtomicBoolean waits = new AtomicBoolean();
        CompletableFuture<Boolean> waiter = CompletableFuture.supplyAsync(() -> onlookers.await(there::get, () -> {
            waits.set(true);
            return true;
        }), threads);
        while (!waits.get()) {
            Thread.onSpinWait();
        }
        there.set(true);

        assertThat(waiter.get()).isTrue();
    }

    /** "A waiter returns when its condition holds", whoever else waits, comes and goes. */
    @Test
    void shouldLetEachOfSeveralGoAtItsTime() throws Exception {
        AtomicLong position = new AtomicLong();
        AtomicLong[] wanted = {new AtomicLong(), new AtomicLong(), new AtomicLong()};
        List<CompletableFuture<Long>> waiters = new ArrayList<>();
        for (AtomicLong own : wanted) {
            waiters.add(CompletableFuture.supplyAsync(() -> {
                long early = 0;
                for (long round = 1; round <= ROUNDS; round++) {
                    long due = round;
                    own.set(due);
                    onlookers.await(() -> position.get() >= due, () -> true);
                    early += position.get() < due ? 1 : 0;
                }
                return early;
            }, threads));
        }
        while (position.get() < ROUNDS) {
            long slowest = Long.MAX_VALUE;
            for (AtomicLong own : wanted) {
                slowest = Math.min(slowest, own.get());
            }
            if (slowest > position.get()) {
                position.set(slowest);
                onlookers.moved();
            }
        }
        for (CompletableFuture<Long> waiter : waiters) {
            assertThat(waiter.get(60, TimeUnit.SECONDS)).isZero();
        }
        onlookers.moved();
    }
}
