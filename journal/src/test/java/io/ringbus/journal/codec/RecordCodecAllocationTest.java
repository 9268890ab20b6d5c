package io.ringbus.journal.codec;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;

/** Promise 7: encoding allocates nothing in steady state. */
class RecordCodecAllocationTest {

    private static final int ENCODES = 1_000_000;
    private static final int ROUNDS = 8;

    enum Side { BUY, SELL }

    record Leg(long id, String venue, Side side) {
    }

    record Order(long id, String symbol, String wide, Side side, double price, int size, float ratio, boolean hidden,
                 short tiny, char mark, Integer box, Optional<String> note, Optional<Leg> best, Leg first, Leg none,
                 List<Leg> legs, List<String> tags, List<List<Long>> rows, Instant at, Duration took, LocalDate day,
                 UUID uuid, BigInteger big) {
    }

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Order order = new Order(123_456_789L, "AAPL", "\u8cb7\u3046", Side.SELL, 585.33, 100, 0.5f, true,
            (short) 3, 'x', 7_000, Optional.of("note"), Optional.of(new Leg(1, "XNAS", Side.BUY)),
            new Leg(2, "ARCA", null), null, new ArrayList<>(List.of(new Leg(3, "BATS", Side.BUY))),
            List.of("a", "b", "c"), Arrays.asList(List.of(1_000L, 2_000L), null), Instant.now(), Duration.ofNanos(5),
            LocalDate.of(2012, 6, 21), new UUID(1, 2), BigInteger.valueOf(Long.MIN_VALUE));

    @Test
    void shouldAllocateNothingWhenEncodingIntoAHeapBuffer() {
        assertThat(fewestBytes(ByteBuffer.allocate(4096))).isZero();
    }

    @Test
    void shouldAllocateNothingWhenEncodingIntoADirectBuffer() {
        assertThat(fewestBytes(ByteBuffer.allocateDirect(4096))).isZero();
    }

    /** The first rounds compile; the bytes of a whole round, not of one call, come out. */
    private long fewestBytes(ByteBuffer buffer) {
        RecordCodec<Order> codec = RecordCodec.of(Order.class);
        buffer.order(ByteOrder.LITTLE_ENDIAN);
        long fewest = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && fewest > 0; round++) {
            long before = allocated();
            for (int i = 0; i < ENCODES; i++) {
                codec.encode(order, buffer.clear());
            }
            fewest = Math.min(fewest, allocated() - before);
        }
        assertThat(codec.decode(buffer.flip(), 1, null)).isEqualTo(order);
        return fewest;
    }

    private long allocated() {
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
