package io.ringbus.engine.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.error.WrongProducerThreadException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** One owner, and intruders now and then: never two at a time. */
class ProducerGateTest {

    private static final int INTRUSIONS = 200_000;
    private static final int ENTRIES = 2_000_000;
    private static final int LINE_LONGS = 8;
    private static final int LINES = 64;

    /** Whose turn it is: written by whoever has passed the gate, with nothing else to keep them apart. */
    private final AtomicInteger holder = new AtomicInteger();
    private final AtomicLong clashes = new AtomicLong();
    /** Written by both all the time: what the owner writes to the gate has to queue behind its writes to these. */
    private final long[] contended = new long[LINES * LINE_LONGS];

    @Test
    void shouldLetOwnerAndIntrudersInOneAtATime() throws Exception {
        ProducerGate gate = ProducerGate.single();
        AtomicBoolean ended = new AtomicBoolean();
        AtomicLong entries = new AtomicLong();
        CompletableFuture<Void> owner = CompletableFuture.runAsync(() -> {
            for (int burst = 0; !ended.get(); burst++) {
                for (int i = burst % 300; i >= 0; i--) {
                    writeToContendedLines();
                    gate.enter();
                    beThere(1);
                    gate.exit();
                    entries.lazySet(entries.getPlain() + 1);
                }
                if (burst % 50 == 0) {
                    rest();
                }
            }
        }, task -> new Thread(task, "owner").start());
        for (int intrusions = 0; intrusions < INTRUSIONS || entries.get() < ENTRIES; ) {
            for (int i = intrusions % 200; i >= 0; i--) {
                Thread.onSpinWait();
            }
            writeToContendedLines();
            if (gate.intrude(1_000)) {
                beThere(2);
                gate.withdraw();
                if (++intrusions % 1_000 == 0) {
                    rest();
                }
            }
        }
        ended.set(true);

        owner.get(60, TimeUnit.SECONDS);
        assertThat(clashes).hasValue(0);
    }

    @Test
    void shouldKeepAnIntruderOutWhileTheOwnerIsInside() {
        ProducerGate gate = ProducerGate.single();
        gate.enter();
        assertThat(gate.intrude(1_000)).isFalse();

        gate.exit();
        assertThat(gate.intrude(1_000)).isTrue();
        gate.withdraw();
    }

    @Test
    void shouldRefuseASecondOwnerAndASecondEntry() {
        ProducerGate gate = ProducerGate.single();
        gate.enter();

        assertThatThrownBy(gate::enter).isInstanceOf(EngineStateException.class)
                .hasMessageContaining("producerMode=SINGLE");
        gate.exit();
        assertThatThrownBy(() -> CompletableFuture.runAsync(gate::enter).get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(WrongProducerThreadException.class);
    }

    /** Clashes with whoever else is there meanwhile. */
    private void beThere(int who) {
        holder.setOpaque(who);
        for (int looks = 0; looks < 20; looks++) {
            if (holder.getOpaque() != who) {
                clashes.incrementAndGet();
                return;
            }
        }
    }

    private void writeToContendedLines() {
        for (int at = 0; at < contended.length; at += LINE_LONGS) {
            contended[at]++;
        }
    }

    private static void rest() {
        LockSupport.parkNanos(50_000);
    }
}
