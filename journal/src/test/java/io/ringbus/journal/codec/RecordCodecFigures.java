package io.ringbus.journal.codec;

import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Prints size, time and garbage of the codec; a program, not a test, because no test asserts a time. */
final class RecordCodecFigures {

    private static final int ROUNDS = 5;
    private static final int CALLS = 2_000_000;

    enum Side { BUY, SELL }

    record Order(long id, String symbol, Side side, double price, int size) {
    }

    record Leg(long id, String venue) {
    }

    record Spread(long id, String symbol, Side side, List<Leg> legs, List<String> tags) {
    }

    record Quote(Instant at, BigDecimal price, Optional<String> note) {
    }

    record Wide(long id, int size, long price, int side, long time, Instant at) {
    }

    record OldOrder(String venue, int size, double price, Side side, long id) {
    }

    private RecordCodecFigures() {
    }

    public static void main(String[] arguments) {
        Order order = new Order(123_456_789L, "AAPL", Side.BUY, 585.33, 100);
        Spread spread = new Spread(7, "MSFT", Side.SELL,
                new ArrayList<>(List.of(new Leg(1, "XNAS"), new Leg(2, "ARCA"))), new ArrayList<>(List.of("a", "b")));
        Quote quote = new Quote(Instant.now(), new BigDecimal("585.33"), Optional.of("x"));
        Wide wide = new Wide(16_113_575, 18, 5_853_300, 1, 34_200_004_241_176L, Instant.now());
        for (ByteBuffer buffer : List.of(ByteBuffer.allocate(4096), ByteBuffer.allocateDirect(4096))) {
            buffer.order(ByteOrder.LITTLE_ENDIAN);
            measure("five fields", RecordCodec.of(Order.class), order, buffer);
            measure("nested, lists", RecordCodec.of(Spread.class), spread, buffer);
            measure("Instant, BigDecimal", RecordCodec.of(Quote.class), quote, buffer);
            measure("six numbers", RecordCodec.of(Wide.class), wide, buffer);
            buffer.clear();
            RecordCodec.of(OldOrder.class).encode(new OldOrder("XNAS", 100, 585.33, Side.BUY, 123_456_789L), buffer);
            decode("five fields, older layout", RecordCodec.of(Order.class), buffer.flip());
        }
    }

    private static <T> void measure(String name, RecordCodec<T> codec, T event, ByteBuffer buffer) {
        long time = Long.MAX_VALUE;
        long allocated = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long before = allocated();
            long begin = System.nanoTime();
            for (int i = 0; i < CALLS; i++) {
                codec.encode(event, buffer.clear());
            }
            time = Math.min(time, System.nanoTime() - begin);
            allocated = allocated() - before;
        }
        System.out.printf("%-26s direct=%-5s %4d B  encode %6.1f ns %6.2f B allocated%n", name, buffer.isDirect(),
                buffer.position(), (double) time / CALLS, (double) allocated / CALLS);
        decode(name, codec, buffer.flip());
    }

    private static <T> void decode(String name, RecordCodec<T> codec, ByteBuffer buffer) {
        long time = Long.MAX_VALUE;
        long allocated = 0;
        int blackHole = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long before = allocated();
            long begin = System.nanoTime();
            for (int i = 0; i < CALLS; i++) {
                blackHole += codec.decode(buffer.rewind(), 1, null) == null ? 1 : 0;
            }
            time = Math.min(time, System.nanoTime() - begin);
            allocated = allocated() - before;
        }
        System.out.printf("%-26s direct=%-5s %4d B  decode %6.1f ns %6.2f B allocated%s%n", name, buffer.isDirect(),
                buffer.limit(), (double) time / CALLS, (double) allocated / CALLS, blackHole == 0 ? "" : ".");
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
