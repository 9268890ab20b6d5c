package io.ringbus.examples.tradingcore;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Writes order flow that looks like that of a large stock in the first hour of a day; the bundled sample is its work.
 *
 * <p>A fair value wanders. New orders rest near it, on their side, most of them close to the best price. When it has
 * wandered through a price, the orders there are executed. Most orders are deleted soon after they came; a few are cut
 * down first. Messages come in bursts of microseconds with pauses of milliseconds between. Now and then a hidden order
 * is executed, a message concerns an order from before the opening, a finger slips; once, trading is halted.
 *
 * <p>The same seed gives the same bytes everywhere: {@link Random} and {@link StrictMath} are exactly specified.
 */
public final class SampleGenerator {

    /** The seed of the bundled sample. */
    static final long SAMPLE_SEED = 20_120_621;
    /** The messages of the bundled sample. */
    static final int SAMPLE_MESSAGES = 100_000;

    private static final long TICK = 100;
    private static final double FAIR_VALUE_AT_OPENING = 5_850_000;
    private static final long OPENING_NANOS = 34_200_000_000_000L;
    private static final double PAUSE_NANOS = 90_000_000;
    private static final double BURST_NANOS = 60_000;
    private static final double BURST_BEGINS = 0.04;
    private static final double BURST_ENDS = 0.08;
    private static final double WANDER_PER_ROOT_SECOND = 420;
    private static final int HALT_MESSAGES = 40;

    /** Where one kind of message ends and the next begins, for a die from 0 to 1. */
    private static final double HIDDEN_EXECUTIONS = 0.035;
    private static final double BEFORE_OPENING = 0.039;
    private static final double SLIPPED_FINGERS = 0.0392;
    private static final double CUTS = 0.048;
    private static final double DELETIONS = 0.46;
    private static final int USUAL_ORDERS = 400;

    private final Random random;
    private final PrintStream out;

    /** Live orders in order of arrival; the book by price is derived from it. */
    private final List<Order> live = new ArrayList<>();
    private final TreeMap<Long, List<Order>> asks = new TreeMap<>();
    private final TreeMap<Long, List<Order>> bids = new TreeMap<>();

    private double fairValue = FAIR_VALUE_AT_OPENING;
    private long nanos = OPENING_NANOS;
    private long nextId = 16_113_575;
    private boolean inBurst;
    private int written;

    private SampleGenerator(long seed, PrintStream out) {
        this.random = new Random(seed);
        this.out = out;
    }

    /**
     * Writes the bundled sample anew.
     *
     * @param args the file to write, gzip-compressed
     * @throws IOException when it cannot be written
     */
    public static void main(String[] args) throws IOException {
        try (OutputStream file = Files.newOutputStream(Path.of(args[0]));
                OutputStream packed = new SmallestGzip(file)) {
            generate(SAMPLE_SEED, SAMPLE_MESSAGES, packed);
        }
    }

    /**
     * Writes order messages as CSV lines.
     *
     * @param seed     decides all of them
     * @param messages how many
     * @param target   takes the lines; stays open
     */
    static void generate(long seed, int messages, OutputStream target) {
        PrintStream lines = new PrintStream(new BufferedOutputStream(target), false, StandardCharsets.US_ASCII);
        new SampleGenerator(seed, lines).run(messages);
        lines.flush();
    }

    private void run(int messages) {
        int haltAt = messages * 3 / 5;
        write(6, 0, 10_000 + random.nextInt(90_000), roundToTick(fairValue), -1);
        while (written < messages) {
            tick();
            if (written == haltAt) {
                halt(messages);
            } else {
                step(false);
            }
        }
    }

    private void step(boolean halted) {
        double dice = random.nextDouble();
        Order reached = halted ? null : reachedOrder();
        if (reached != null) {
            if (dice < 0.4) {
                execute(reached);
            } else {
                delete(reached);
            }
        } else if (dice < HIDDEN_EXECUTIONS) {
            if (!halted) {
                write(5, 0, size(), roundToTick(fairValue) + TICK / 2 * random.nextInt(3), randomSign());
            }
        } else if (dice < BEFORE_OPENING) {
            // The book never heard of it.
            write(random.nextInt(8) == 0 ? 2 : 3, 1_000_000 + random.nextInt(15_000_000), size(), farPrice(1), 1);
        } else if (dice < SLIPPED_FINGERS) {
            slipFinger();
        } else if (dice < CUTS && live.size() > USUAL_ORDERS / 4) {
            cutDown(recentOrder());
        } else if (dice < DELETIONS && live.size() > USUAL_ORDERS || live.size() > 4 * USUAL_ORDERS) {
            delete(recentOrder());
        } else {
            add();
        }
    }

    /** An order whose price the fair value has wandered through, or null. */
    private Order reachedOrder() {
        Order ask = best(asks);
        if (ask != null && ask.price < fairValue) {
            return ask;
        }
        Order bid = best(bids);
        return bid != null && bid.price > fairValue ? bid : null;
    }

    private void halt(int messages) {
        write(7, 0, 0, -1, -1);
        for (int i = 0; i < HALT_MESSAGES && written < messages - 2; i++) {
            tick();
            step(true);
        }
        nanos += 300_000_000_000L;
        writeIfRoom(messages, 0);
        nanos += 5_000_000_000L;
        writeIfRoom(messages, 1);
    }

