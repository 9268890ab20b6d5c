package io.ringbus.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TurnsTest {

    private final ExecutorService forks = Executors.newCachedThreadPool();
    /** As long as a fork lives; the collector closes a socket that nobody holds. */
    private final List<TurnTaker> takers = new ArrayList<>();
    private final List<String> iterations = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void endForks() {
        forks.shutdownNow();
    }

    @Test
    void shouldGiveEachItsTurnInTheOrderOfTheirNumbers() throws Exception {
        try (Turns turns = new Turns(3)) {
            List<Future<?>> ends = List.of(iterate(turns, 2, 3), iterate(turns, 1, 3), iterate(turns, 0, 3));
            for (Future<?> end : ends) {
                end.get();
            }
        }

        assertThat(iterations).containsExactly("0 begins", "0 ends", "1 begins", "1 ends", "2 begins", "2 ends",
                "0 begins", "0 ends", "1 begins", "1 ends", "2 begins", "2 ends",
                "0 begins", "0 ends", "1 begins", "1 ends", "2 begins", "2 ends");
    }

    @Test
    void shouldGoOnWithoutThoseThatHaveLeft() throws Exception {
        try (Turns turns = new Turns(3)) {
            Future<?> longer = iterate(turns, 2, 3);
            Future<?> shorter = iterate(turns, 0, 1);
            shorter.get();
            turns.leave(0);
            turns.leave(1);
            longer.get();
        }

        assertThat(iterations).containsExactly("0 begins", "0 ends", "2 begins", "2 ends", "2 begins", "2 ends",
                "2 begins", "2 ends");
    }

    @Test
    void shouldWaitForWhoseTurnItIs() throws Exception {
        try (Turns turns = new Turns(2)) {
            Future<?> second = iterate(turns, 1, 1);

            assertThatThrownBy(() -> second.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

            iterate(turns, 0, 1).get();
            second.get();
        }

        assertThat(iterations).containsExactly("0 begins", "0 ends", "1 begins", "1 ends");
    }

    @Test
    void shouldFailWhoWaitsWhenTurnsEnd() throws Exception {
        Future<?> waiting;
        try (Turns turns = new Turns(2)) {
            iterate(turns, 0, 1).get();
            waiting = iterate(turns, 1, 2);
            assertThatThrownBy(() -> waiting.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        }

        assertThatThrownBy(waiting::get).hasCauseInstanceOf(UncheckedIOException.class);
    }

    /** A fork that has ended in its turn, and one that ends while it waits. */
    @Test
    void shouldGoOnWhenForksEndWithoutPassing() throws Exception {
        try (Turns turns = new Turns(3)) {
            TurnTaker first = new TurnTaker(turns.address(0));
            first.await();
            Future<?> second = iterate(turns, 1, 2);
            Future<?> third = iterate(turns, 2, 1);
            turns.leave(1);
            first.close();
            third.get();

            assertThatThrownBy(second::get).hasCauseInstanceOf(UncheckedIOException.class);
        }
        assertThat(iterations).containsExactly("2 begins", "2 ends");
    }

    @Test
    void shouldNotTakeATurnAwayWithALatePass() throws Exception {
        try (Turns turns = new Turns(3)) {
            TurnTaker late = new TurnTaker(turns.address(0));
            late.await();
            turns.leave(0);
            TurnTaker holder = new TurnTaker(turns.address(1));
            holder.await();
            late.pass();
            Future<?> next = iterate(turns, 2, 1);

            assertThatThrownBy(() -> next.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

            holder.pass();
            next.get();
            late.close();
            holder.close();
        }
    }

    /** As a fork does it. */
    private Future<?> iterate(Turns turns, int member, int times) {
        TurnTaker taker = new TurnTaker(turns.address(member));
        takers.add(taker);
        return forks.submit(() -> {
            for (int i = 0; i < times; i++) {
                taker.await();
                iterations.add(member + " begins");
                iterations.add(member + " ends");
                taker.pass();
            }
        });
    }
}
