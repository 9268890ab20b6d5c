package io.ringbus.engine.spi;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SystemEngineClockTest {

    /** Over several of its looks at the wall clock, which come once a second. */
    @Test
    void shouldStayAtTheWallClockAndMakeNoGarbage() {
        EngineClock clock = EngineClock.system();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(3_200);
        long before = threads.getThreadAllocatedBytes(thread);
        long last = 0;
        while (System.nanoTime() - end < 0) {
            last = clock.epochNanos();
        }
        long allocated = threads.getThreadAllocatedBytes(thread) - before;

        assertThat(allocated).isZero();
        // A minute is no claim about its precision, but about its unit and its epoch.
        assertThat(TimeUnit.NANOSECONDS.toSeconds(last)).isBetween(System.currentTimeMillis() / 1_000 - 60,
                System.currentTimeMillis() / 1_000 + 60);
    }
}
