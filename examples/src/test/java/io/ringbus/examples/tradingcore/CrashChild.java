package io.ringbus.examples.tradingcore;

import io.ringbus.engine.EventEngineConfig;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The process that the crash test kills: a trading core that publishes in bursts with pauses between, and writes down,
 * in a file of its own, what it was told is in the journal. It does not end by itself, unless the test does.
 */
final class CrashChild {

    static final String RECOVERED = "recovered";

    private static final int LARGEST_BURST = 120;
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(12);

    private CrashChild() {
    }

    /**
     * What a child is told.
     *
     * @param input    the order messages
     * @param journal  the journal's directory
     * @param acks     where it writes {@code line,sequence} of what is in the journal
     * @param sync     the journal's sync mode
     * @param fused    whether the chain runs on one thread
     * @param failRate of the gateway
     * @param seed     of bursts, pauses and the checkpoints' interval
     */
    record Order(Path input, Path journal, Path acks, SyncMode sync, boolean fused, double failRate, long seed) {

        static Order parse(String[] args) {
            return new Order(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), SyncMode.valueOf(args[3]),
                    Boolean.parseBoolean(args[4]), Double.parseDouble(args[5]), Long.parseLong(args[6]));
        }

        String[] args() {
            return new String[] {input.toString(), journal.toString(), acks.toString(), sync.name(),
                Boolean.toString(fused), Double.toString(failRate), Long.toString(seed)};
        }

        Path gatewayFile() {
            return journal.resolve("gateway").resolve("accepted.csv");
        }

        TradingCore core(AcceptedDropCopies accepted, Duration checkpointInterval) {
            EventEngineConfig config = new EventEngineConfig().name("crash-test").fused(fused)
                    .journal(ChronicleJournal.in(journal).sync(sync)).checkpointInterval(checkpointInterval);
            return new TradingCore(config, TopOfBookObserver.NONE, new Gateway(failRate, Run.GATEWAY_SEED, accepted));
        }
    }

    public static void main(String[] args) throws Exception {
        // Nobody would kill it, were the test itself killed.
        ProcessHandle.current().parent().ifPresent(test -> test.onExit().thenRun(() -> Runtime.getRuntime().halt(1)));
        Order order = Order.parse(args);
        Random random = new Random(order.seed);
        Duration checkpointInterval = Duration.ofMillis(10 + random.nextInt(500));
        try (PrintStream out = System.out;
                OrderMessageReader reader = OrderSource.file(order.input).open();
                AcceptedFile accepted = new AcceptedFile(order.gatewayFile());
                TradingCore core = order.core(accepted, checkpointInterval)) {
            core.start();
            Run.passOver(reader, core.intake());
            out.println(RECOVERED);
            while (publishBurst(reader, core, random.nextInt(LARGEST_BURST), order.acks)) {
                LockSupport.parkNanos((long) (random.nextDouble() * LONGEST_PAUSE_NANOS));
            }
            new CountDownLatch(1).await();
        }
    }

    private static boolean publishBurst(OrderMessageReader reader, TradingCore core, int messages, Path acks)
            throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        OrderMessage message = null;
        for (int i = 0; i <= messages; i++) {
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
