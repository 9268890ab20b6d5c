package io.ringbus.engine.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A stage that waits for place 7; the stage before it gets there after some looks. */
class SparingWaitStrategyTest {

    private static final long AWAITED = 7;
    private static final int LOOKS = 500;
    private static final int RING_SIZE = 8_192;
    private static final long LONG_BACKLOG = RING_SIZE / 2;

    private final AtomicInteger naps = new AtomicInteger();
    private final SparingWaitStrategy strategy = new SparingWaitStrategy(RING_SIZE, naps::incrementAndGet);
    private final Sequence cursor = new Sequence();

    @Test
    void shouldSleepWhileTheStageBeforeHasALongBacklogAndThreadsAreMoreThanProcessors() throws Exception {
        strategy.crowded(true);
        cursor.set(AWAITED - 1 + LONG_BACKLOG);

        assertThat(waitBehind(new GetsThereAfter(LOOKS))).isEqualTo(AWAITED);
        assertThat(naps.get()).isBetween(LOOKS / 2, LOOKS);
    }

    @Test
    void shouldKeepAwakeWhenTheBacklogIsShort() throws Exception {
        strategy.crowded(true);
        cursor.set(AWAITED - 2 + LONG_BACKLOG);

        assertThat(waitBehind(new GetsThereAfter(LOOKS))).isEqualTo(AWAITED);
        assertThat(naps).hasValue(0);
    }

    @Test
    void shouldKeepAwakeWhereProcessorsAreEnough() throws Exception {
        cursor.set(AWAITED - 1 + LONG_BACKLOG);

        assertThat(waitBehind(new GetsThereAfter(LOOKS))).isEqualTo(AWAITED);
        assertThat(naps).hasValue(0);
    }

    @Test
    void shouldEndWhenAlerted() {
        strategy.crowded(true);
        cursor.set(AWAITED - 1 + LONG_BACKLOG);

        assertThatThrownBy(() -> strategy.waitFor(AWAITED, cursor, new Sequence(0), new AlertedAfter(LOOKS)))
                .isSameAs(AlertException.INSTANCE);
    }

    private long waitBehind(Sequence stageBefore) throws AlertException {
        return strategy.waitFor(AWAITED, cursor, stageBefore, new AlertedAfter(Integer.MAX_VALUE));
    }

    private static final class GetsThereAfter extends Sequence {
        private int left;

        GetsThereAfter(int looks) {
            left = looks;
        }

        @Override
        public long get() {
            return left-- > 0 ? AWAITED - 1 : AWAITED;
        }
    }

    private static final class AlertedAfter implements SequenceBarrier {
        private int left;

        AlertedAfter(int looks) {
            left = looks;
        }

        @Override
        public void checkAlert() throws AlertException {
            if (left-- <= 0) {
                throw AlertException.INSTANCE;
            }
        }

        @Override
        public long waitFor(long sequence) {
            throw new UnsupportedOperationException("the strategy is what waits");
        }

        @Override
        public long getCursor() {
            throw new UnsupportedOperationException("the strategy is given the cursor");
        }

        @Override
        public boolean isAlerted() {
            return left <= 0;
        }

        @Override
        public void alert() {
            left = 0;
        }

        @Override
        public void clearAlert() {
            throw new UnsupportedOperationException("a halted chain stays halted");
        }
    }
}
