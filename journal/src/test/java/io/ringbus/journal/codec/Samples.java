package io.ringbus.journal.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** Records that hold everything the codec knows, random ones, and the way to bytes and back. */
final class Samples {

    static final int ROOM = 64 * 1024;

    enum Side { BUY, SELL, 買う }

    record Venue(String name, Optional<Integer> rank) {
    }

    record Leg(long orderId, Venue venue, BigDecimal price, Side side) {
    }

    record Numbers(boolean flag, byte tiny, short small, char letter, int size, long id, float ratio, double price) {
    }

    record Boxes(Boolean flag, Byte tiny, Short small, Character letter, Integer size, Long id, Float ratio,
                 Double price) {
    }

    record Rich(Numbers numbers, Boxes boxes, String text, Side side, Instant at, Duration took, LocalDate day,
                UUID uuid, BigInteger big, BigDecimal decimal, Optional<String> note, Optional<Leg> best,
                List<Leg> legs, List<List<String>> rows, Set<Side> sides, Set<String> tags,
                Map<String, Leg> byName, Map<Long, List<Integer>> byId, Optional<List<Optional<Double>>> deep) {
    }

    private static final long[] EDGES = {0, 1, -1, 63, 64, -64, -65, 127, 128, 255, 256, Short.MAX_VALUE,
        Short.MIN_VALUE, Integer.MAX_VALUE, Integer.MIN_VALUE, 1L << 35, Long.MAX_VALUE, Long.MIN_VALUE};

    private final Random random;

    Samples(long seed) {
        this.random = new Random(seed);
    }

    static <T> byte[] bytes(RecordCodec<T> codec, T event) {
        ByteBuffer buffer = ByteBuffer.allocate(ROOM).order(ByteOrder.LITTLE_ENDIAN);
        codec.encode(event, buffer);
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    static <T> T event(RecordCodec<T> codec, byte[] bytes) {
        return codec.decode(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), 1, null);
    }

    static <A, B> B reread(A written, Class<A> before, Class<B> after) {
        return event(RecordCodec.of(after), bytes(RecordCodec.of(before), written));
    }

    Rich rich() {
        return new Rich(orNull(this::numbers), orNull(this::boxes), orNull(this::text), orNull(this::side),
                orNull(this::instant), orNull(() -> Duration.ofSeconds(integer(), random.nextInt(1_000_000_000))),
                orNull(() -> LocalDate.ofEpochDay(random.nextInt())), orNull(() -> new UUID(integer(), integer())),
                orNull(this::bigInteger), orNull(this::decimal), Optional.ofNullable(orNull(this::text)),
                Optional.ofNullable(orNull(this::leg)), orNull(() -> list(() -> orNull(this::leg))),
                orNull(() -> list(() -> orNull(() -> list(this::text)))),
                orNull(() -> new HashSet<>(list(this::side))), orNull(() -> new HashSet<>(list(this::text))),
                orNull(() -> map(this::text, () -> orNull(this::leg))),
                orNull(() -> map(this::integer, () -> list(random::nextInt))),
                Optional.ofNullable(orNull(() -> list(() -> Optional.ofNullable(orNull(this::real))))));
    }

    private Numbers numbers() {
        return new Numbers(random.nextBoolean(), (byte) integer(), (short) integer(), (char) integer(),
                (int) integer(), integer(), (float) real(), real());
    }

    private Boxes boxes() {
        return new Boxes(orNull(random::nextBoolean), orNull(() -> (byte) integer()), orNull(() -> (short) integer()),
                orNull(() -> (char) integer()), orNull(() -> (int) integer()), orNull(this::integer),
                orNull(() -> (float) real()), orNull(this::real));
    }

    private Leg leg() {
        return new Leg(integer(), orNull(() -> new Venue(text(), Optional.ofNullable(orNull(random::nextInt)))),
                orNull(this::decimal), orNull(this::side));
    }

    private Side side() {
        return Side.values()[random.nextInt(Side.values().length)];
    }

    private Instant instant() {
        return random.nextInt(20) == 0 ? random.nextBoolean() ? Instant.MAX : Instant.MIN
                : Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
    }

    private BigInteger bigInteger() {
        return random.nextBoolean() ? BigInteger.valueOf(integer())
                : new BigInteger(random.nextInt(300), random).multiply(BigInteger.valueOf(random.nextInt(3) - 1));
    }

    private BigDecimal decimal() {
        return new BigDecimal(bigInteger(), random.nextInt(40) - 20);
    }

    private long integer() {
        return random.nextInt(3) == 0 ? random.nextLong() >> random.nextInt(64)
                : EDGES[random.nextInt(EDGES.length)];
    }

    private double real() {
        return random.nextInt(3) == 0 ? Double.longBitsToDouble(random.nextLong()) : random.nextGaussian();
    }

    private String text() {
        int limit = new int[] {0x80, 0x100, 0x10000}[random.nextInt(3)];
        char[] characters = new char[random.nextInt(5) == 0 ? random.nextInt(200) : random.nextInt(9)];
        for (int i = 0; i < characters.length; i++) {
            characters[i] = (char) random.nextInt(limit);
        }
        return new String(characters);
    }

    private <V> List<V> list(Supplier<V> value) {
        List<V> list = new ArrayList<>();
        for (int left = random.nextInt(5); left > 0; left--) {
            list.add(value.get());
        }
        return list;
    }

    private <K, V> Map<K, V> map(Supplier<K> key, Supplier<V> value) {
        Map<K, V> map = new HashMap<>();
        for (int left = random.nextInt(5); left > 0; left--) {
            map.put(key.get(), value.get());
        }
        return map;
    }

    private <V> V orNull(Supplier<V> value) {
        return random.nextInt(8) == 0 ? null : value.get();
    }
}
