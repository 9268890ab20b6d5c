package io.ringbus.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;

import com.lmax.disruptor.SequenceBarrier;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

    private static final long FORCE = 1_000;
    /** With the look at the clock that finds it over. */
    private static final long HALF = FORCE / 2 + 1;

    private final Arrivals arrivals = new Arrivals();
    private final GroupCommit groupCommit = new GroupCommit(arrivals::tick);
    private long next;

    @Test
    void shouldWaitForNobodyWhenNobodyWaited() {
        arrivals.cursor(0, 3);

        assertThat(groupCommit.gather(0, arrivals, FORCE)).isFalse();
        assertThat(arrivals.now).isZero();
    }

    @Test
    void shouldWaitUntilAsManyHaveComeAsTheLastBatchHeld() {
        gatherFirstBatchOf(4);
        groupCommit.released(3);
        arrivals.cursor(10, 4).cursor(200, 6).cursor(400, 7).cursor(450, 8);

        assertThat(groupCommit.gather(4, arrivals, FORCE)).isTrue();
        assertThat(arrivals.now).isEqualTo(400);
    }

    /** Two groups of publishers that take turns would each wait for the force of the other. */
    @Test
    void shouldAddThoseReleasedToThoseWhoCameDuringTheForce() {
        gatherFirstBatchOf(4);
        arrivals.cursor(0, 5);
        groupCommit.released(5);
        arrivals.cursor(100, 7).cursor(200, 9);

        groupCommit.gather(4, arrivals, FORCE);
        assertThat(arrivals.now).isEqualTo(200);
    }

    @Test
    void shouldWaitAtMostForHalfAForce() {
        gatherFirstBatchOf(4);
        groupCommit.released(3);
        arrivals.cursor(10, 4);

        groupCommit.gather(4, arrivals, FORCE);
        assertThat(arrivals.now).isEqualTo(HALF);
        assertThat(groupCommit.gather(4, arrivals, FORCE)).as("it has waited").isFalse();
    }

    @Test
    void shouldGoOnExpectingWhenNothingHasCome() {
        gatherFirstBatchOf(2);
        groupCommit.released(1);

        groupCommit.gather(2, arrivals, FORCE);
        assertThat(arrivals.now).isEqualTo(HALF);
        arrivals.cursor(5_000, 2).cursor(5_100, 3);
        arrivals.now = 5_000;
        groupCommit.gather(2, arrivals, FORCE);
        assertThat(arrivals.now).isEqualTo(5_100);
    }

    @Test
    void shouldWaitForBurstsOnlyWhenAnExpectationWasInVain() {
        gatherFirstBatchOf(9);
        assertThat(timeFor(8)).as("in vain").isEqualTo(HALF);
        long begun = arrivals.now;
        groupCommit.released(next - 1);
        arrivals.cursor(begun + 10, next).cursor(begun + 20, next + 1);

        groupCommit.gather(next, arrivals, FORCE);
        assertThat(arrivals.now - begun).as("a pause of a 16th of a force, behind the last event")
                .isBetween(20 + FORCE / 16, 22 + FORCE / 16);
    }

    @Test
    void shouldDoubtForMoreBatchesEachTimeAndTrustAgain() {
        gatherFirstBatchOf(30);
        List<Integer> inVain = new ArrayList<>();
        for (int size = 29; size > 5; size--) {
            if (timeFor(size) == HALF) {
                inVain.add(size);
            }
        }
        assertThat(inVain).as("1, 3 and 7 behind it are not waited for").containsExactly(29, 27, 23, 15);
        for (int size = 5; size > 0; size--) {
            assertThat(timeFor(size)).as("15 behind it").isLessThan(HALF);
        }
        assertThat(timeFor(1)).as("what was expected").isLessThan(HALF);
        gatherFirstBatchOf(3);
        assertThat(timeFor(2)).isEqualTo(HALF);
    }

    @Test
    void shouldEndWhenTheChainIsHalted() {
        gatherFirstBatchOf(4);
        groupCommit.released(3);
        arrivals.alertAt = 30;

        groupCommit.gather(4, arrivals, FORCE);
        assertThat(arrivals.now).isEqualTo(30);
    }

    /** As many as are asked for, at once. */
    private void gatherFirstBatchOf(int events) {
        timeFor(events);
        arrivals.restart(next - 1);
    }

    /** What it waits for a batch whose events come at the same time, one nanosecond after the last force. */
    private long timeFor(int events) {
        long begun = arrivals.now;
        groupCommit.released(next - 1);
        arrivals.cursor(begun + 1, next + events - 1);
        groupCommit.gather(next, arrivals, FORCE);
        next += events;
        return arrivals.now - begun;
    }

    /** The ring's cursor as time goes by: a nanosecond for each look at the clock. */
    private static final class Arrivals implements SequenceBarrier {

        private final NavigableMap<Long, Long> cursors = new TreeMap<>();
        private long now;
        private long alertAt = Long.MAX_VALUE;

        Arrivals cursor(long at, long cursorThen) {
            cursors.put(at, cursorThen);
            return this;
        }

        void restart(long cursorNow) {
            now = 0;
            cursors.clear();
            cursors.put(0L, cursorNow);
        }

        long tick() {
            return now++;
        }

        @Override
        public long getCursor() {
            var entry = cursors.floorEntry(now);
            return entry == null ? -1 : entry.getValue();
        }

        @Override
        public boolean isAlerted() {
            return now >= alertAt;
        }

        @Override
        public long waitFor(long sequence) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void alert() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void clearAlert() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkAlert() {
            throw new UnsupportedOperationException();
        }
    }
}