    private void writeIfRoom(int messages, long code) {
        if (written < messages) {
            write(7, 0, 0, code, -1);
        }
    }

    /** Time goes on and the fair value wanders: in proportion to the root of the time, and a little back home. */
    private void tick() {
        inBurst = random.nextDouble() < (inBurst ? 1 - BURST_ENDS : BURST_BEGINS) || inBurst && random.nextInt(5) > 0;
        double meanNanos = inBurst ? BURST_NANOS : PAUSE_NANOS;
        long passed = 1_000 + (long) (-StrictMath.log(1 - random.nextDouble()) * meanNanos);
        nanos += passed;
        double step = random.nextGaussian() * StrictMath.sqrt(passed / 1e9) * WANDER_PER_ROOT_SECOND;
        fairValue += step + (FAIR_VALUE_AT_OPENING - fairValue) * 1e-6;
    }

    private void add() {
        int sign = randomSign();
        TreeMap<Long, List<Order>> side = side(sign);
        Order best = best(side);
        long inside = roundToTick(fairValue) + (sign > 0 ? -TICK : TICK) * (1 + random.nextInt(4));
        long touch = best == null || StrictMath.abs(best.price - inside) > 30 * TICK ? inside : best.price;
        double dice = random.nextDouble();
        long price = dice < 0.10 ? inside : dice < 0.95 ? touch - sign * TICK * geometric(0.12) : farPrice(sign);
        long limit = (long) fairValue;
        if (sign > 0 ? price > limit : price < limit) {
            price = inside;
        }
        Order order = new Order(nextId, price, sign, size());
        nextId += 1 + geometric(0.2);
        live.add(order);
        side.computeIfAbsent(price, p -> new ArrayList<>()).add(order);
        write(1, order.id, order.left, order.price, sign);
    }

    private void execute(Order order) {
        long size = random.nextInt(4) == 0 ? 1 + random.nextInt((int) Math.min(order.left, 100)) : order.left;
        size = Math.min(size, order.left);
        write(4, order.id, size, order.price, order.sign);
        reduce(order, size);
    }

    private void delete(Order order) {
        write(3, order.id, order.left, order.price, order.sign);
        reduce(order, order.left);
    }

    private void cutDown(Order order) {
        if (order.left < 2) {
            delete(order);
            return;
        }
        long size = 1 + random.nextInt((int) order.left - 1);
        write(2, order.id, size, order.price, order.sign);
        reduce(order, size);
    }

    /** An order that no desk should have let out; it is deleted like any other. */
    private void slipFinger() {
        int sign = randomSign();
        boolean huge = random.nextBoolean();
        Order order = new Order(nextId++, huge ? farPrice(sign) : sign > 0 ? 1 : 2_000_000_000L, sign,
                huge ? 1_000_000 : 100);
        live.add(order);
        side(sign).computeIfAbsent(order.price, p -> new ArrayList<>()).add(order);
        write(1, order.id, order.left, order.price, sign);
    }

    private void reduce(Order order, long size) {
        order.left -= size;
        if (order.left == 0) {
            live.remove(order);
            TreeMap<Long, List<Order>> side = side(order.sign);
            List<Order> level = side.get(order.price);
            level.remove(order);
            if (level.isEmpty()) {
                side.remove(order.price);
            }
        }
    }

    private Order best(TreeMap<Long, List<Order>> side) {
        if (side.isEmpty()) {
            return null;
        }
        return (side == asks ? side.firstEntry() : side.lastEntry()).getValue().get(0);
    }

    private TreeMap<Long, List<Order>> side(int sign) {
        return sign > 0 ? bids : asks;
    }

    private Order recentOrder() {
        int back = (int) Math.min(geometric(0.008), live.size() - 1);
        return live.get(live.size() - 1 - back);
    }

    private long farPrice(int sign) {
        return roundToTick(fairValue) - sign * TICK * (100 + random.nextInt(4_000));
    }

    private long size() {
        double dice = random.nextDouble();
        return dice < 0.6 ? 100 : dice < 0.8 ? 1 + random.nextInt(99) : 100L * (1 + geometric(0.35));
    }

    private long geometric(double p) {
        return (long) (StrictMath.log(1 - random.nextDouble()) / StrictMath.log(1 - p));
    }

    private int randomSign() {
        return random.nextBoolean() ? 1 : -1;
    }

    private void write(int type, long id, long size, long price, int sign) {
        String time = String.format(Locale.ROOT, "%d.%09d", nanos / 1_000_000_000L, nanos % 1_000_000_000L)
                .replaceAll("\\.?0+$", "");
        out.print(time + "," + type + "," + id + "," + size + "," + price + "," + sign + "\n");
        written++;
    }

    private static long roundToTick(double price) {
        return Math.round(price / TICK) * TICK;
    }

    private static final class Order {

        private final long id;
        private final long price;
        private final int sign;
        private long left;

        Order(long id, long price, int sign, long left) {
            this.id = id;
            this.price = price;
            this.sign = sign;
            this.left = left;
        }
    }

    private static final class SmallestGzip extends GZIPOutputStream {

        SmallestGzip(OutputStream target) throws IOException {
            super(target);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
