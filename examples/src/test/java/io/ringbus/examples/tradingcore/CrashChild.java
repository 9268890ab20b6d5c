package io.ringbus.examples.tradingcore;

import io.ringbus.engine.EventEngineConfig;
import io.ringbus.engine.RecoveryReport;
import io.ringbus.engine.SubscriptionConfig;
import io.ringbus.engine.event.EventHandler;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.journal.ChronicleJournal;
import io.ringbus.journal.policy.SyncMode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * The process that the crash test kills: a trading core that publishes in bursts with pauses between, and writes down,
 * in a file of its own, what it was told is in the journal. It does not end by itself, unless the test does.
 */
final class CrashChild {

    /** Said before it publishes, with how many events handlers had decided on that the kill kept from the journal. */
    static final String RECOVERED = "recovered, lost follow-ups: ";

    private static final int LARGEST_BURST = 120;
    private static final int EVENTS_PER_REST = 20;
    /** In paces: most of the time something waits behind a rest. */
    private static final int LONGEST_REST = 30;
    private static final int BEFORE_THE_BOOK = 15;

    private CrashChild() {
    }

    /**
     * What a child is told.
     *
     * @param input    the order messages
     * @param journal  the journal's directory
     * @param acks     where it writes {@code line,sequence} of what is in the journal
     * @param chain    how the chain runs
     * @param failRate of the gateways
     * @param pace     nanoseconds of pause for each message, on average
     * @param seed     of bursts, pauses and the checkpoints' interval
     */
    record Order(Path input, Path journal, Path acks, Layout chain, double failRate, long pace, long seed) {

        /**
         * How the chain runs.
         *
         * @param sync  the journal's sync mode
         * @param fused whether the chain runs on one thread
         */
        record Layout(SyncMode sync, boolean fused) {
        }

        static Order parse(String[] args) {
            return new Order(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]),
                    new Layout(SyncMode.valueOf(args[3]), Boolean.parseBoolean(args[4])), Double.parseDouble(args[5]),
                    Long.parseLong(args[6]), Long.parseLong(args[7]));
        }

        String[] args() {
            return new String[] {input.toString(), journal.toString(), acks.toString(), chain.sync.name(),
                Boolean.toString(chain.fused), Double.toString(failRate), Long.toString(pace), Long.toString(seed)};
        }

        /** The same, at other instants. */
        Order withSeed(long newSeed) {
            return new Order(input, journal, acks, chain, failRate, pace, newSeed);
        }

        TradingCore core(Accepted dropCopies, Accepted orders, Duration checkpointInterval) {
            EventEngineConfig config = new EventEngineConfig().name("crash-test").fused(chain.fused)
                    .journal(ChronicleJournal.in(journal).sync(chain.sync)).checkpointInterval(checkpointInterval);
            return new TradingCore(config, TopOfBookObserver.NONE, Run.clearing(failRate, dropCopies),
                    Run.exchange(failRate, orders));
        }
    }

    public static void main(String[] args) throws Exception {
        // Nobody would kill it, were the test itself killed.
        ProcessHandle.current().parent().ifPresent(test -> test.onExit().thenRun(() -> Runtime.getRuntime().halt(1)));
        Order order = Order.parse(args);
        Random random = new Random(order.seed);
        // From one message at a time, when something is nearly always under way, to bursts with silence between.
        int largestBurst = 1 + random.nextInt(LARGEST_BURST);
        Duration checkpointInterval = Duration.ofMillis(10 + random.nextInt(500));
        try (PrintStream out = System.out;
                OrderMessageReader reader = OrderSource.file(order.input).open();
                Accepted dropCopies = Run.dropCopies(order.journal);
                Accepted orders = Run.orders(order.journal);
                TradingCore core = order.core(dropCopies, orders, checkpointInterval)) {
            core.engine().subscribe(SubscriptionConfig.to(Object.class, dawdler(order.pace, random.nextLong()))
                    .name("dawdler").priority(BEFORE_THE_BOOK).recovery(RecoveryMode.LIVE));
            RecoveryReport recovery = core.start();
            Run.passOver(reader, core.intake());
            out.println(RECOVERED + recovery.followUps().published());
            while (publishBurst(reader, core, 1 + random.nextInt(largestBurst), order.acks)) {
                LockSupport.parkNanos((long) (random.nextDouble() * largestBurst * order.pace));
            }
            new CountDownLatch(1).await();
        }
    }

    /** Now and then holds up what is journaled, so that kills find messages that nobody has published on yet. */
    private static EventHandler<Object> dawdler(long pace, long seed) {
        Random random = new Random(seed);
        return (event, context) -> {
            if (random.nextInt(EVENTS_PER_REST) == 0) {
                LockSupport.parkNanos((long) (random.nextDouble() * LONGEST_REST * pace));
            }
        };
    }

    private static boolean publishBurst(OrderMessageReader reader, TradingCore core, int messages, Path acks)
            throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        OrderMessage message = null;
        for (int i = 0; i < messages; i++) {
            message = reader.next();
            if (message == null) {
                break;
            }
            long sequence = core.publish(message);
            lines.append(message.line()).append(',').append(sequence).append('\n');
        }
        core.awaitJournaled();
        Files.writeString(acks, lines, StandardCharsets.US_ASCII, StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        return message != null;
    }
}
